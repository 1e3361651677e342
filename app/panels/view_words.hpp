#pragma once

#include <span>
#include <string>
#include <vector>

#include "app/state/theme.hpp"
#include "core/data/point_set.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

// As people write it.
std::string pretty(GridKind grid);  ///< may carry formulas
std::string pretty(Preset preset);
std::string pretty(GuidanceKind kind);
std::string pretty(CouplingKind kind);  ///< of pairs

/// The labels that points carry, rising; null: none.
std::vector<int> labels_in(const PointSet* points);
/// The same with -1 among them where some points have none: what a label can be told from.
std::vector<int> classes_in(const PointSet* points);

/// The view of a pane with the number of the round that it shows: `latest` is one too, once there
/// is a round of reflow; round 0 is none where no rounds are asked for.
ViewSpec shown_view(const Snapshot& snapshot, std::size_t pane);

/// What a pane shows, in the words of its caption: `learned`, `PF-ODE`, `Heun 32`.
struct ViewWords {
    std::string field;
    std::string pairing;  ///< `OT pairs`; empty unless some other than independent ones play a part
    std::string method;   ///< the one that is coloured
    std::string solver, short_solver;  ///< `Euler–Maruyama 64`, `EM 64`
    /// `$w$ = 3, label 1`, `classifier $w$ = 3, label 1`, its w coloured; empty where nothing is
    /// guided
    std::string guidance;
};
/// Of a view alone, without its pairing.
ViewWords view_words(const ViewSpec& view);
/// Of the first `count` panes.
std::vector<ViewWords> view_words(const Snapshot& snapshot, std::size_t count);
/// All of it as one line, without formulas.
std::string sentence(const ViewWords& words);

/// A sentence where the latest model, by a pane that shows it as it is, is not there yet: its W2 is
/// above 1.5 floors, and a round of reflow would learn its errors too. Else empty.
std::string not_there_yet(const Snapshot& snapshot);

/// The hue of a pane's method, which its badge and the method's word have: PF-ODE, reverse SDE or a
/// round of reflow.
Rgb method_colour(const Theme& theme, const ViewSpec& view);
/// The hue of what flows in it: guidance where that leads the paths, else the method's.
Rgb path_colour(const Theme& theme, const ViewSpec& view);

/// Four views that are worth comparing: for a scene with fewer than the panes that are asked for.
std::vector<ViewSpec> with_more_views(std::vector<ViewSpec> views, std::size_t count);

}  // namespace driftglass
