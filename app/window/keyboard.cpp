#include "app/window/keyboard.hpp"

#include <imgui.h>

#include <algorithm>

#include "app/panels/design.hpp"
#include "app/tools/pan.hpp"

namespace driftglass {

namespace {

struct Shortcut {
    const char* keys;
    const char* what;
};

constexpr Shortcut listed[] = {
    {"Space", "train or pause"},
    {"R", "restart: fresh weights"},
    {"K", "play or stop the particles"},
    {"\xe2\x86\x90  \xe2\x86\x92", "move the time; Home noise, End data"},
    {"1  2  4", "panes"},
    {"V  D  X  P", "pan, brush, eraser, probe"},
    {"[  ]", "smaller or larger brush"},
    {"Z", "undo; Shift+Z redo"},
    {"F",
     "follow what there is; Shift+F [\xe2\x88\x92"
     "3, 3]"},
    {"L", "light or dark theme"},
    {"E", "export a picture"},
    {"Ctrl+N  O  S", "new, open, save"},
    {"Ctrl +  \xe2\x88\x92  0", "larger, smaller, usual type"},
    {"F11", "full screen"},
    {"Middle drag, wheel", "pan and zoom with any tool"},
    {"Double-click", "type a slider's value"},
    {"?", "these keys"}};

bool pressed(ImGuiKey key, bool repeat = false) {
    return ImGui::IsKeyPressed(key, repeat);
}

void with_control(UiState& ui, Commands& commands, Requests& requests, bool shift) {
    if (pressed(ImGuiKey_S)) (shift ? requests.save_as : requests.save) = true;
    if (pressed(ImGuiKey_O)) requests.open = true;
    if (pressed(ImGuiKey_N)) requests.new_scene = true;
    if (pressed(ImGuiKey_Q)) requests.quit = true;
    if (pressed(ImGuiKey_Z, true)) {
        if (shift)
            commands.send(command::Redo{});
        else
            commands.send(command::Undo{});
    }
    if (pressed(ImGuiKey_Y, true)) commands.send(command::Redo{});
    if (pressed(ImGuiKey_Equal) || pressed(ImGuiKey_KeypadAdd))
        ui.font_scale = std::min(ui.font_scale * 1.1f, 2.0f);
    if (pressed(ImGuiKey_Minus) || pressed(ImGuiKey_KeypadSubtract))
        ui.font_scale = std::max(ui.font_scale / 1.1f, 0.6f);
    if (pressed(ImGuiKey_0) || pressed(ImGuiKey_Keypad0)) ui.font_scale = 1;
}

void move_time(UiState& ui, double by) {
    ui.time = std::clamp(ui.time + by, 0.0, 1.0);
    ui.playing = false;
}

void plain(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests,
           bool shift) {
    if (pressed(ImGuiKey_Space)) commands.send(command::SetRunning{!snapshot.status.running});
    if (pressed(ImGuiKey_R)) commands.send(command::Restart{});
    if (pressed(ImGuiKey_K)) ui.playing = !ui.playing;
    for (const auto& [key, count] : {std::pair{ImGuiKey_1, 1}, {ImGuiKey_2, 2}, {ImGuiKey_4, 4}}) {
        if (!pressed(key)) continue;
        ui.panes = count;
        ui.maximised = -1;
    }
    if (pressed(ImGuiKey_Z, true)) {
        if (shift)
            commands.send(command::Redo{});
        else
            commands.send(command::Undo{});
    }
    if (pressed(ImGuiKey_V)) ui.tool = Tool::pan;
    if (pressed(ImGuiKey_D)) ui.tool = Tool::brush;
    if (pressed(ImGuiKey_X)) ui.tool = Tool::eraser;
    if (pressed(ImGuiKey_P)) ui.tool = Tool::probe;
    if (pressed(ImGuiKey_LeftBracket, true))
        ui.brush_width = std::max(ui.brush_width / 1.15f, 0.02f);
    if (pressed(ImGuiKey_RightBracket, true))
        ui.brush_width = std::min(ui.brush_width * 1.15f, 1.5f);
    if (pressed(ImGuiKey_F)) {
        if (shift)
            reset_view(ui);
        else
            ui.view_follows = true;
    }
    if (pressed(ImGuiKey_L)) ui.dark = !ui.dark;
    if (pressed(ImGuiKey_E)) requests.export_picture = true;
    if (pressed(ImGuiKey_LeftArrow, true)) move_time(ui, 0.01);
    if (pressed(ImGuiKey_RightArrow, true)) move_time(ui, -0.01);
    if (pressed(ImGuiKey_Home)) ui.time = 1;
    if (pressed(ImGuiKey_End)) move_time(ui, -1);
    if (shift && pressed(ImGuiKey_Slash)) ui.show_keys = !ui.show_keys;
}

}  // namespace

void press_keys(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests) {
    const ImGuiIO& io = ImGui::GetIO();
    if (pressed(ImGuiKey_F11)) requests.toggle_fullscreen = true;
    if (io.WantTextInput || ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) return;
    if (pressed(ImGuiKey_Escape)) ui.show_keys = false;
    if (io.KeyCtrl || io.KeySuper)
        with_control(ui, commands, requests, io.KeyShift);
    else if (!io.KeyAlt)
        plain(snapshot, ui, commands, requests, io.KeyShift);
}

void draw_keys(UiState& ui) {
    if (!ui.show_keys) return;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float pitch = px(26);
    const ImVec2 size{em(32), pitch * static_cast<float>(std::size(listed)) + px(64)};
    ImGui::SetNextWindowPos({screen.x / 2, screen.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
    ImGui::SetNextWindowSize(size);
    ImGui::SetNextWindowFocus();
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, px(1)));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ImGui::GetStyleColorVec4(ImGuiCol_PopupBg));
    if (ImGui::Begin("Keys", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                         ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoDocking)) {
        ImDrawList* draw = ImGui::GetWindowDrawList();
        const ImVec2 at = ImGui::GetWindowPos();
        float y = at.y + px(26);
        draw_text(draw, at.x + px(24), y, colour(theme().text), "Keys", {1.14f, Weight::medium});
        y += px(32);
        for (const Shortcut& key : listed) {
            draw_text(draw, at.x + px(24), y, colour(theme().accent), key.keys,
                      {1, Weight::medium});
            draw_text(draw, at.x + em(12), y, colour(theme().text), key.what);
            y += pitch;
        }
        if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left))
            ui.show_keys = false;
    }
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
}

}  // namespace driftglass
