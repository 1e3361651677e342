#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/panels/plots.hpp"

namespace driftglass {

namespace {

/// Mean over t of what the loss has above its floor.
double gap_of(const LossAgainstTime& curve) {
    double sum = 0;
    int count = 0;
    for (std::size_t i = 0; i < std::min(curve.learned.size(), curve.floor.size()); ++i) {
        if (!std::isfinite(curve.learned[i]) || !std::isfinite(curve.floor[i])) continue;
        sum += curve.learned[i] - curve.floor[i];
        ++count;
    }
    return count > 0 ? sum / count : std::nan("");
}

}  // namespace

void draw_loss_time_plot(const Snapshot& snapshot, UiState& ui, Commands&) {
    const LossAgainstTime* curve = snapshot.loss_against_time.get();
    const bool any = curve != nullptr && curve->time.size() > 1;
    const double gap = any ? gap_of(*curve) : std::nan("");
    plot_title(Plot::loss_against_time,
               std::isfinite(gap) ? "gap " + fixed(gap, 3) : std::string());
    if (!any) {
        plot_note(snapshot.status.reflow.round > 0
                      ? "A round of reflow learns pairs, and pairs have no floor."
                  : snapshot.status.step > 0 ? "being measured"
                                             : "waiting for the first steps");
        return;
    }
    if (!begin_plot("loss against t")) return;
    double low = 0;
    double high = 0;
    bool first = true;
    for (const std::vector<double>* values : {&curve->learned, &curve->floor}) {
        for (const double value : *values) {
            if (!std::isfinite(value)) continue;
            low = first ? value : std::min(low, value);
            high = first ? value : std::max(high, value);
            first = false;
        }
    }
    const double span = std::max(high - low, 1e-9);
    low -= span * 0.06;
    high += span * 0.1;
    setup_time_axis();
    ImPlot::SetupAxis(ImAxis_Y1, nullptr, ImPlotAxisFlags_NoTickMarks);
    ImPlot::SetupAxisLimits(ImAxis_Y1, low, high, ImPlotCond_Always);
    number_ticks(ImAxis_Y1, low, high);
    plot_curve(curve->time, curve->learned, theme().ode, learned_width, learned_alpha);
    plot_curve(curve->time, curve->floor, theme().exact, 1.1f);
    time_line(ui.time);
    const LegendEntry entries[] = {{"learned", theme().ode, learned_width, learned_alpha},
                                   {"floor, exact", theme().exact, 1.1f}};
    const double now[] = {ui.time, ui.time}, whole[] = {low, high};
    const PlotCurve curves[] = {
        {curve->time, curve->learned}, {curve->time, curve->floor}, {now, whole}};
    plot_legend(entries, curves);
    end_plot();
}

}  // namespace driftglass
