#pragma once

#include <map>
#include <memory>
#include <utility>

#include "app/panels/requests.hpp"
#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

/// Points of every preset for its thumbnail, drawn once with a fixed seed.
class Thumbnails {
public:
    /// 220 points with labels.
    const PointSet& of(Preset preset, int dimension);
    /// The default scene's drawing, and its points.
    const DataSettings& drawing();

private:
    std::map<std::pair<Preset, int>, PointSet> presets_;  ///< and dimension
    std::unique_ptr<DataSettings> drawing_;
};

/// Presets, strokes with their counts, undo and redo, the brush, import.
void draw_data_panel(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests,
                     Thumbnails& thumbnails);

}  // namespace driftglass
