#pragma once

#include <imgui.h>
#include <implot.h>

#include <optional>
#include <span>
#include <string_view>

#include "app/state/theme.hpp"

namespace driftglass {

/// Title at the left, the one number at the right (both may carry formulas); moves the cursor
/// below.
void plot_title(std::string_view title, std::string_view number);

/// A flat plot without legend, menus or frame, filling what is left of the window. End with
/// end_plot when it returns true.
bool begin_plot(const char* id, float width = 0);
void end_plot();

/// Ticks with grid lines, fainter from the horizontal axis.
void set_ticks(ImAxis axis, std::span<const double> places, std::span<const char* const> words);
/// Ticks that are numbers in the studio's format, `decimals` < 0: as short as they are; one `also`
/// at a place that means something.
void number_ticks(ImAxis axis, double low, double high, int decimals = -1,
                  std::optional<double> also = {});
/// A time axis, 1 noise at the left to 0 data at the right.
void time_axis();

/// A smooth line through finite values; others interrupt it.
void plot_curve(std::span<const double> x, std::span<const double> y, Rgb rgb, float width_at_14,
                float alpha = 1);
/// What was learned, thick and translucent, for the exact thing to be drawn over.
inline constexpr float learned_width = 3.8f, learned_alpha = 0.6f;
/// Where the scrubber is, in its time colour.
void time_line(double t);

struct LegendEntry {
    const char* text;
    Rgb rgb;
    float width_at_14;
    float alpha = 1;
};
/// Small legend inside the plot, its upper right corner at a share of the plot's size.
void plot_legend(std::span<const LegendEntry> entries, float x_share, float y_share);

/// A sentence in the middle of where a plot would be.
void plot_note(const char* text);

}  // namespace driftglass
