#pragma once

#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"
#include "core/data/point_set.hpp"

namespace driftglass {

inline constexpr float closest_view = 0.02f;     ///< smallest half_height
inline constexpr float furthest_view = 1000.0f;  ///< largest

/// Moves the linked view so that the plane follows a mouse that moved by `pixels`.
void pan_by(UiState& ui, const ViewMap& map, ImVec2 pixels);
/// Zooms by `factor` (> 1: closer) while what is under `pixel` stays there.
void zoom_at(UiState& ui, const ViewMap& map, ImVec2 pixel, float factor);
/// The view on all of the data and of the unit Gaussian, with a margin. Points that are not finite
/// or further out than the furthest view are left out of account.
void fit_view(UiState& ui, const PointSet* data);
/// The view that the program opens with: [-3, 3].
void reset_view(UiState& ui);

}  // namespace driftglass
