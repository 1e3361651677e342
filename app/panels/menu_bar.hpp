#pragma once

#include <string>

#include "app/panels/requests.hpp"
#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

/// The menus, and at the right the scene's name with a dot where it is not saved, device, rate,
/// step and frame rate. `frames_per_second` 0 means that nothing moves, so nothing is drawn.
void draw_menu_bar(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests,
                   double frames_per_second);

}  // namespace driftglass
