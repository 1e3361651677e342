#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "app/state/theme.hpp"
#include "app/state/ui_state.hpp"
#include "app/tools/view_map.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// A row of the read-out.
struct ProbeRow {
    std::string name;                ///< rich
    std::vector<std::string> cells;  ///< one a column
    Rgb ink;
};
/// What a pane says of a point, a number a row: velocity, score and x0hat of the learned field, in
/// `hue`, and of the exact one, guided where the pane is; not `all`: the velocities alone.
std::vector<ProbeRow> probe_rows(const Probe& probe, int dimension, Rgb hue, bool all);
/// All of it in columns velocity, score, x0hat: the learned field and the exact one, where guided
/// each in four rows, unconditional, conditional, their difference, which w multiplies, and guided.
std::vector<ProbeRow> probe_table(const Probe& probe, int dimension, Rgb hue);

/// The mouse over a pane with the probe in hand: where it hovers, and a click that pins a point or
/// lets a pinned one go.
void use_probe(const ViewMap& map, ImVec2 mouse, bool clicked, UiState& ui);

/// Points under the probe: where the field of this pane pushes samples, learned beside exact, with
/// guidance the whole extrapolation; and the numbers of the last in the emptiest corner.
void draw_probes(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                 const ViewSpec& view, const PointSet* data, int dimension, const UiState& ui);

}  // namespace driftglass
