#pragma once

#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// The mouse over a pane with the probe in hand: where it hovers, and a click that pins a point or
/// lets a pinned one go.
void use_probe(const ViewMap& map, ImVec2 mouse, bool clicked, UiState& ui);

/// Points under the probe: where the field of this pane pushes samples, learned beside exact, with
/// guidance the whole extrapolation; and their numbers in a box at the lower right.
void draw_probes(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                 const ViewSpec& view, const UiState& ui);

}  // namespace driftglass
