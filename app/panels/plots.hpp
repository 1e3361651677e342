#pragma once

#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

// The plots at the bottom; each fills the current ImGui window.

/// Training loss by step over the floor that no model can pass.
void draw_loss_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Loss by t, learned over the exact floor.
void draw_loss_time_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// The schedule in the (alpha, sigma) plane, where a click sets t, and its numbers at t.
void draw_schedule_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Distances of each pane, beside their floors.
void draw_measures(const Snapshot& snapshot, UiState& ui, Commands& commands);

}  // namespace driftglass
