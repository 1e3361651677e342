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
// Those that a person has measured (study_plots.cpp): a button until then.

/// Endpoint error by NFE of four solvers, with fitted orders.
void draw_solvers_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Distance of guided samples to the tilted density, by w.
void draw_guidance_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// Straightness, cost and distances by round of reflow.
void draw_rounds_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);
/// W2 to the data by training step.
void draw_training_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);

/// All of the point under the probe in the pane that was probed last (probe.cpp).
void draw_probe_plot(const Snapshot& snapshot, UiState& ui, Commands& commands);

/// Distances of each pane, beside their floors.
void draw_measures(const Snapshot& snapshot, UiState& ui, Commands& commands);

}  // namespace driftglass
