#include "app/panels/menu_bar.hpp"

#include <imgui_internal.h>

#include <cmath>
#include <string_view>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/widgets.hpp"
#include "app/tools/pan.hpp"

namespace driftglass {

namespace {

void draw_mark(ImDrawList* draw, float x, float y) {
    // Two strokes of the time map that drift towards each other.
    constexpr int segments = 24;
    const float length = px(18);
    for (int i = 0; i < segments; ++i) {
        const auto at = [&](int k) {
            const float s = static_cast<float>(k) / segments;
            return ImVec2(x + length * s,
                          y - std::sin(s * 6.0f - 0.6f) * px(4.2f) * (1 - 0.25f * s));
        };
        const double t = 1 - static_cast<double>(i) / segments;
        draw->AddLine(at(i), at(i + 1), colour(time_colour(theme(), t)), px(2.4f));
    }
}

void file_menu(Requests& requests) {
    if (!ImGui::BeginMenu("File")) return;
    if (ImGui::MenuItem("New scene", "Ctrl+N")) requests.new_scene = true;
    if (ImGui::MenuItem("Open scene\xe2\x80\xa6", "Ctrl+O")) requests.open = true;
    if (ImGui::MenuItem("Save scene", "Ctrl+S")) requests.save = true;
    if (ImGui::MenuItem("Save scene as\xe2\x80\xa6", "Ctrl+Shift+S")) requests.save_as = true;
    if (ImGui::MenuItem("Save weights\xe2\x80\xa6")) requests.save_weights = true;
    ImGui::Separator();
    if (ImGui::MenuItem("Import points from CSV\xe2\x80\xa6")) requests.import_csv = true;
    ImGui::Separator();
    if (ImGui::MenuItem("Quit", "Ctrl+Q")) requests.quit = true;
    ImGui::EndMenu();
}

void edit_menu(const Snapshot& snapshot, Commands& commands) {
    if (!ImGui::BeginMenu("Edit")) return;
    if (ImGui::MenuItem("Undo", "Z", false, snapshot.can_undo)) commands.send(command::Undo{});
    if (ImGui::MenuItem("Redo", "Shift+Z", false, snapshot.can_redo))
        commands.send(command::Redo{});
    ImGui::Separator();
    if (ImGui::MenuItem("Clear all data")) commands.edit(command::ClearData{});
    ImGui::EndMenu();
}

void view_menu(UiState& ui, Requests& requests) {
    if (!ImGui::BeginMenu("View")) return;
    for (const int count : {1, 2, 4}) {
        const std::string text = std::to_string(count) + (count == 1 ? " pane" : " panes");
        if (ImGui::MenuItem(text.c_str(), std::to_string(count).c_str(), ui.panes == count))
            ui.panes = count;
    }
    ImGui::Separator();
    if (ImGui::MenuItem("Follow what there is", "F", ui.view_follows)) ui.view_follows = true;
    if (ImGui::MenuItem("Stay at [\xe2\x88\x92"
                        "3, 3]",
                        "Shift+F"))
        reset_view(ui);
    ImGui::MenuItem("Plots", nullptr, &ui.show_plots);
    ImGui::Separator();
    bool light = !ui.dark;
    if (ImGui::MenuItem("Light theme", "L", &light)) ui.dark = !light;
    if (ImGui::MenuItem("Larger type", "Ctrl++"))
        ui.font_scale = std::fmin(ui.font_scale * 1.1f, 2);
    if (ImGui::MenuItem("Smaller type", "Ctrl+\xe2\x88\x92"))
        ui.font_scale = std::fmax(ui.font_scale / 1.1f, 0.6f);
    ImGui::MenuItem("Reduced motion", nullptr, &ui.reduced_motion);
    if (ImGui::MenuItem("Full screen", "F11")) requests.toggle_fullscreen = true;
    ImGui::EndMenu();
}

/// A word of the status, right-aligned at `x`; moves `x` to its left. `name` dim, `value` bright.
void status_word(ImDrawList* draw, float& x, float y, std::string_view value, std::string_view unit,
                 bool bright = false) {
    const float unit_width = text_width(unit);
    draw_text(draw, x, y, colour(theme().dim_text), unit, {}, Align::right);
    draw_text(draw, x - unit_width, y, colour(bright ? theme().text : theme().dim_text), value, {},
              Align::right);
    x -= unit_width + text_width(value) + px(22);
}

void device_menu(const Snapshot& snapshot, Commands& commands, float& x, float y, float top,
                 float height) {
    const Status& status = snapshot.status;
    const std::string& name = status.device_name.empty() ? status.device : status.device_name;
    const float width = text_width(name);
    ImGui::SetCursorScreenPos({x - width - px(6), top});
    const bool pressed = ImGui::InvisibleButton("device", {width + px(12), height});
    const bool hovered = ImGui::IsItemHovered();
    tooltip("The device that trains and samples, and how many threads it uses. Click to choose.");
    draw_text(ImGui::GetWindowDrawList(), x, y, colour(hovered ? theme().text : theme().dim_text),
              name, {}, Align::right);
    if (pressed) ImGui::OpenPopup("devices");
    if (ImGui::BeginPopup("devices")) {
        if (ImGui::MenuItem("auto")) commands.send(command::SetDevice{"auto"});
        for (const std::string& device : status.devices) {
            if (ImGui::MenuItem(device.c_str(), nullptr, device == status.device))
                commands.send(command::SetDevice{device});
        }
        ImGui::EndPopup();
    }
    x -= width + px(22);
}

}  // namespace

void draw_menu_bar(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests,
                   double frames_per_second) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImRect bar = window->MenuBarRect();
    const float y = std::round((bar.Min.y + bar.Max.y) / 2);
    draw_mark(draw, bar.Min.x + px(8), y);
    draw_text(draw, bar.Min.x + px(35), y, colour(theme().text), "Driftglass", {1, Weight::medium});
    ImGui::SetCursorPosX(px(35) + text_width("Driftglass", {1, Weight::medium}) + px(18));
    file_menu(requests);
    edit_menu(snapshot, commands);
    view_menu(ui, requests);
    if (ImGui::BeginMenu("Export")) {
        if (ImGui::MenuItem("Picture of the window\xe2\x80\xa6", "E"))
            requests.export_picture = true;
        ImGui::EndMenu();
    }
    if (ImGui::BeginMenu("Help")) {
        if (ImGui::MenuItem("All keys", "?")) ui.show_keys = true;
        ImGui::EndMenu();
    }
    const float menus_end = ImGui::GetCursorScreenPos().x + px(12);

