// Plots of what a person has measured: solver error, guidance, rounds of reflow, training.

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/messages.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/panels/plots.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

struct Subject {
    StudyKind kind;
    Plot plot;
    const char* invitation;  ///< what the button will show
};

std::string whose(const Study& study) {
    std::string words(1, static_cast<char>('A' + study.pane));
    if (study.label) words += ", label " + std::to_string(*study.label);
    if (study.step > 0) words += ", step " + grouped(study.step);
    return words;
}

/// Title, number and the button that measures or stops. The study to be plotted, or null where
/// there is nothing to plot yet (then it says so).
const Study* study_frame(const Snapshot& snapshot, const UiState& ui, Commands& commands,
                         const Subject& subject) {
    const Study* study = snapshot.studies[static_cast<std::size_t>(subject.kind)].get();
    const bool running = study != nullptr && study->running;
    const bool any = study != nullptr && !study->curves.empty() &&
                     std::any_of(study->curves.begin(), study->curves.end(),
                                 [](const StudyCurve& curve) { return !curve.x.empty(); });
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float side = px(22);
    std::string number;
    if (running)
        number = std::to_string(std::lround(100 * study->done)) + " %";
    else if (any)
        number = whose(*study);
    plot_title(subject.plot, number, any || running ? side : 0);
    const ImVec2 below = ImGui::GetCursorScreenPos();
    const auto begin = [&] { commands.send(command::StartStudy{subject.kind, ui.active_pane}); };
    if (any || running) {
        ImGui::SetCursorScreenPos({start.x + width - side + px(5), start.y - px(2)});
        if (button({.id = "again",
                    .icon = running ? icon::close : icon::restart,
                    .text = "",
                    .tooltip = running ? "Stop; what is measured stays"
                                       : "Measure the active pane as it is now",
                    .framed = false,
                    .height = px(22),
                    .width = side})) {
            if (running)
                commands.send(command::StopStudy{});
            else
                begin();
        }
        ImGui::SetCursorScreenPos(below);
        ImGui::Dummy({0, 0});
    }
    if (any) return study;
    const std::string note = running ? std::string("measuring\xe2\x80\xa6")
                             : study != nullptr && !study->note.empty() ? window_words(study->note)
                                                                        : subject.invitation;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const float wrap = std::min(room.x - px(24), em(24));
    const ImVec2 extent = draw_wrapped(nullptr, {}, wrap, 0, note);
    const float button_height = px(26);
    const float top = below.y + (room.y - extent.y - button_height - px(10)) / 2;
    draw_wrapped(ImGui::GetWindowDrawList(), {below.x + (room.x - extent.x) / 2, top}, wrap,
                 colour(theme().dim_text), note);
    if (!running) {
        const Button measure{.id = "measure",
                             .icon = "",
                             .text = "Measure",
                             .tooltip = "The active pane, beside everything else that runs",
                             .height = button_height};
        ImGui::SetCursorScreenPos(
            {below.x + (room.x - button_width(measure)) / 2, top + extent.y + px(10)});
        if (button(measure)) begin();
    }
    return nullptr;
}

struct Limits {
    double low = 0, high = 1;
};

/// Of all curves' x or y, on a logarithmic axis.
Limits limits_of(const Study& study, std::vector<double> StudyCurve::* numbers) {
    Limits limits;
    bool first = true;
    for (const StudyCurve& curve : study.curves) {
        for (const double value : curve.*numbers) {
            if (!std::isfinite(value) || value <= 0) continue;
            limits.low = first ? value : std::min(limits.low, value);
            limits.high = first ? value : std::max(limits.high, value);
            first = false;
        }
    }
    if (first) return {0.1, 1};
    const double stretch = std::pow(std::max(limits.high / limits.low, 2.0), 0.06);
    return {limits.low / stretch, limits.high * stretch};
}

