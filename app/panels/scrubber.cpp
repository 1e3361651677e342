#include "app/panels/scrubber.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

constexpr double noise_to_data = 4.0;  // seconds at speed 1
constexpr double rest_on_data = 1.0;

void track(UiState& ui) {
    const float y = ImGui::GetWindowPos().y + px(19);
    const float from = ImGui::GetCursorScreenPos().x;
    const float to = ImGui::GetWindowPos().x + ImGui::GetWindowSize().x - px(14);
    const float left = from + text_width("1 noise") + px(14);
    const float right = to - text_width("0 data") - px(14);
    if (right - left < em(4)) return;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw_text(draw, left - px(14), y, colour(theme().noise), "1 noise", {}, Align::right);
    draw_text(draw, right + px(14), y, colour(theme().data), "0 data");

    ImGui::SetCursorScreenPos({left - px(10), y - px(15)});
    ImGui::InvisibleButton("time", {right - left + px(20), px(36)});
    tooltip("Time t: 1 is noise, 0 is data. Drag to scrub; left and right move it by 0.01.");
    const bool held = ImGui::IsItemActive();
    if (held) {
        const double share =
            static_cast<double>((ImGui::GetIO().MousePos.x - left) / (right - left));
        ui.time = 1 - std::clamp(share, 0.0, 1.0);
        ui.playing = false;
    }
    const float knob_x = left + (right - left) * static_cast<float>(1 - ui.time);
    const float thick = px(4);
    const auto& map = theme().time;
    const float piece = (right - left) / static_cast<float>(map.size() - 1);
    for (std::size_t i = 0; i + 1 < map.size(); ++i) {
        const float x0 = left + piece * static_cast<float>(i);
        const float x1 = x0 + piece;
        const auto part = [&](float a, float b, float alpha) {
            if (b <= a) return;
            const ImU32 ink_a = colour(mix(map[i], map[i + 1], (a - x0) / piece), alpha);
            const ImU32 ink_b = colour(mix(map[i], map[i + 1], (b - x0) / piece), alpha);
            draw->AddRectFilledMultiColor({a, y - thick / 2}, {b, y + thick / 2}, ink_a, ink_b,
                                          ink_b, ink_a);
        };
        part(x0, std::min(x1, knob_x), 1);
        part(std::max(x0, knob_x), x1, 0.36f);
    }

    const float label_y = y + px(17);
    const std::string value = "$t$ = " + fixed(ui.time, 2);
    const float wide = rich_width(value, 0.93f);
    const float text_x = std::clamp(knob_x - wide / 2, left - px(8), right + px(8) - wide);
    for (int i = 0; i <= 10; ++i) {
        const float x = left + (right - left) * static_cast<float>(i) / 10;
        draw->AddRectFilled({x - 0.5f, y + px(7)}, {x + 0.5f, y + px(10)},
                            colour(theme().faint, 0.7f));
        const std::string label = fixed(1 - i / 10.0, 1);
        const float clear = text_width(label, {0.86f}) / 2 + px(20);
        if (i == 0 || i == 10 || (x + clear > text_x && x - clear < text_x + wide)) continue;
        draw_text(draw, x, label_y, colour(theme().dim_text), label, {0.86f}, Align::centre);
    }
    const ImU32 ink = colour(time_colour(theme(), ui.time));
    const float radius = held || ImGui::IsItemHovered() ? px(8.8f) : px(8);
    draw->AddCircleFilled({knob_x, y}, radius, ink);
    draw->AddCircleFilled({knob_x, y}, px(2.6f), colour(theme().panel));
    draw_rich(draw, text_x, label_y, colour(theme().text), colour(theme().text), value, 0.93f);
}

}  // namespace

void draw_scrubber(UiState& ui) {
    const float size = px(32);
    if (button({.id = "play",
                .icon = ui.playing ? icon::pause : icon::play,
                .text = "",
                .tooltip = ui.playing ? "Stop the particles (K)" : "Let noise flow to data (K)",
                .active = ui.playing,
                .width = size})) {
        if (!ui.playing && ui.time <= 0) ui.time = 1;
        ui.playing = !ui.playing;
    }
    ImGui::SameLine(0, px(5));
    if (button({.id = "to noise",
                .icon = icon::to_start,
                .text = "",
                .tooltip = "Back to noise, t = 1 (Home)",
                .width = size}))
        ui.time = 1;
    ImGui::SameLine(0, px(5));
    if (button({.id = "loop",
                .icon = icon::loop,
                .text = "",
                .tooltip = "Start again from noise when the data are reached",
                .active = ui.loop,
                .width = size}))
        ui.loop = !ui.loop;
    ImGui::SameLine(0, px(8));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + px(4));
    double speed = static_cast<double>(ui.speed);
    if (inline_slider({"speed", "speed",
                       "How fast the particles flow: at 1 noise becomes data in "
                       "four seconds"},
                      px(132), &speed,
                      {.low = 0.1, .high = 4, .scale = Scale::logarithmic, .show = [](double v) {
                           return fixed(v, v < 1 ? 2 : 1) + "\xc3\x97";
                       }}))
        ui.speed = static_cast<float>(speed);
    ImGui::SameLine(0, px(22));
    track(ui);
}

void play(UiState& ui, double seconds, double& rest) {
    if (!ui.playing) return;
    if (ui.time > 0) {
        ui.time = std::max(0.0, ui.time - seconds * static_cast<double>(ui.speed) / noise_to_data);
        rest = 0;
        return;
    }
    rest += seconds;
    if (rest < rest_on_data) return;
    rest = 0;
    if (ui.loop)
        ui.time = 1;
    else
        ui.playing = false;
}

}  // namespace driftglass
