#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/panels/plots.hpp"
#include "app/panels/training_time.hpp"

namespace driftglass {

namespace {

struct Limits {
    double low, high;
};

/// From just under the floor to just over the first of the losses shown, or over all but a
/// hundredth of them where they rose since.
Limits limits_of(const std::vector<double>& shown, std::optional<double> floor) {
    std::vector<double> values;
    for (const double loss : shown) {
        if (std::isfinite(loss)) values.push_back(loss);
    }
    if (values.empty()) return {0, 1};
    const double first = values.front();
    const double least = *std::min_element(values.begin(), values.end());
    const double low = std::min(floor.value_or(least), least);
    const auto rank = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * 99 / 100);
    std::nth_element(values.begin(), rank, values.end());
    const double span = std::max(std::max(first, *rank) - low, std::abs(low) * 1e-2 + 1e-9);
    return {low - span * 0.04, low + span * 1.06};
}

/// A running mean, so that the line shows the course and the thin one behind it the noise.
std::vector<double> smoothed(const std::vector<double>& values) {
    std::vector<double> result(values.size());
    const auto half = static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, values.size() / 60));
    const auto count = static_cast<std::ptrdiff_t>(values.size());
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const std::ptrdiff_t reach = std::min({half, i, count - 1 - i});
        double sum = 0;
        for (std::ptrdiff_t k = i - reach; k <= i + reach; ++k)
            sum += values[static_cast<std::size_t>(k)];
        result[static_cast<std::size_t>(i)] = sum / static_cast<double>(2 * reach + 1);
    }
    return result;
}

}  // namespace

void draw_loss_plot(const Snapshot& snapshot, UiState&, Commands& commands) {
    const LossCurve* curve = snapshot.loss.get();
    const bool any = curve != nullptr && curve->loss.size() > 1;
    std::string number;
    if (snapshot.status.loss != 0) {
        number = loss_number(snapshot.status.loss);
        if (any && curve->floor) number += " \xc2\xb7 floor " + loss_number(*curve->floor);
    }
    plot_title(Plot::loss, number);
    if (!any) {
        plot_note(snapshot.status.running ? "waiting for the first steps"
                  : snapshot.status.step > 0
                      ? "Weights keep no losses: the curve starts with Train."
                      : "Nothing is learnt yet: Train begins.");
        return;
    }
    if (!begin_plot("loss")) return;
    const std::vector<double> course = smoothed(curve->loss);
    const Limits limits = limits_of(course, curve->floor);
    // No fewer steps than the axis has numbers, so that these are whole.
    const double last = std::max(curve->step.back(), 6.0);
    // A curve that begins late, as after a change of pairing, is not squeezed to the right.
    const double first = curve->step.front() > 0.1 * last ? curve->step.front() : 0;
    // What falls by powers of ten, as the loss of pairs does, is a corner on an even axis.
    const double least = *std::min_element(course.begin(), course.end());
    const bool by_powers = !curve->floor && least > 0 && limits.high > 30 * least;
    std::vector<int> powers;
    if (by_powers) {
        powers = logarithmic_axes(first, last, false, least / 1.3, limits.high);
    } else {
        ImPlot::SetupAxes(nullptr, nullptr, ImPlotAxisFlags_NoTickMarks,
                          ImPlotAxisFlags_NoTickMarks);
        ImPlot::SetupAxisLimits(ImAxis_X1, first, last, ImPlotCond_Always);
        ImPlot::SetupAxisLimits(ImAxis_Y1, limits.low, limits.high, ImPlotCond_Always);
        number_ticks(ImAxis_Y1, limits.low, limits.high, -1, curve->floor);
    }
    number_ticks(ImAxis_X1, first, last);
    const Rgb ink = theme().ode;
    plot_curve(curve->step, curve->loss, ink, 1, 0.35f);
    plot_curve(curve->step, course, ink, 2);
    if (curve->floor) {
        const double xs[] = {0, last};
        const double ys[] = {*curve->floor, *curve->floor};
        plot_curve(xs, ys, theme().exact, 1.1f);
    }
    const LegendEntry entries[] = {{"learned", ink, 2}, {"floor, exact", theme().exact, 1.1f}};
    const PlotCurve curves[] = {{curve->step, course}};
    plot_legend({entries, curve->floor ? 2u : 1u}, curves);
    training_time_handle(snapshot, commands, last);
    logarithmic_labels(powers);
    end_plot();
}

}  // namespace driftglass