/// A curve with a mark at each point, and words behind its last one where they find room.
void plot_points(const StudyCurve& curve, Rgb rgb, float width, float alpha = 1) {
    plot_curve(curve.x, curve.y, rgb, width, alpha);
    ImPlot::PushPlotClipRect(px(4));
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
        if (!std::isfinite(curve.y[i])) continue;
        ImPlot::GetPlotDrawList()->AddCircleFilled(ImPlot::PlotToPixels(curve.x[i], curve.y[i]),
                                                   px(width + 0.6f), colour(rgb, alpha));
    }
    ImPlot::PopPlotClipRect();
}

struct EndLabel {
    float y;  ///< screen
    std::string words;
    Rgb ink;
};

/// Words in the margin at the right, each at the height of its curve's end but never one over the
/// other.
void end_labels(std::vector<EndLabel> labels) {
    std::sort(labels.begin(), labels.end(),
              [](const EndLabel& a, const EndLabel& b) { return a.y < b.y; });
    const float pitch = px(14);
    const ImVec2 at = ImPlot::GetPlotPos();
    const ImVec2 size = ImPlot::GetPlotSize();
    float lowest = at.y;
    for (EndLabel& label : labels) {
        label.y = std::max(label.y, lowest);
        lowest = label.y + pitch;
    }
    float highest = at.y + size.y;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        label->y = std::min(label->y, highest);
        highest = label->y - pitch;
    }
    for (const EndLabel& label : labels)
        draw_rich(ImGui::GetWindowDrawList(), at.x + size.x + px(8), label.y, colour(label.ink),
                  colour(label.ink), label.words, 0.86f);
}

EndLabel end_label(const StudyCurve& curve, std::string words, Rgb ink) {
    for (std::size_t i = curve.x.size(); i-- > 0;) {
        if (std::isfinite(curve.y[i]))
            return {ImPlot::PlotToPixels(curve.x[i], curve.y[i]).y, std::move(words), ink};
    }
    return {ImPlot::GetPlotPos().y, std::move(words), ink};
}

/// A plot that leaves `margin` pixels at its right for words.
bool begin_study_plot(const char* id, float margin) {
    return begin_plot(id, ImGui::GetContentRegionAvail().x - margin);
}

/// Curves of W2 over their floor.
void floor_plot(const Study& study, Rgb hue) {
    plot_points(study.curves[0], hue, 2);
    plot_curve(study.curves[1].x, study.curves[1].y, theme().exact, 1.1f);
}

std::vector<PlotCurve> curves_of(const Study& study) {
    std::vector<PlotCurve> curves;
    for (const StudyCurve& curve : study.curves)
        curves.push_back({curve.x, curve.y});
    return curves;
}

}  // namespace

void draw_solvers_plot(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    const Study* study = study_frame(snapshot, ui, commands,
                                     {StudyKind::solvers, Plot::solvers,
                                      "How far endpoints are from a fine solution, by evaluations "
                                      "of the field: Euler, midpoint, Heun and RK4 from the same "
                                      "noise."});
    if (study == nullptr || !begin_study_plot("solvers", em(6))) return;
    const Limits y = limits_of(*study, &StudyCurve::y);
    const Limits x = limits_of(*study, &StudyCurve::x);
    const std::vector<int> powers = logarithmic_axes(x.low, x.high, true, y.low, y.high);
    std::vector<EndLabel> labels;
    for (std::size_t i = 0; i < study->curves.size(); ++i) {
        const StudyCurve& curve = study->curves[i];
        const Rgb ink = mix(theme().ode, theme().exact,
                            static_cast<float>(i) / static_cast<float>(std::max<std::size_t>(
                                                        study->curves.size() - 1, 1)));
        plot_points(curve, ink, 1.5f);
        std::string words = curve.name;
        if (curve.slope) words += " " + fixed(-*curve.slope, 2);
        if (!curve.x.empty()) labels.push_back(end_label(curve, std::move(words), ink));
    }
    logarithmic_labels(powers);
    end_labels(std::move(labels));
    end_plot();
}

