#pragma once

#include "app/panels/requests.hpp"
#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

/// What the keys pressed in this frame do, unless a text box or a dialog has them.
void press_keys(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests);

/// The overlay that lists all keys, while ui.show_keys.
void draw_keys(UiState& ui);

}  // namespace driftglass
