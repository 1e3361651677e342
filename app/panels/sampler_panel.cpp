#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

constexpr Method methods[] = {Method::euler, Method::midpoint, Method::heun, Method::rk4,
                              Method::euler_maruyama};
constexpr GridKind grids[] = {GridKind::uniform_t, GridKind::uniform_log_snr};

template <class E, std::size_t N>
bool pretty_combo(const Field& field, E* value, const E (&offered)[N]) {
    std::vector<std::string> names;
    int index = -1;
    for (const E choice : offered) {
        if (choice == *value) index = static_cast<int>(names.size());
        names.push_back(pretty(choice));
    }
    if (index < 0) {
        names.push_back(pretty(*value));
        index = static_cast<int>(N);
    }
    if (!combo(field, &index, names) || index >= static_cast<int>(N)) return false;
    *value = offered[index];
    return true;
}

/// A | B at the right of the group's head.
void pane_chooser(const Snapshot& snapshot, UiState& ui, int count, float width) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(at, {at.x + width, at.y + px(22)}, colour(theme().frame), px(4));
    const float cell = width / static_cast<float>(count);
    for (int pane = 0; pane < count; ++pane) {
        const char letter[2] = {static_cast<char>('A' + pane), 0};
        const std::string id = std::string("pane ") + letter;
        const float x = at.x + cell * static_cast<float>(pane);
        ImGui::SetCursorScreenPos({x, at.y});
        if (ImGui::InvisibleButton(id.c_str(), {cell, px(22)})) ui.active_pane = pane;
        const bool hovered = ImGui::IsItemHovered();
        tooltip("Whose sampler is set here; a click into a pane does it too");
        const bool active = ui.active_pane == pane;
        const auto index = static_cast<std::size_t>(pane);
        if (active && index < snapshot.scene->views.size())
            draw->AddRectFilled({x, at.y}, {x + cell, at.y + px(22)},
                                colour(method_colour(theme(), snapshot.scene->views[index])),
                                px(4));
        const Rgb ink = active    ? (theme().dark ? theme().window : 0xFFFFFF)
                        : hovered ? theme().text
                                  : theme().dim_text;
        draw_text(draw, x + cell / 2, at.y + px(11), colour(ink), letter,
                  {0.86f, active ? Weight::medium : Weight::regular}, Align::centre);
    }
}

}  // namespace

void draw_sampler_panel(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    const int count = std::clamp(ui.panes, 1, static_cast<int>(snapshot.scene->views.size()));
    ui.active_pane = std::clamp(ui.active_pane, 0, count - 1);
    ViewSpec view = snapshot.scene->views[static_cast<std::size_t>(ui.active_pane)];
    SamplerSettings& sampler = view.sampler;

    const ImVec2 head = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x;
    const float chooser = count > 1 ? px(26) * static_cast<float>(count) : 0;
    const bool open = group("Sampler", "Sampler", "", true, chooser);
    if (count > 1) {
        const ImVec2 after = ImGui::GetCursorScreenPos();
        ImGui::SetCursorScreenPos({head.x + inner - chooser, head.y + px(4)});
        pane_chooser(snapshot, ui, count, chooser);
        ImGui::SetCursorScreenPos(after);
        ImGui::Dummy({0, 0});
    }
    if (open) {
        constexpr FieldKind fields[] = {FieldKind::learned, FieldKind::exact};
        bool changed = combo<FieldKind>(
            {"field", "field",
             "learned: what the network says. exact: the closed form for these very points"},
            &view.field, fields);
        if (pretty_combo<Method>({"method", "method",
                                  "How the path from noise to data is followed: "
                                  "a solver of the PF-ODE, or of the reverse SDE"},
                                 &sampler.method, methods)) {
            changed = true;
            const bool wants_noise = sampler.method == Method::euler_maruyama;
            if (wants_noise && sampler.noise == 0) sampler.noise = 1;
            if (!wants_noise) sampler.noise = 0;
        }
        changed |=
            slider({"steps", "steps", "Steps from t = 1 to the end; more are slower and finer"},
                   &sampler.steps,
                   {.low = 1,
                    .high = 512,
                    .scale = Scale::logarithmic,
                    .step = 1,
                    .show = [](double v) { return grouped(static_cast<std::int64_t>(v)); },
                    .type_format = "%.0f"});
        changed |= pretty_combo<GridKind>(
            {"grid", "grid", "Where the steps lie: evenly in t, or evenly in log-SNR lambda"},
            &sampler.grid, grids);
        if (slider({"noise", "noise $u{/}g$",
                    "Noise that is added and taken away again: 0 is the PF-ODE, 1 Anderson's "
                    "reverse SDE"},
                   &sampler.noise,
                   {.low = 0, .high = 2, .show = [](double v) { return fixed(v, 2); }})) {
            changed = true;
            if (sampler.noise > 0) sampler.method = Method::euler_maruyama;
        }
        if (changed) commands.edit(command::SetView{ui.active_pane, view});
    }
    end_group();
}

}  // namespace driftglass
