#include "app/window/keyboard.hpp"

#include <imgui.h>
#include <imgui_internal.h>

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
    {"Ctrl+N  O  S", "new, open, save; Ctrl+Shift+S save as"},
    {"Ctrl+Q", "quit"},
    {"Ctrl +  \xe2\x88\x92  0", "larger, smaller, usual type"},
    {"F11", "full screen"},
    {"Middle drag, wheel", "pan and zoom with any tool"},
    {"Double-click", "type a slider's value"},
    {"Escape", "close a menu or a list"},
    {"?", "these keys"}};

/// Whether a modifier was down when `key` went down. One frame takes several events: of a quick
/// Shift+Z in a slow frame both Z's press and Shift's release, after which Shift is up.
bool held_with(ImGuiKey modifier, ImGuiKey key) {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const auto is_of = [](const ImGuiInputEvent& event, ImGuiKey which) {
        return event.Type == ImGuiInputEventType_Key && event.Key.Key == which;
    };
    bool after = false;
    for (const ImGuiInputEvent& event : context.InputEventsTrail) {
        if (is_of(event, key) && event.Key.Down) after = true;
        // Only changes are events: before this one it was the other way.
        if (after && is_of(event, modifier)) return !event.Key.Down;
    }
    return (context.IO.KeyMods & modifier) != 0;
}

/// A key that went down in this frame, and which modifiers were held then.
struct Press {
    bool control = false, shift = false, down = false;
    explicit operator bool() const { return down; }
};

/// Ctrl, or the command key of a Mac. With Alt held it is none of ours.
Press pressed(ImGuiKey key, bool repeat = false) {
    if (!ImGui::IsKeyPressed(key, repeat) || held_with(ImGuiMod_Alt, key)) return {};
    return {held_with(ImGuiMod_Ctrl, key) || held_with(ImGuiMod_Super, key),
            held_with(ImGuiMod_Shift, key), true};
}
bool pressed_with_control(ImGuiKey key, bool repeat = false) {
    const Press press = pressed(key, repeat);
    return press && press.control;
}
bool pressed_plain(ImGuiKey key, bool repeat = false) {
    const Press press = pressed(key, repeat);
    return press && !press.control;
}

void with_control(UiState& ui, Commands& commands, Requests& requests) {
    if (const Press press = pressed(ImGuiKey_S); press && press.control)
        (press.shift ? requests.save_as : requests.save) = true;
    if (pressed_with_control(ImGuiKey_O)) requests.open = true;
    if (pressed_with_control(ImGuiKey_N)) requests.new_scene = true;
    if (pressed_with_control(ImGuiKey_Q)) requests.quit = true;
    if (pressed_with_control(ImGuiKey_Y, true)) commands.send(command::Redo{});
    if (pressed_with_control(ImGuiKey_Equal) || pressed_with_control(ImGuiKey_KeypadAdd))
        ui.font_scale = std::min(ui.font_scale * 1.1f, 2.0f);
    if (pressed_with_control(ImGuiKey_Minus) || pressed_with_control(ImGuiKey_KeypadSubtract))
        ui.font_scale = std::max(ui.font_scale / 1.1f, 0.6f);
    if (pressed_with_control(ImGuiKey_0) || pressed_with_control(ImGuiKey_Keypad0))
        ui.font_scale = 1;
}

void move_time(UiState& ui, double by) {
    ui.time = std::clamp(ui.time + by, 0.0, 1.0);
    ui.playing = false;
}

void plain(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests) {
    if (pressed_plain(ImGuiKey_Space)) commands.send(command::SetRunning{!snapshot.status.running});
    if (pressed_plain(ImGuiKey_R)) commands.send(command::Restart{});
    if (pressed_plain(ImGuiKey_K)) ui.playing = !ui.playing;
    for (const auto& [key, count] : {std::pair{ImGuiKey_1, 1}, {ImGuiKey_2, 2}, {ImGuiKey_4, 4}}) {
        if (!pressed_plain(key)) continue;
        ui.panes = count;
        ui.maximised = -1;
    }
    if (pressed_plain(ImGuiKey_V)) ui.tool = Tool::pan;
    if (pressed_plain(ImGuiKey_D)) ui.tool = Tool::brush;
    if (pressed_plain(ImGuiKey_X)) ui.tool = Tool::eraser;
    if (pressed_plain(ImGuiKey_P)) ui.tool = Tool::probe;
    if (pressed_plain(ImGuiKey_LeftBracket, true))
        ui.brush_width = std::max(ui.brush_width / 1.15f, 0.02f);
    if (pressed_plain(ImGuiKey_RightBracket, true))
        ui.brush_width = std::min(ui.brush_width * 1.15f, 1.5f);
    if (const Press press = pressed(ImGuiKey_F); press && !press.control) {
        if (press.shift)
            reset_view(ui);
        else
            ui.view_follows = true;
    }
    if (pressed_plain(ImGuiKey_L)) ui.dark = !ui.dark;
    if (pressed_plain(ImGuiKey_E)) requests.export_picture = true;
    if (pressed_plain(ImGuiKey_LeftArrow, true)) move_time(ui, 0.01);
    if (pressed_plain(ImGuiKey_RightArrow, true)) move_time(ui, -0.01);
    if (pressed_plain(ImGuiKey_Home)) ui.time = 1;
    if (pressed_plain(ImGuiKey_End)) move_time(ui, -1);
    if (const Press press = pressed(ImGuiKey_Slash); press && press.shift && !press.control)
        ui.show_keys = !ui.show_keys;
}

/// Escape closes what is open and is no dialog: a menu, a list. ImGui does it itself only where the
/// keyboard moves between its controls.
void close_list() {
    const ImGuiContext& context = *ImGui::GetCurrentContext();
    const int open = context.OpenPopupStack.Size;
    if (open == 0) return;
    const ImGuiWindow* top = context.OpenPopupStack[open - 1].Window;
    if (top == nullptr || (top->Flags & ImGuiWindowFlags_Modal) != 0) return;
    ImGui::ClosePopupToLevel(open - 1, true);
}

}  // namespace

void press_keys(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests) {
    if (pressed(ImGuiKey_F11)) requests.toggle_fullscreen = true;
    if (ImGui::GetIO().WantTextInput) return;
    if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup)) {
        if (pressed(ImGuiKey_Escape)) close_list();
        return;
    }
    if (pressed(ImGuiKey_Escape)) ui.show_keys = false;
    if (const Press press = pressed(ImGuiKey_Z, true)) {
        if (press.shift)
            commands.send(command::Redo{});
        else
            commands.send(command::Undo{});
    }
    with_control(ui, commands, requests);
    plain(snapshot, ui, commands, requests);
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
