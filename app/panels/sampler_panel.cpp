#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/dials.hpp"
#include "app/panels/format.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

namespace {

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
                                colour(method_colour(theme(), shown_view(snapshot, index))), px(4));
        const Rgb ink = active    ? (theme().dark ? theme().window : 0xFFFFFF)
                        : hovered ? theme().text
                                  : theme().dim_text;
        draw_text(draw, x + cell / 2, at.y + px(11), colour(ink), letter,
                  {0.86f, active ? Weight::medium : Weight::regular}, Align::centre);
    }
}

std::string three(double value) {
    return compact(value, 3);
}

/// `noise` has a slider of its own, which is there for every method; `atol` is for files.
constexpr Dial<SamplerSettings> dials[] = {
    {"eta",
     [](SamplerSettings& s) {
         return slider({"eta", "$\\eta$", "0: deterministic, 1: ancestral"}, &s.eta,
                       {.low = 0, .high = 1, .show = three});
     }},
    {"rtol",
     [](SamplerSettings& s) {
         return slider({"rtol", "tolerance",
                        "Relative error that a step may make; steps are chosen to keep it"},
                       &s.rtol,
                       {.low = 1e-8, .high = 1e-1, .scale = Scale::logarithmic, .show = three});
     }},
    {"churn",
     [](SamplerSettings& s) {
         return slider({"churn", "churn $\\gamma$",
                        "Share of noise that each step adds before it takes it away"},
                       &s.churn, {.low = 0, .high = 0.41, .show = three});
     }},
    {"corrector_steps",
     [](SamplerSettings& s) {
         return slider({"corrector_steps", "Langevin", "Langevin steps at each level of noise"},
                       &s.corrector_steps,
                       {.low = 0, .high = 10, .step = 1, .show = three, .type_format = "%.0f"});
     }},
    {"step_size",
     [](SamplerSettings& s) {
         return slider(
             {"step_size", "step $\\eta$", "Size of a Langevin step in units of sigma squared"},
             &s.step_size, {.low = 1e-3, .high = 1, .scale = Scale::logarithmic, .show = three});
     }},
    {"time", [](SamplerSettings& s) {
         return slider({"time", "at $t$", "The level of noise that it walks at"}, &s.time,
                       {.low = 0.001, .high = 1, .show = three});
     }}};

bool method_choice(SamplerSettings& sampler) {
    std::vector<Method> methods;
    for (const MethodFacts& facts : all_methods())
        methods.push_back(facts.method);
    return combo<Method>({"method", "method",
                          "How the path from noise to data is followed: "
                          "a solver of the PF-ODE, or of the reverse SDE"},
                         &sampler.method, methods,
                         [](Method method) { return facts_of(method).title; });
}

/// Learned now, learned earlier, a round of reflow, or exact.
bool field_choice(const Snapshot& snapshot, ViewSpec& view) {
    std::vector<std::string> names = {"learned", "learned, earlier", "exact"};
    const int rounds = std::max(snapshot.status.reflow.round, view.round);
    for (int round = 0; (rounds > 0 || view.round >= 0) && round <= rounds; ++round)
        names.push_back("round " + std::to_string(round));
    int index = 0;
    if (view.field == FieldKind::exact)
        index = 2;
    else if (view.weights_step >= 0)
        index = 1;
    else if (view.round >= 0)
        index = 3 + view.round;
    if (!combo({"field", "field",
                "learned: what the network says. exact: the closed form for these very points. "
                "Rounds of reflow stay to be compared"},
               &index, names))
        return false;
    const std::vector<std::int64_t>& kept = snapshot.status.kept_steps;
    view.field = index == 2 ? FieldKind::exact : FieldKind::learned;
    view.round = index >= 3 ? index - 3 : -1;
    view.weights_step = index != 1 ? -1 : kept.empty() ? 0 : kept[kept.size() / 2];
    return true;
}

/// Which of the kept weights.
bool earlier_step(const Snapshot& snapshot, ViewSpec& view) {
    const std::vector<std::int64_t>& kept = snapshot.status.kept_steps;
    if (view.field != FieldKind::learned || view.weights_step < 0 || kept.size() < 2) return false;
    const auto found = std::upper_bound(kept.begin(), kept.end(), view.weights_step);
    int index = std::max(0, static_cast<int>(found - kept.begin()) - 1);
    if (!slider({"at step", "at step", "Weights of this training step"}, &index,
                {.low = 0,
                 .high = static_cast<double>(kept.size() - 1),
                 .step = 1,
                 .show =
                     [&](double v) {
                         const auto i = static_cast<std::size_t>(std::lround(v));
                         return grouped(kept[std::min(i, kept.size() - 1)]);
                     },
                 .type_format = "%.0f"}))
        return false;
    view.weights_step = kept[static_cast<std::size_t>(index)];
    return true;
}

