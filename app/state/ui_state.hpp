#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/lab/command.hpp"

namespace driftglass {

enum class Tool { pan, brush, eraser, probe };

/// What a place at the bottom of the window may show.
enum class Plot {
    loss,
    loss_against_time,
    schedule,
    measures,
    solvers,
    guidance,
    rounds,
    training,
    probe
};
using PlotPlaces = std::array<Plot, 4>;

/// A comparison that was chosen, or what a press of Reflow made of the views: undo and redo bring
/// its plot and take it away.
struct Compared {
    std::vector<ViewSpec> before, after;
    PlotPlaces plots_before, plots_after;
    bool by_reflow = false;  ///< Cancel brings the views back
};

/// Strength of each layer, 0 (not drawn) to 1; back to front.
struct LayerStrengths {
    float density_exact = 0.8f;
    float density_samples = 0;
    float data_points = 0.5f;
    float arrows = 0.6f;
    float particles = 0.8f;
    float trajectories = 0.9f;
    float chords = 0;   ///< of the marked trajectories, start to end
    float pairing = 0;  ///< lines of a batch
    bool operator==(const LayerStrengths&) const = default;
};

/// What the person has chosen to look at and how: plain values, known to panels and tools. Nothing
/// here changes what is learnt.
struct UiState {
    bool dark = true;
    int panes = 2;        ///< 1, 2 or 4 visible
    int active_pane = 0;  ///< whose sampler the panel edits
    Tool tool = Tool::brush;
    int label = 0;              ///< of the brush; -1 = none
    float brush_width = 0.12f;  ///< world units
    float brush_softness = 0.5f;
    float brush_density = 420;                  ///< points per unit of length
    std::optional<std::array<float, 2>> probe;  ///< where the probe hovers, world units
    std::vector<std::array<float, 2>> pins;     ///< probed points that stay
    int probed_pane = 0;                        ///< where the probe was last
    LayerStrengths layers;
    int trajectories = 256;
    int marked = 7;            ///< trajectories drawn in full strength with start and end
    Rect view;                 ///< of the plane, seen whole in every pane: they are linked
    bool view_follows = true;  ///< what there is to see, until the person pans or zooms
    double time = 0.16;        ///< the scrubber, 1 noise to 0 data
    bool playing = true;
    float speed = 1;  ///< 1: noise to data in four seconds
    bool loop = true;
    bool reduced_motion = false;
    float font_scale = 1;    ///< on top of what the screen asks for
    int maximised = -1;      ///< the one pane shown alone for a moment, or -1
    bool show_keys = false;  ///< the overlay with all keys
    bool show_plots = true;
    /// From left to right; a narrow window leaves out the last ones.
    PlotPlaces plots = {Plot::loss, Plot::loss_against_time, Plot::schedule, Plot::measures};
    int plot_places = 4;  ///< that there is room for
    std::optional<Compared> compared;
};

/// Puts a plot into place `place`; one that stood elsewhere changes places with it.
inline void put_plot(UiState& ui, std::size_t place, Plot plot) {
    for (Plot& other : ui.plots) {
        if (other == plot) other = ui.plots[place];
    }
    ui.plots[place] = plot;
}
/// Brings a plot to the screen unless it is seen there already: in the last place, rounds of reflow
/// in that of the loss against t, which they have none of.
inline void show_plot(UiState& ui, Plot plot) {
    const auto seen = ui.plots.begin() + ui.plot_places;
    const auto place_of = [&](Plot one) { return std::find(ui.plots.begin(), seen, one); };
    if (place_of(plot) != seen) return;
    const auto idle = place_of(Plot::loss_against_time);
    const bool there = plot == Plot::rounds && idle != seen;
    const auto place = there ? idle - ui.plots.begin() : std::max(ui.plot_places - 1, 0);
    put_plot(ui, static_cast<std::size_t>(place), plot);
}

/// Shows the plot that goes with a change of the views, and remembers both. With the same views
/// there is nothing to remember.
inline void show_comparison(UiState& ui, const std::vector<ViewSpec>& before,
                            const std::vector<ViewSpec>& after, Plot plot, bool by_reflow) {
    Compared compared{before, after, ui.plots, {}, by_reflow};
    show_plot(ui, plot);
    compared.plots_after = ui.plots;
    ui.compared.reset();
    if (after != before) ui.compared = std::move(compared);
}

}  // namespace driftglass
