#include "app/panels/toolbar.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/comparisons.hpp"
#include "app/panels/design.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

constexpr float height = 32;
constexpr float slot = 36;
constexpr float label_chip = 42;

/// One dark strip behind `slots` buttons that touch.
void strip(float width) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + px(height)},
                                              colour(theme().panel), px(6));
}

void space(float at_14) {
    ImGui::SameLine(0, 0);
    ImGui::Dummy({px(at_14), px(height)});
    ImGui::SameLine(0, 0);
}

void divider(bool narrow) {
    space(narrow ? 4 : 12);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + px(6)},
                                              {at.x + std::max(1.0f, px(1)), at.y + px(height - 6)},
                                              colour(theme().border));
    space(narrow ? 5 : 13);
}

void word(const char* text) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_text(ImGui::GetWindowDrawList(), at.x, at.y + px(height) / 2, colour(theme().dim_text),
              text);
    ImGui::Dummy({text_width(text), px(height)});
    space(10);
}

void tools(UiState& ui) {
    struct Entry {
        Tool tool;
        const char* id;
        const char* icon;
        const char* tooltip;
    };
    constexpr Entry entries[] = {
        {Tool::pan, "pan", icon::hand,
         "Pan: drag moves the view, the wheel zooms (the middle button does it with any tool)"},
        {Tool::brush, "brush", icon::brush, "Brush (D): draw data points of the chosen label"},
        {Tool::eraser, "eraser", icon::eraser, "Eraser (X): takes data points away"},
        {Tool::probe, "probe", icon::probe,
         "Probe (P): hover to read density, velocity, score and $\\hat{x}_0$, learned beside "
         "exact; click to pin a point, which opens its whole arithmetic in a plot where the pane "
         "is "
         "guided, and again to let it go"}};
    strip(px(slot) * 4);
    for (const Entry& entry : entries) {
        if (entry.tool != Tool::pan) ImGui::SameLine(0, 0);
        if (button({.id = entry.id,
                    .icon = entry.icon,
                    .text = "",
                    .tooltip = entry.tooltip,
                    .active = ui.tool == entry.tool,
                    .framed = false,
                    .width = px(slot)}))
            ui.tool = entry.tool;
    }
}

/// Those to paint with, and what else the data have.
std::vector<int> offered_labels(const Snapshot& snapshot) {
    constexpr std::size_t most = 8;
    std::vector<int> offered = {0, 1, 2, 3};
    for (const int label : labels_in(snapshot.data.get())) {
        if (label > 3 && offered.size() < most) offered.push_back(label);
    }
    return offered;
}

void labels(UiState& ui, const std::vector<int>& offered, bool named) {
    if (named) word("label");
    const float chip = px(label_chip);
    strip(chip * static_cast<float>(offered.size()));
    for (const int label : offered) {
        if (label > 0) ImGui::SameLine(0, 0);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const std::string id = "label " + std::to_string(label);
        const std::string tip =
            "Points drawn from now on carry label " + std::to_string(label) +
            ", which a network can be asked for. Click again for points without a label.";
        if (button({.id = id.c_str(),
                    .icon = "",
                    .text = "",
                    .tooltip = tip.c_str(),
                    .active = ui.label == label,
                    .framed = false,
                    .width = chip}))
            ui.label = ui.label == label ? -1 : label;
        ImDrawList* draw = ImGui::GetWindowDrawList();
        const float y = at.y + px(height) / 2;
        draw_label_glyph(draw, at.x + px(14), y, px(4.4f), label);
        draw_text(draw, at.x + px(25), y, colour(theme().text), std::to_string(label));
    }
}