PathSettings path_of(ScheduleKind kind) {
    PathSettings path;
    path.schedule = kind;
    return path;
}

/// The schedule that is sampled on: the one of training, or another by rescaling x.
bool path_choice(ViewSpec& view) {
    const std::vector<ScheduleKind> offered = offered_schedules();
    std::vector<std::string> names = {"as trained"};
    int index = 0;
    for (const ScheduleKind kind : offered) {
        if (view.path && view.path->schedule == kind) index = static_cast<int>(names.size());
        names.emplace_back(name_of(kind));
    }
    if (view.path && index == 0) {
        index = static_cast<int>(names.size());
        names.emplace_back(name_of(view.path->schedule));
    }
    if (!combo({"path", "on path",
                "Sample on another schedule than the one of training: log-SNR is matched and x "
                "rescaled; a Gaussian source only"},
               &index, names) ||
        index > static_cast<int>(offered.size()))
        return false;
    view.path = index > 0 ? std::optional(path_of(offered[static_cast<std::size_t>(index - 1)]))
                          : std::nullopt;
    return true;
}

}  // namespace

ViewSpec active_view(const Snapshot& snapshot, UiState& ui) {
    const std::vector<ViewSpec>& views = snapshot.scene->views;
    const int count = std::clamp(ui.panes, 1, std::max(1, static_cast<int>(views.size())));
    ui.active_pane = std::clamp(ui.active_pane, 0, count - 1);
    const auto index = static_cast<std::size_t>(ui.active_pane);
    return index < views.size() ? views[index] : own_view(*snapshot.scene);
}

void draw_sampler_panel(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    ViewSpec view = active_view(snapshot, ui);
    const int count = std::clamp(ui.panes, 1, static_cast<int>(snapshot.scene->views.size()));
    SamplerSettings& sampler = view.sampler;

    const ImVec2 head = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x;
    const float chooser = count > 1 ? px(26) * static_cast<float>(count) : 0;
    const bool open = group("Sampler", "Sampler", "", opens(Group::sampler), chooser);
    if (count > 1) {
        const ImVec2 after = ImGui::GetCursorScreenPos();
        ImGui::SetCursorScreenPos({head.x + inner - chooser, head.y + px(4)});
        pane_chooser(snapshot, ui, count, chooser);
        ImGui::SetCursorScreenPos(after);
        ImGui::Dummy({0, 0});
    }
    if (open) {
        bool changed = field_choice(snapshot, view);
        changed |= earlier_step(snapshot, view);
        if (method_choice(sampler)) {
            changed = true;
            if (!has_noise_dial(sampler.method))
                sampler.noise = 0;
            else if (sampler.noise == 0)
                sampler.noise = 1;
        }
        changed |=
            slider({"steps", "steps", "Steps from t = 1 to the end; more are slower and finer",
                    evaluations_a_step(sampler) > 0},
                   &sampler.steps,
                   {.low = 1,
                    .high = 512,
                    .scale = Scale::logarithmic,
                    .step = 1,
                    .show = [](double v) { return grouped(static_cast<std::int64_t>(v)); },
                    .type_format = "%.0f"});
        changed |=
            combo({"grid", "grid", "Where the steps lie: evenly in t, evenly in log-SNR lambda, …"},
                  &sampler.grid, [](GridKind grid) { return pretty(grid); });
        if (slider({"noise", "noise $u{/}g$",
                    "Noise that is added and taken away again: 0 is the PF-ODE, 1 Anderson's "
                    "reverse SDE"},
                   &sampler.noise,
                   {.low = 0, .high = 2, .show = [](double v) { return fixed(v, 2); }})) {
            changed = true;
            if (sampler.noise > 0 && !has_noise_dial(sampler.method))
                sampler.method = Method::euler_maruyama;
        }
        changed |= draw_dials<SamplerSettings>(dials, facts_of(sampler.method).reads, sampler);
        changed |= path_choice(view);
        if (changed) commands.edit(command::SetView{ui.active_pane, view});
    }
    end_group();
}

}  // namespace driftglass
