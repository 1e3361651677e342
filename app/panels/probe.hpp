#pragma once

#include <imgui.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/state/theme.hpp"
#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// How much of a probed point is written beside it.
struct ProbeTable {
    bool all_columns = true;  ///< probe_rows' four where guided; else the last of them
    bool all_rows = true;     ///< velocity, score and data; else the velocity
    bool operator==(const ProbeTable&) const = default;
};
/// The fullest table whose `extent` lies within `room` and covers at most a fifth of `area`;
/// nothing where even the smallest does not.
std::optional<ProbeTable> fitting_table(const std::function<ImVec2(ProbeTable)>& extent, float area,
                                        ImVec2 room);

/// A row of the read-out.
struct ProbeRow {
    std::string name;                ///< rich
    std::vector<std::string> cells;  ///< rich; one a column
    Rgb ink;
};
/// Velocity, score and x0hat of the learned field, in `hue`, and of the exact one. Where it is
/// guided the columns are unconditional, conditional, their difference, which w multiplies, and
/// guided, under a row with their names.
std::vector<ProbeRow> probe_rows(const Probe& probe, int dimension, Rgb hue, ProbeTable table);

/// The mouse over a pane with the probe in hand: where it hovers, and a click that pins a point or
/// lets a pinned one go.
void use_probe(const ViewMap& map, ImVec2 mouse, bool clicked, UiState& ui);

/// Points under the probe: where the field of this pane pushes samples, learned beside exact, with
/// guidance the whole extrapolation; and their numbers in a box at the bottom.
void draw_probes(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                 const ViewSpec& view, int dimension, const UiState& ui);

}  // namespace driftglass
