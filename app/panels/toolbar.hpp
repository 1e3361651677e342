#pragma once

#include "app/panels/requests.hpp"
#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

/// Pause or train, restart, the tools, the brush's label, panes, theme and export.
void draw_toolbar(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests);

}  // namespace driftglass
