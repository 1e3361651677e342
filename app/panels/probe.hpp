#pragma once

#include <imgui.h>

#include <functional>
#include <optional>

#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// How much of a probed point is written beside it.
struct ProbeTable {
    bool all_columns = true;  ///< unconditional, conditional and guided; else the last of them
    bool all_rows = true;     ///< velocity, score and data; else the velocity
    bool operator==(const ProbeTable&) const = default;
};
/// The fullest table whose `extent` lies within `room` and covers at most a third of `area`;
/// nothing where even the smallest does not.
std::optional<ProbeTable> fitting_table(const std::function<ImVec2(ProbeTable)>& extent, float area,
                                        ImVec2 room);

/// The mouse over a pane with the probe in hand: where it hovers, and a click that pins a point or
/// lets a pinned one go.
void use_probe(const ViewMap& map, ImVec2 mouse, bool clicked, UiState& ui);

/// Points under the probe: where the field of this pane pushes samples, learned beside exact, with
/// guidance the whole extrapolation; and their numbers in a box at the bottom.
void draw_probes(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                 const ViewSpec& view, const UiState& ui);

}  // namespace driftglass