void panes(UiState& ui, bool named) {
    if (named) word("panes");
    strip(px(slot) * 3);
    for (const int count : {1, 2, 4}) {
        if (count > 1) ImGui::SameLine(0, 0);
        const std::string text = std::to_string(count);
        const std::string tip = count == 1 ? "One pane (1)"
                                           : text + " linked panes (" + text +
                                                 "): same view, same t, same starting noise";
        const std::string id = "panes " + text;
        if (button({.id = id.c_str(),
                    .icon = "",
                    .text = text,
                    .tooltip = tip.c_str(),
                    .active = ui.panes == count,
                    .framed = false,
                    .width = px(slot)})) {
            ui.panes = count;
            ui.maximised = -1;
        }
    }
}

/// Comparisons in one click.
void compare(const Snapshot& snapshot, UiState& ui, Commands& commands, bool named) {
    if (button({.id = "compare",
                .icon = icon::compare,
                .text = named ? "Compare" : "",
                .tooltip = "Panes that differ in one thing: same view, same t, same noise"}))
        ImGui::OpenPopup("comparisons");
    const ImVec2 under{ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + px(4)};
    ImGui::SetNextWindowPos(under);
    if (!ImGui::BeginPopup("comparisons", ImGuiWindowFlags_NoMove)) return;
    for (const Comparison& one : comparisons(*snapshot.scene, classes_in(snapshot.data.get()),
                                             snapshot.status.kept_steps)) {
        if (button({.id = one.id,
                    .icon = "",
                    .text = one.name,
                    .tooltip = one.tooltip,
                    .enabled = one.possible,
                    .framed = false,
                    .height = px(28),
                    .width = px(220),
                    .left = true})) {
            ui.panes = static_cast<int>(one.views.size());
            ui.maximised = -1;
            ui.active_pane = 0;
            show_comparison(ui, snapshot.scene->views, one.views, one.plot, false);
            // Of one click, so of one gesture: one step of undo.
            if (one.coupling) commands.edit(command::SetCoupling{*one.coupling});
            commands.edit(command::SetViews{one.views});
            ImGui::CloseCurrentPopup();
        }
    }
    ImGui::EndPopup();
}

}  // namespace

void draw_toolbar(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests) {
    const bool running = snapshot.status.running;
    const std::vector<int> offered = offered_labels(snapshot);
    // As much in words as there is room for: all, no names of groups, icons where one will do.
    const float room = ImGui::GetContentRegionAvail().x / px(1) -
                       label_chip * static_cast<float>(offered.size() - 4);
    const bool groups_named = room >= 1065;
    const bool named = room >= 975;
    const bool narrow = room < 800;
    if (button({.id = "train",
                .icon = running ? icon::pause : icon::play,
                .text = narrow    ? ""
                        : running ? "Pause"
                                  : "Train",
                .tooltip = running ? "Pause training (space); pictures stay live"
                                   : "Go on training (space)",
                .active = true,
                .width = narrow ? 0 : px(104)}))
        commands.send(command::SetRunning{!running});
    space(7);
    if (button({.id = "restart",
                .icon = icon::restart,
                .text = named ? "Restart" : "",
                .tooltip = "Fresh weights, step 0 (R)"}))
        commands.send(command::Restart{});
    divider(narrow);
    tools(ui);
    divider(narrow);
    labels(ui, offered, groups_named);
    divider(narrow);
    panes(ui, groups_named);
    space(narrow ? 4 : 10);
    compare(snapshot, ui, commands, named);

    const Button export_button{.id = "export",
                               .icon = icon::export_file,
                               .text = named ? "Export" : "",
                               .tooltip = "Save a picture of the window (E)"};
    const Button theme_button{.id = "theme",
                              .icon = icon::theme,
                              .text = "",
                              .tooltip = ui.dark ? "Light theme, for projectors and print (L)"
                                                 : "Dark theme, for screens (L)",
                              .width = px(slot)};
    const float right = button_width(export_button) + button_width(theme_button) + px(7);
    ImGui::SameLine(0, 0);
    const float spare = ImGui::GetContentRegionAvail().x - right;
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + std::max(px(8), spare));
    if (button(theme_button)) ui.dark = !ui.dark;
    space(7);
    if (button(export_button)) requests.export_picture = true;
}

}  // namespace driftglass
