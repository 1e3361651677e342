#pragma once

#include <imgui.h>
#include <implot.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/state/theme.hpp"
#include "app/state/ui_state.hpp"

namespace driftglass {

/// The plot's name at the left, the one number at the right (it may carry formulas),
/// `reserve_right` pixels from the edge; moves the cursor below. The name is a button that opens
/// the list of plots: choose_plot. `instead`: a title that says more of what is shown now.
void plot_title(Plot plot, std::string_view number, float reserve_right = 0,
                std::string_view instead = {});
/// The list that the title opened, in the same window; true when another plot is chosen.
bool choose_plot(Plot* shown);

/// A flat plot without legend, menus or frame, filling what is left of the window. End with
/// end_plot when it returns true.
bool begin_plot(const char* id, float width = 0);
void end_plot();

/// Ticks with grid lines, fainter from the horizontal axis.
void set_ticks(ImAxis axis, std::span<const double> places, std::span<const char* const> words);
void set_ticks(ImAxis axis, std::span<const double> places, const std::vector<std::string>& words);
/// Ticks that are numbers in the studio's format, `decimals` < 0: as short as they are; one `also`
/// at a place that means something.
void number_ticks(ImAxis axis, double low, double high, int decimals = -1,
                  std::optional<double> also = {});
/// A time axis, 1 noise at the left to 0 data at the right.
void setup_time_axis();

/// Both axes from `low` to `high`, y by its logarithm and x too if asked for; their decades are
/// written by logarithmic_labels, once curves are drawn. Returns y's powers of ten for it.
std::vector<int> logarithmic_axes(double x_low, double x_high, bool log_x, double y_low,
                                  double y_high);
void logarithmic_labels(const std::vector<int>& powers);

/// A smooth line through finite values; others interrupt it.
void plot_curve(std::span<const double> x, std::span<const double> y, Rgb rgb, float width_at_14,
                float alpha = 1);
/// What was learned, thick and translucent, for the exact thing to be drawn over.
inline constexpr float learned_width = 3.8f, learned_alpha = 0.85f;
/// Where the scrubber is, in its time colour.
void time_line(double t);
/// Across the whole plot at x.
void upright_line(double x, Rgb rgb);

struct LegendEntry {
    const char* text;
    Rgb rgb;
    float width_at_14;
    float alpha = 1;
};
struct PlotCurve {
    std::span<const double> x, y;
};
/// Small legend inside the plot: of its corners and the middles of its edges where least of the
/// curves runs.
void plot_legend(std::span<const LegendEntry> entries, std::span<const PlotCurve> curves);

/// A sentence over the bare grid of a plot that has nothing to show yet.
void plot_note(const char* text);

}  // namespace driftglass
