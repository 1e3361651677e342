#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/panels/plots.hpp"

namespace driftglass {

namespace {

using Curve = Snapshot::ScheduleCurve;

/// Linear in t between the curve's rows (t rising).
double at_time(const Curve& curve, const std::vector<double>& values, double t) {
    const auto right = std::upper_bound(curve.t.begin(), curve.t.end(), t);
    const auto i = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
        right - curve.t.begin(), 1, static_cast<std::ptrdiff_t>(curve.t.size()) - 1));
    const double share = std::clamp((t - curve.t[i - 1]) / (curve.t[i] - curve.t[i - 1]), 0.0, 1.0);
    if (!std::isfinite(values[i - 1]) || !std::isfinite(values[i]))
        return share < 0.5 ? values[i - 1] : values[i];
    return values[i - 1] + share * (values[i] - values[i - 1]);
}

void families(double sigma_top) {
    std::array<double, 65> x{};
    std::array<double, 65> y{};
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double angle = static_cast<double>(i) / 64 * 1.5707963267948966;
        x[i] = std::cos(angle);
        y[i] = std::sin(angle);
    }
    plot_curve(x, y, theme().conditional, 1, 0.5f);
    const std::array<double, 2> straight_x{1, 0};
    const std::array<double, 2> straight_y{0, 1};
    plot_curve(straight_x, straight_y, theme().conditional, 1, 0.5f);
    // That of ve has no end: dashed.
    constexpr int dashes = 24;
    for (int i = 0; i < dashes; ++i) {
        const std::array<double, 2> upright_x{1, 1};
        const std::array<double, 2> upright_y{sigma_top * i / dashes,
                                              sigma_top * (i + 0.6) / dashes};
        plot_curve(upright_x, upright_y, theme().conditional, 1, 0.5f);
    }
    if (sigma_top > 2 || ImPlot::GetPlotSize().x < em(7)) return;
    ImDrawList* draw = ImPlot::GetPlotDrawList();
    const ImU32 ink = colour(theme().dim_text);
    ImVec2 at = ImPlot::PlotToPixels(0.74, 0.74);
    draw_text(draw, at.x + px(2), at.y - px(6), ink, "vp", {0.86f});
    at = ImPlot::PlotToPixels(1.0, 0.93);
    draw_text(draw, at.x + px(6), at.y, ink, "ve", {0.86f});
}

void readout(const Curve& curve, double t, float left, float top, float width, float height) {
    const double alpha = at_time(curve, curve.alpha, t);
    const double sigma = at_time(curve, curve.sigma, t);
    const std::pair<const char*, std::string> rows[] = {
        {"t", fixed(t, 3)},
        {"\\alpha", fixed(alpha, 3)},
        {"\\sigma", fixed(sigma, 3)},
        {"\\lambda", fixed(at_time(curve, curve.log_snr, t), 2)},
        {"\\rho", alpha > 0 ? compact(sigma / alpha, 3) : fixed(INFINITY, 0)}};
    const float pitch = std::min(px(25), height / 5.2f);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    float y = top + pitch * 0.6f;
    for (const auto& [symbol, value] : rows) {
        draw_formula(draw, left, y, colour(theme().text), symbol, 1.05f);
        draw_text(draw, left + width, y, colour(theme().text), value, {}, Align::right);
        y += pitch;
    }
}

}  // namespace

void draw_schedule_plot(const Snapshot& snapshot, UiState& ui, Commands&) {
    plot_title(Plot::schedule, name_of(snapshot.scene->path.schedule));
    const Curve* curve = snapshot.schedule.get();
    if (curve == nullptr || curve->t.size() < 2) return;
    const ImVec2 area = ImGui::GetContentRegionAvail();
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float read_width = em(6.2f);
    const float plot_width = std::min(area.x - read_width - px(24), area.y * 1.25f);
    const float beside = std::max(plot_width, 0.0f) + px(28);
    readout(*curve, ui.time, corner.x + beside, corner.y, read_width, area.y);
    if (plot_width < em(6) || !begin_plot("schedule", plot_width)) return;
    const double sigma_top = *std::max_element(curve->sigma.begin(), curve->sigma.end());
    const double high = std::max(1.0, sigma_top) * 1.06;
    ImPlot::SetupAxes(nullptr, nullptr, ImPlotAxisFlags_NoTickMarks, ImPlotAxisFlags_NoTickMarks);
    ImPlot::SetupAxisLimits(ImAxis_X1, 0, 1.18, ImPlotCond_Always);
    ImPlot::SetupAxisLimits(ImAxis_Y1, 0, high, ImPlotCond_Always);
    constexpr double ticks[] = {0, 0.5, 1};
    constexpr const char* words[] = {"0", "0.5", "1"};
    set_ticks(ImAxis_X1, ticks, words);
    if (high < 2)
        set_ticks(ImAxis_Y1, ticks, words);
    else
        number_ticks(ImAxis_Y1, 0, high);
    families(high);

    ImDrawList* draw = ImPlot::GetPlotDrawList();
    ImPlot::PushPlotClipRect(px(8));
    std::vector<ImVec2> line;
    for (std::size_t i = 0; i < curve->t.size(); ++i)
        line.push_back(ImPlot::PlotToPixels(curve->alpha[i], curve->sigma[i]));
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
        draw->AddLine(line[i], line[i + 1], colour(time_colour(theme(), curve->t[i])), px(2.6f));
    for (int tenth = 1; tenth < 10; ++tenth) {
        const double t = tenth / 10.0;
        draw->AddCircleFilled(ImPlot::PlotToPixels(at_time(*curve, curve->alpha, t),
                                                   at_time(*curve, curve->sigma, t)),
                              px(2), colour(theme().text));
    }
    const ImVec2 now = ImPlot::PlotToPixels(at_time(*curve, curve->alpha, ui.time),
                                            at_time(*curve, curve->sigma, ui.time));
    draw->AddLine(ImPlot::PlotToPixels(0, 0), now, colour(theme().dim_text, 0.35f), px(1));
    draw->AddCircleFilled(now, px(5.5f), colour(time_colour(theme(), ui.time)));
    ImPlot::PopPlotClipRect();
    const ImVec2 low = ImPlot::GetPlotPos();
    const ImVec2 size = ImPlot::GetPlotSize();
    // Between the ticks 0.5 and 1 of either axis.
    const float alpha_x = (ImPlot::PlotToPixels(0.5, 0).x + ImPlot::PlotToPixels(1, 0).x) / 2;
    const float sigma_y =
        (ImPlot::PlotToPixels(0, high * 0.5).y + ImPlot::PlotToPixels(0, high).y) / 2;
    ImDrawList* around = ImGui::GetWindowDrawList();
    draw_formula(around, alpha_x - px(4), low.y + size.y + px(11), colour(theme().text), "\\alpha",
                 1.05f);
    draw_formula(around, low.x - px(17), sigma_y, colour(theme().text), "\\sigma", 1.05f);
    end_plot();

    ImGui::SetCursorScreenPos(low);
    ImGui::InvisibleButton("schedule time", size);
    if (ImGui::IsItemActive()) {
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        std::size_t nearest = 0;
        float best = -1;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const float distance = std::hypot(line[i].x - mouse.x, line[i].y - mouse.y);
            if (best < 0 || distance < best) {
                best = distance;
                nearest = i;
            }
        }
        ui.time = curve->t[nearest];
        ui.playing = false;
    }
}

}  // namespace driftglass
