#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/state/ui_state.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

/// A comparison in one click: what each pane shows, the rest of it as the first pane has it now.
struct Comparison {
    const char* id;
    std::string name;  ///< may carry formulas
    const char* tooltip;
    std::vector<ViewSpec> views;
    Plot plot;  ///< that goes with it
    /// The pairing that the training goes on with; none: as it is.
    std::optional<CouplingSettings> coupling = {};
    bool possible = true;  ///< else the tooltip says what it waits for
};

/// `classes`: the data's, see classes_in; `steps`: training steps whose weights are kept.
std::vector<Comparison> comparisons(const Scene& scene, const std::vector<int>& classes,
                                    const std::vector<std::int64_t>& steps);

/// The first `panes` views for the next round of reflow after `round`: those of the latest model
/// whose sampler reads a score, which no round has, show the round on the PF-ODE, and the first one
/// beside them the model before it.
std::vector<ViewSpec> beside_next_round(const Scene& scene, int round, int panes);

}  // namespace driftglass
