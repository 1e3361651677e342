#include "app/panels/plot_frame.hpp"

#include <implot_internal.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

struct PlotName {
    Plot plot;
    const char* id;
    const char* name;
};
constexpr PlotName plot_names[] = {
    {Plot::loss, "plot loss", "Loss"},
    {Plot::loss_against_time, "plot loss against t", "Loss against $t$"},
    {Plot::schedule, "plot schedule", "Schedule"},
    {Plot::measures, "plot distances", "Distance to the data"},
    {Plot::solvers, "plot solvers", "Error against NFE"},
    {Plot::training, "plot training", "$W_2$ by training step"},
    {Plot::guidance, "plot guidance", "Tilt by scale"},
    {Plot::rounds, "plot rounds", "Reflow by round"},
    {Plot::probe, "plot probe", "Probe"}};

/// How much of a curve runs through a box, in steps of a few pixels.
int pixels_within(const PlotCurve& curve, const ImRect& box) {
    int hits = 0;
    for (std::size_t i = 1; i < std::min(curve.x.size(), curve.y.size()); ++i) {
        const ImVec2 from = ImPlot::PlotToPixels(curve.x[i - 1], curve.y[i - 1]);
        const ImVec2 to = ImPlot::PlotToPixels(curve.x[i], curve.y[i]);
        const float length = std::abs(to.x - from.x) + std::abs(to.y - from.y);
        if (!std::isfinite(length)) continue;
        const int parts = std::clamp(static_cast<int>(length / px(4)), 1, 1000);
        for (int k = 0; k < parts; ++k) {
            const float s = static_cast<float>(k) / static_cast<float>(parts);
            hits += box.Contains({std::lerp(from.x, to.x, s), std::lerp(from.y, to.y, s)}) ? 1 : 0;
        }
    }
    return hits;
}

/// Powers of ten within the limits, thinned to about one each 2.2 em over `length` pixels.
std::vector<int> decades(double low, double high, float length) {
    std::vector<int> found;
    const int first = static_cast<int>(std::ceil(std::log10(low) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(high) + 1e-9));
    const int most = std::max(1, static_cast<int>(length / em(2.2f)));
    const int stride = std::max(1, (last - first + most) / most);
    for (int power = first; power <= last; power += stride)
        found.push_back(power);
    return found;
}

}  // namespace

void plot_title(Plot plot, std::string_view number, float reserve_right, std::string_view instead) {
    const std::string_view own =
        std::find_if(std::begin(plot_names), std::end(plot_names), [plot](const PlotName& entry) {
            return entry.plot == plot;
        })->name;
    const std::string_view title = instead.empty() ? own : instead;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float y = at.y + px(9);
    float x = at.x;
    const std::size_t dollar = title.find('$');
    const std::string_view words = title.substr(0, dollar);
    draw_text(draw, x, y, colour(theme().text), words, {1, Weight::medium});
    x += text_width(words, {1, Weight::medium});
    if (dollar != std::string_view::npos)
        x += draw_rich(draw, x, y, colour(theme().text), colour(theme().text), title.substr(dollar),
                       1);
    if (ImGui::InvisibleButton("plots", {x - at.x + px(20), px(20)})) ImGui::OpenPopup("plots");
    const bool hovered = ImGui::IsItemHovered();
    tooltip("Another plot in this place");
    draw_icon(draw, x + px(12), y, colour(hovered ? theme().text : theme().faint), icon::down,
              0.55f);
    x += px(20);
    const float number_width = rich_width(number, 0.93f);
    const float right = at.x + width - reserve_right;
    if (x + px(12) + number_width <= right)
        draw_rich(draw, right - number_width, y, colour(theme().dim_text),
                  colour(mix(theme().dim_text, theme().text, 0.6f)), number, 0.93f);
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({width, px(24)});
}

