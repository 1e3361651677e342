#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "app/export/off_screen.hpp"
#include "app/layers/pane_canvas.hpp"
#include "app/state/ui_state.hpp"
#include "core/lab/command.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// A snapshot and the time it is to be shown at.
struct Moment {
    std::shared_ptr<const Snapshot> snapshot;
    double time = 0;
};

/// Sheets with the panes as the window draws them, in larger type. Needs a current OpenGL and ImGui
/// context, whose Design it sets, for its whole life.
class Pictures {
public:
    Pictures(int width, int height, UiState ui);

    /// What each pane of the sheet shows of the plane when `world` is to be seen whole: for Look,
    /// so that the grids of the snapshot cover the pane.
    std::vector<Rect> pane_worlds(const Scene& scene, const Rect& world) const;

    /// All panes beside each other over the track of time.
    Image panes(const Moment& moment, const Rect& world);
    /// One row a pane, one column a moment; as wide as the sheet, as high as it needs.
    Image strip(std::span<const Moment> moments, const Rect& world);

private:
    struct Tile;
    unsigned render_tile(PaneCanvas& canvas, const Moment& moment, const Tile& tile) const;
    void set_design() const;

    int width_, height_;
    UiState ui_;
    std::vector<PaneCanvas> sheet_canvases_;
    std::vector<PaneCanvas> strip_canvases_;
};

}  // namespace driftglass
