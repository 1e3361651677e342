#pragma once

#include <memory>

#include "app/state/theme.hpp"
#include "app/state/ui_state.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// Everything that the picture of one pane depends on.
struct PaneInput {
    const Snapshot* snapshot = nullptr;
    int pane = 0;               ///< index into snapshot->panes
    Rect world;                 ///< what the whole picture shows
    int width = 0, height = 0;  ///< framebuffer pixels
    float em = 14;    ///< the base font's size in framebuffer pixels: all widths scale with it
    double time = 0;  ///< the scrubber
    LayerStrengths layers;
    int trajectories = 256;  ///< at most; of those the snapshot has
    int marked = 7;
    const Theme* theme = nullptr;
    Rgb path_colour = 0;  ///< of what flows here
    double now = 0;       ///< seconds, monotonic: for blending a changed picture in over 150 ms
    bool blend = true;    ///< false: no blending (figures, reduced motion)
};

/// Draws one pane's layers into a framebuffer of its own and only when something changed.
/// Needs a current OpenGL 3.3 core context for its whole life.
class PaneCanvas {
public:
    PaneCanvas();
    ~PaneCanvas();
    PaneCanvas(PaneCanvas&&) noexcept;
    PaneCanvas& operator=(PaneCanvas&&) noexcept;

    /// The texture (RGBA8, width x height, row 0 at the bottom) with the picture; another name than
    /// the last where the picture is another.
    unsigned render(const PaneInput& input);
    /// True while a blend is under way, so the next frame must come even if nothing else moves.
    bool animating() const;
    /// How often the picture was really drawn: for tests and benchmarks.
    long long redraws() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace driftglass