bool choose_plot(Plot* shown) {
    if (!ImGui::BeginPopup("plots", ImGuiWindowFlags_NoMove)) return false;
    bool changed = false;
    for (const PlotName& entry : plot_names) {
        if (!button({.id = entry.id,
                     .icon = "",
                     .text = entry.name,
                     .tooltip = "",
                     .active = entry.plot == *shown,
                     .framed = false,
                     .height = px(26),
                     .width = px(190),
                     .left = true}))
            continue;
        changed = entry.plot != *shown;
        *shown = entry.plot;
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
    return changed;
}

std::vector<int> logarithmic_axes(double x_low, double x_high, bool log_x, double y_low,
                                  double y_high) {
    ImPlot::SetupAxes(nullptr, nullptr, ImPlotAxisFlags_NoTickMarks, ImPlotAxisFlags_NoTickMarks);
    ImPlot::SetupAxisLimits(ImAxis_X1, x_low, x_high, ImPlotCond_Always);
    ImPlot::SetupAxisLimits(ImAxis_Y1, y_low, y_high, ImPlotCond_Always);
    ImPlot::SetupAxisScale(ImAxis_Y1, ImPlotScale_Log10);
    std::vector<int> powers =
        decades(y_low, y_high, ImPlot::GetCurrentPlot()->FrameRect.GetHeight());
    std::vector<double> places;
    for (const int power : powers)
        places.push_back(std::pow(10, power));
    // As wide as the formulas that logarithmic_labels puts there, and nothing to be seen.
    set_ticks(ImAxis_Y1, places, std::vector<std::string>(places.size(), "          "));
    if (!log_x) return powers;
    ImPlot::SetupAxisScale(ImAxis_X1, ImPlotScale_Log10);
    // 1, 2 and 5 of each decade where there is room, else the decades.
    const double span = std::log10(x_high / x_low);
    std::vector<std::string> words;
    places.clear();
    for (int power = static_cast<int>(std::floor(std::log10(x_low))); std::pow(10, power) <= x_high;
         ++power) {
        for (const double digit : {1.0, 2.0, 5.0}) {
            const double at = digit * std::pow(10, power);
            if (at < x_low || at > x_high || (span > 2.2 && digit != 1)) continue;
            places.push_back(at);
            words.push_back(grouped(std::llround(at)));
        }
    }
    set_ticks(ImAxis_X1, places, words);
    return powers;
}

void logarithmic_labels(const std::vector<int>& powers) {
    const ImVec2 at = ImPlot::GetPlotPos();
    for (const int power : powers) {
        const std::string words = "$10^{" + std::to_string(power) + "}$";
        const float y = ImPlot::PlotToPixels(0, std::pow(10, power)).y;
        draw_rich(ImGui::GetWindowDrawList(), at.x - px(5) - rich_width(words, 0.8f), y,
                  colour(theme().dim_text), colour(theme().dim_text), words, 0.8f);
    }
}

bool begin_plot(const char* id, float width) {
    const ImVec2 size{width > 0 ? width : ImGui::GetContentRegionAvail().x,
                      ImGui::GetContentRegionAvail().y};
    if (size.y < em(5) || size.x < em(8)) return false;
    ImGui::PushFont(design().fonts.regular, font_size(0.86f));
    const bool open = ImPlot::BeginPlot(id, size, ImPlotFlags_CanvasOnly | ImPlotFlags_NoInputs);
    if (!open) ImGui::PopFont();
    return open;
}

void end_plot() {
    ImPlot::EndPlot();
    ImGui::PopFont();
}

void set_ticks(ImAxis axis, std::span<const double> places, std::span<const char* const> words) {
    if (places.empty()) return;
    ImPlot::SetupAxisTicks(axis, places.data(), static_cast<int>(places.size()), words.data());
    // ImPlot holds ticks of one's own for minor ones.
    const bool horizontal = axis == ImAxis_X1;
    ImPlot::GetCurrentPlot()->Axes[axis].ColorMin =
        theme().dark ? colour(0xFFFFFF, horizontal ? 0.035f : 0.055f)
                     : colour(theme().text, horizontal ? 0.05f : 0.08f);
}

void set_ticks(ImAxis axis, std::span<const double> places, const std::vector<std::string>& words) {
    std::vector<const char*> labels;
    for (const std::string& word : words)
        labels.push_back(word.c_str());
    set_ticks(axis, places, std::span<const char* const>(labels));
}

void number_ticks(ImAxis axis, double low, double high, int decimals, std::optional<double> also) {
    const bool vertical = axis == ImAxis_Y1;
    const ImVec2 size = ImGui::GetWindowSize();
    const double wanted =
        std::clamp(vertical ? (size.y - em(4)) / em(2.2f) : size.x / em(5.5f), 2.0f, 6.0f);
    const double rough = (high - low) / wanted;
    if (!(rough > 0) || !std::isfinite(rough)) return;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    double step = 10 * power;
    for (const double nice : {1.0, 2.0, 5.0}) {
        if (nice * power >= rough) {
            step = nice * power;
            break;
        }
    }
    std::vector<double> places;
    std::vector<std::string> words;
    const int needed = decimals >= 0
                           ? decimals
                           : std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    for (double at = std::ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) {
        if (also && std::abs(at - *also) < 0.4 * step) continue;
        places.push_back(at);
        words.push_back(needed == 0 ? grouped(std::llround(at)) : fixed(at, needed));
    }
    if (also) {
        places.push_back(*also);
        words.push_back(fixed(*also, std::max(needed, 2)));
    }
    set_ticks(axis, places, words);
}

void setup_time_axis() {
    ImPlot::SetupAxis(
        ImAxis_X1, nullptr,
        ImPlotAxisFlags_Invert | ImPlotAxisFlags_NoTickMarks | ImPlotAxisFlags_NoHighlight);
    // Room for the words at the right end; at the left they stand under the other axis' numbers.
    ImPlot::SetupAxisLimits(ImAxis_X1, -0.05, 1, ImPlotCond_Always);
    constexpr double places[] = {0, 0.2, 0.4, 0.6, 0.8, 1};
    constexpr const char* labels[] = {"0 data", "0.2", "0.4", "0.6", "0.8", "1 noise"};
    set_ticks(ImAxis_X1, places, labels);
}

void plot_curve(std::span<const double> x, std::span<const double> y, Rgb rgb, float width_at_14,
                float alpha) {
    std::vector<ImVec2> piece;
    ImDrawList* draw = ImPlot::GetPlotDrawList();
    ImPlot::PushPlotClipRect();
    const auto finish = [&] {
        if (piece.size() > 1)
            draw->AddPolyline(piece.data(), static_cast<int>(piece.size()), colour(rgb, alpha),
                              px(width_at_14));
        piece.clear();
    };
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (std::isfinite(x[i]) && std::isfinite(y[i])) {
            const ImVec2 at = ImPlot::PlotToPixels(x[i], y[i]);
            // Several points on one pixel only roughen the line.
            if (piece.empty() ||
                std::abs(at.x - piece.back().x) + std::abs(at.y - piece.back().y) > 0.75f)
                piece.push_back(at);
        } else {
            finish();
        }
    }
    finish();
    ImPlot::PopPlotClipRect();
}