void draw_guidance_plot(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    const Study* study =
        study_frame(snapshot, ui, commands,
                    {StudyKind::guidance, Plot::guidance,
                     "How far guided samples are from the density $q(x)\\,q(c|x)^w$ that $w$ "
                     "pretends to sample: the fine print of guidance."});
    if (study == nullptr || !begin_study_plot("guidance", px(8))) return;
    // Far out it grows a hundredfold; at least one power of ten lies within.
    Limits y = limits_of(*study, &StudyCurve::y);
    y.low = std::min(y.low, std::pow(10, std::floor(std::log10(y.high))));
    const std::vector<int> powers = logarithmic_axes(-1.2, 10.2, false, y.low, y.high);
    constexpr double places[] = {-1, 0, 1, 3, 5, 7, 10};
    constexpr const char* words[] = {
        "\xe2\x88\x92"
        "1",
        "0",
        "w = 1",
        "3",
        "5",
        "7",
        "10"};
    set_ticks(ImAxis_X1, places, words);
    const GuidanceSettings shown = active_view(snapshot, ui).guidance;
    if (shown.kind != GuidanceKind::none)
        upright_line(shown.scale, mix(theme().guidance, theme().panel, 0.4f));
    floor_plot(*study, theme().guidance);
    logarithmic_labels(powers);
    const LegendEntry entries[] = {{"samples to tilt", theme().guidance, 2},
                                   {"floor", theme().exact, 1.1f}};
    plot_legend(entries, curves_of(*study));
    end_plot();
}

void draw_rounds_plot(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    const Study* study = study_frame(
        snapshot, ui, commands,
        {StudyKind::rounds, Plot::rounds,
         "Straightness, transport cost and what one Euler step is worth, before reflow and after "
         "each of its rounds."});
    if (study == nullptr || !begin_study_plot("rounds", em(8))) return;
    const Limits y = limits_of(*study, &StudyCurve::y);
    const double last = std::max(1.0, study->curves[0].x.empty() ? 1.0 : study->curves[0].x.back());
    const std::vector<int> powers =
        logarithmic_axes(-0.08 * last, 1.04 * last, false, y.low, y.high);
    std::vector<double> places;
    std::vector<std::string> words;
    for (int round = 0; round <= static_cast<int>(last); ++round) {
        places.push_back(round);
        words.push_back(round == 0 ? "round 0" : std::to_string(round));
    }
    set_ticks(ImAxis_X1, places, words);
    // Distances are of the ODE's samples, those of its one step paler.
    const Rgb inks[] = {theme().reflow, theme().dim_text, mix(theme().ode, theme().text, 0.6f),
                        theme().ode, theme().exact};
    std::vector<EndLabel> labels;
    for (std::size_t i = 0; i < std::min(study->curves.size(), std::size(inks)); ++i) {
        plot_points(study->curves[i], inks[i], i == 0 ? 2.2f : i == 4 ? 1.0f : 1.4f);
        if (!study->curves[i].x.empty())
            labels.push_back(end_label(study->curves[i], study->curves[i].name, inks[i]));
    }
    logarithmic_labels(powers);
    end_labels(std::move(labels));
    end_plot();
}

void draw_training_plot(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    const Study* study =
        study_frame(snapshot, ui, commands,
                    {StudyKind::training, Plot::training,
                     "How far samples were from the data at the steps whose weights are kept."});
    if (study == nullptr || !begin_study_plot("training", px(8))) return;
    const Limits y = limits_of(*study, &StudyCurve::y);
    const Limits x = limits_of(*study, &StudyCurve::x);
    const std::vector<int> powers = logarithmic_axes(x.low, x.high, true, y.low, y.high);
    const std::int64_t shown = active_view(snapshot, ui).weights_step;
    if (shown > 0) upright_line(static_cast<double>(shown), theme().accent);
    floor_plot(*study, theme().ode);
    logarithmic_labels(powers);
    const LegendEntry entries[] = {{"samples", theme().ode, 2}, {"floor", theme().exact, 1.1f}};
    plot_legend(entries, curves_of(*study));
    end_plot();
}

}  // namespace driftglass