    const Status& status = snapshot.status;
    float x = bar.Max.x - px(12);
    if (!status.running && !ui.playing)
        status_word(draw, x, y, "idle", "");
    else if (frames_per_second > 0)
        status_word(draw, x, y, std::to_string(std::lround(frames_per_second)), " fps");
    {
        const std::string step = grouped(status.step);
        const float width = text_width("step ") + text_width(step);
        draw_text(draw, x, y, colour(theme().text), step, {1, Weight::medium}, Align::right);
        draw_text(draw, x - width, y, colour(theme().dim_text), "step ");
        x -= width + px(26);
    }
    if (status.running)
        status_word(draw, x, y, grouped(std::llround(status.steps_per_second)), " steps/s");
    else
        status_word(draw, x, y, "training paused", "");
    device_menu(snapshot, commands, x, y, bar.Min.y, bar.GetHeight());

    const std::string name =
        snapshot.file.empty() ? "untitled scene" : snapshot.file.stem().string();
    const float dot = snapshot.unsaved ? px(14) : 0;
    if (x - text_width(name) - dot > menus_end) {
        draw_text(draw, x, y, colour(theme().dim_text), name, {}, Align::right);
        if (snapshot.unsaved)
            draw->AddCircleFilled({x - text_width(name) - px(9), y + px(1)}, px(3),
                                  colour(theme().accent));
    }
}

}  // namespace driftglass
