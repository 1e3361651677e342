#pragma once

#include <array>
#include <vector>

#include "app/state/commands.hpp"
#include "app/state/theme.hpp"
#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"

namespace driftglass {

/// A stroke under way; also what the eraser uses.
struct StrokeInProgress {
    std::vector<std::array<float, 2>> path;  ///< world units
    int pane = -1;                           ///< where it is painted, -1: none
};

/// Width of the eraser for a brush: what feels the same under the hand.
inline constexpr float eraser_to_brush = 2.0f;
float tool_width(const UiState& ui);

/// The mouse is down in a pane at `pixel`: the stroke grows there, and the whole of it is sent if
/// it did. Positions closer than a pixel or a tenth of the width to the last are left out. In
/// `dimension` 1 the height is what is painted: time runs across.
void paint_to(StrokeInProgress& stroke, int pane, int dimension, const ViewMap& map, ImVec2 pixel,
              const UiState& ui, Commands& commands);

/// The ring of the tool's size at the mouse, and a pale band where a stroke is being painted.
void draw_brush(ImDrawList* draw, const StrokeInProgress& stroke, int pane, const ViewMap& map,
                ImVec2 pixel, bool hovered, const UiState& ui, const Theme& theme);

}  // namespace driftglass