void upright_line(double x, Rgb rgb) {
    const ImVec2 low = ImPlot::GetPlotPos();
    const float at = ImPlot::PlotToPixels(x, ImPlot::GetPlotLimits().Y.Min).x;
    ImPlot::PushPlotClipRect(px(2));
    ImPlot::GetPlotDrawList()->AddLine({at, low.y}, {at, low.y + ImPlot::GetPlotSize().y},
                                       colour(rgb), px(1.5f));
    ImPlot::PopPlotClipRect();
}

void time_line(double t) {
    upright_line(t, time_colour(theme(), t));
}

void plot_legend(std::span<const LegendEntry> entries, std::span<const PlotCurve> curves) {
    const ImVec2 at = ImPlot::GetPlotPos();
    const ImVec2 size = ImPlot::GetPlotSize();
    if (size.x < em(12) || size.y < em(6)) return;
    float widest = 0;
    for (const LegendEntry& entry : entries)
        widest = std::max(widest, text_width(entry.text, {0.86f}));
    const float row = px(19), swatch = px(26);
    const ImVec2 box{widest + swatch, row * static_cast<float>(entries.size())};
    const ImVec2 room{size.x - box.x - px(20), size.y - box.y - px(12)};
    constexpr ImVec2 places[] = {{1, 0}, {1, 1}, {0.55f, 1}, {0.55f, 0}, {0, 0}, {0, 1}};
    ImVec2 best{};
    int least = std::numeric_limits<int>::max();
    for (const ImVec2& place : places) {
        const ImVec2 low{at.x + px(10) + place.x * room.x, at.y + px(5) + place.y * room.y};
        const ImRect taken(low.x - px(6), low.y - px(2), low.x + box.x + px(6), low.y + box.y);
        int hits = 0;
        for (const PlotCurve& curve : curves)
            hits += pixels_within(curve, taken);
        if (hits < least) {
            least = hits;
            best = low;
        }
    }
    ImDrawList* draw = ImPlot::GetPlotDrawList();
    float y = best.y + row / 2;
    for (const LegendEntry& entry : entries) {
        draw->AddLine({best.x, y}, {best.x + px(18), y}, colour(entry.rgb, entry.alpha),
                      px(entry.width_at_14));
        draw_text(draw, best.x + swatch, y, colour(theme().text), entry.text, {0.86f});
        y += row;
    }
}

void plot_note(const char* text) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size = ImGui::GetContentRegionAvail();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    constexpr int lines = 5;
    const float top = at.y + px(8), pitch = (size.y - px(24)) / (lines - 1);
    const ImU32 grid = theme().dark ? colour(0xFFFFFF, 0.055f) : colour(theme().text, 0.08f);
    for (int i = 0; i < lines; ++i) {
        const float y = std::round(top + pitch * static_cast<float>(i));
        draw->AddRectFilled({at.x, y}, {at.x + size.x, y + 1}, grid);
    }
    const float wrap = std::min(size.x - px(24), em(24));
    const float letters = font_size(0.93f);
    const ImVec2 extent = design().fonts.regular->CalcTextSizeA(letters, 1e9f, wrap, text, nullptr);
    const ImVec2 corner{at.x + (size.x - extent.x) / 2, top + (pitch * (lines - 1) - extent.y) / 2};
    // On the panel's ground, so that no line runs through it.
    draw->AddRectFilled({corner.x - px(10), corner.y - px(4)},
                        {corner.x + extent.x + px(10), corner.y + extent.y + px(4)},
                        colour(theme().panel));
    draw->AddText(design().fonts.regular, letters, corner, colour(theme().dim_text), text, nullptr,
                  wrap);
}

}  // namespace driftglass
