#pragma once

#include <vector>

#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

// The groups of the right-hand panel; one file each.

enum class Group { sampler, guidance, reflow, layers, training, path, network };
/// Whether a group starts open in the current window, until a person opens or closes it: one after
/// the other in the order above, as long as the heads of all of them stay in sight. The network is
/// seldom changed, and stays closed.
bool opens(Group group);

/// The view that they edit: the active pane's, which is made one that is shown.
ViewSpec active_view(const Snapshot& snapshot, UiState& ui);

/// The path x_t = alpha_t x0 + sigma_t x1: schedule and its parameters.
void draw_path_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// The schedules whose settings all have a slider there.
std::vector<ScheduleKind> offered_schedules();
/// Width, depth and what the network predicts.
void draw_network_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);
void draw_training_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// The field and the sampler of the active pane.
void draw_sampler_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Guidance of the active pane.
void draw_guidance_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Pairs and rounds of reflow, and how far the present one is.
void draw_reflow_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Strength of each layer, in all panes.
void draw_layers_panel(const Snapshot& snapshot, UiState& ui, Commands& commands);

}  // namespace driftglass
