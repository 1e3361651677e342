#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/state/theme.hpp"
#include "core/data/point_set.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

/// "Heun", "Euler-Maruyama" with its dash, …: as people write it.
std::string pretty(Method method);
std::string pretty(GridKind grid);  ///< may carry formulas
std::string pretty(Preset preset);
std::string pretty(GuidanceKind kind);

/// The labels that points carry, rising; null: none.
std::vector<int> labels_in(const PointSet* points);

/// What a pane shows, in the words of its caption: `learned`, `PF-ODE`, `Heun 32`.
struct ViewWords {
    std::string field;
    std::string method;  ///< the one that is coloured
    std::string solver;
    std::string guidance;  ///< `$w$ = 3, label 1`; empty where nothing is guided
};
ViewWords view_words(const ViewSpec& view);

/// The hue of what a pane shows: PF-ODE, reverse SDE, reflow or guidance.
Rgb method_colour(const Theme& theme, const ViewSpec& view);

/// Four views that are worth comparing: for a scene with fewer than the panes that are asked for.
std::vector<ViewSpec> with_more_views(std::vector<ViewSpec> views, std::size_t count);

}  // namespace driftglass
