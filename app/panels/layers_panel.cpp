#include <imgui.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

/// Wider than the other groups': the longest name has an eye before it.
constexpr float layer_column = 10.4f;

/// "6 of 8 shown"
std::string shown_of(const LayerStrengths& layers) {
    const float strengths[] = {layers.data_points, layers.density_exact, layers.density_samples,
                               layers.arrows,      layers.particles,     layers.trajectories,
                               layers.chords,      layers.pairing};
    const auto shown = std::count_if(std::begin(strengths), std::end(strengths),
                                     [](float strength) { return strength > 0; });
    return std::to_string(shown) + " of " + std::to_string(std::size(strengths)) + " shown";
}

bool any_guided(const Snapshot& snapshot, int panes) {
    for (std::size_t pane = 0; pane < static_cast<std::size_t>(panes); ++pane)
        if (shown_view(snapshot, pane).guidance.kind != GuidanceKind::none) return true;
    return false;
}

}  // namespace

void draw_layers_panel(const Snapshot& snapshot, UiState& ui, Commands&) {
    const LayerStrengths usual;
    LayerStrengths& layers = ui.layers;
    const bool at_first = opens(Group::layers);
    const std::string summary = !group_is_open("Layers", at_first) ? shown_of(layers)
                                : ui.panes == 1                    ? ""
                                : ui.panes == 2                    ? "both panes"
                                                                   : "all panes";
    if (group("Layers", "Layers", summary, at_first)) {
        const float column = label_column();
        set_label_column(layer_column);
        layer_row("data points", "data points", "", "The points that are learnt",
                  &layers.data_points, usual.data_points);
        const bool guided = any_guided(snapshot, ui.panes);
        layer_row("density exact", guided ? "density" : "density $q_t$",
                  guided ? " samples, tilt" : " exact",
                  guided ? "Density of what a guided pane samples; contours round 35, 68 and 95 % "
                           "of the tilted density that w names"
                         : "Density of the true marginal at t, with contours round 35, 68 and 95 % "
                           "of the mass",
                  &layers.density_exact, usual.density_exact);
        layer_row("density samples", "density of samples", "",
                  "Density of what this pane samples, at t", &layers.density_samples, 0.8f);
        layer_row("arrows", "arrows", "", "Velocity in the direction of sampling, at t",
                  &layers.arrows, usual.arrows);
        layer_row("particles", "particles, trails", "",
                  "Samples on their way at t, with fading trails", &layers.particles,
                  usual.particles);
        layer_row("trajectories", "trajectories", "",
                  "Whole paths from noise to data; a few are marked", &layers.trajectories,
                  usual.trajectories);
        // A part of the row above: under its name, in its column.
        ImGui::Indent(px(layer_indent));
        set_label_column(layer_column - layer_indent / 14);
        slider({"paths", "paths", "How many trajectories are drawn"}, &ui.trajectories,
               {.low = 0,
                .high = 512,
                .step = 1,
                .show = [](double v) { return grouped(static_cast<std::int64_t>(v)); },
                .type_format = "%.0f"});
        ImGui::Unindent(px(layer_indent));
        set_label_column(layer_column);
        layer_row("chords", "chords", "", "Straight lines from start to end of the marked paths",
                  &layers.chords, 0.6f);
        layer_row("pairing", "pairing", "",
                  "Lines of a batch from data to noise, as the training pairs them",
                  &layers.pairing, 0.5f);
        set_label_column(column / em());
    }
    end_group();
}

}  // namespace driftglass
