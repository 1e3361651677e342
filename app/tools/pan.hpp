#pragma once

#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"

namespace driftglass {

inline constexpr float closest_view = 0.02f;     ///< half of the view's longer side, smallest
inline constexpr float furthest_view = 1000.0f;  ///< largest

/// Moves the linked view so that the plane follows a mouse that moved by `pixels`. From then on it
/// is the person's: it follows nothing by itself.
void pan_by(UiState& ui, const ViewMap& map, ImVec2 pixels);
/// The same for zooming by `factor` (> 1: closer) while what is under `pixel` stays there.
void zoom_at(UiState& ui, const ViewMap& map, ImVec2 pixel, float factor);
/// [-3, 3], and it stays.
void reset_view(UiState& ui);

}  // namespace driftglass
