#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/layers/pane_canvas.hpp"
#include "app/panels/view_words.hpp"
#include "app/state/commands.hpp"
#include "app/state/ui_state.hpp"
#include "app/tools/brush.hpp"
#include "app/tools/view_map.hpp"

namespace driftglass {

/// Pixels at em = 14 that a pane's caption takes, and as much its numbers.
constexpr float caption_height = 28;
/// A view in a pane between its words; in dimension 1 the names of a profile's curves stand over
/// the numbers.
ViewMap pane_map(const Rect& view, ImVec2 origin, ImVec2 size, int dimension);

/// Draws the picture of a pane and says under which texture it is found; 0: nothing to show.
using Picture = std::function<unsigned(const PaneInput&)>;

/// One pane: the picture, the tool that works on it, the caption at the top and the numbers at the
/// bottom. Fills the current ImGui window.
void draw_canvas(const Snapshot& snapshot, int pane, UiState& ui, Commands& commands,
                 const Picture& picture, StrokeInProgress& stroke, double now);

/// Lines [n, 4] from data to noise, with a dot at the data.
void draw_pairing(ImDrawList* draw, const ViewMap& map, const std::vector<float>& lines,
                  float strength);

/// The canvas' colour over a pane's upper and lower edge, fading inwards: words stay readable there
/// where paths run below them. `more_below`: pixels that words over the numbers take.
void shade_pane_edges(ImDrawList* draw, const ViewMap& map, float more_below = 0);

/// The words of pane `pane` of `all` that fit side by side into `width` pixels, the others empty.
/// What all panes have in common goes first; of the rest the solver, the field, the pairing, the
/// guidance, the method.
ViewWords fitting_words(const std::vector<ViewWords>& all, std::size_t pane, float width);

/// The words at the top of a pane of the `panes` that are shown together, for any picture of it:
/// badge and view_words. What does not fit before `right` is left out, never clipped.
void draw_pane_caption(ImDrawList* draw, const ViewMap& map, const Snapshot& snapshot,
                       std::size_t pane, std::size_t panes, float right);

/// A number under a pane.
struct PaneNumber {
    std::string name;  ///< rich text, dim
    std::string value;
    std::string after;  ///< rich text, dim
};
/// Those that fit side by side into `width` pixels, the most telling first: distance with its
/// floor, straightness, NFE, distance to pane A, path energy, noise.
std::vector<PaneNumber> fitting_numbers(const PaneSnapshot& shown, const ViewSpec& view,
                                        float width);
/// They at the pane's bottom.
void draw_pane_footer(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                      const ViewSpec& view);

}  // namespace driftglass
