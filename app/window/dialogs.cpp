#include "app/window/dialogs.hpp"

#include <imgui.h>
#include <imgui_stdlib.h>
#include <portable_file_dialogs.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

struct Dialogs::Native {
    std::unique_ptr<pfd::open_file> open;
    std::unique_ptr<pfd::save_file> save;
};

namespace {

struct Facts {
    const char* title = "File";
    std::vector<std::string> filters = {"All files", "*"};
    std::string_view ending = {};  ///< of the files that it writes; empty: it opens one

    bool saves() const { return !ending.empty(); }
};

Facts facts_of(FileAsk what) {
    switch (what) {
        case FileAsk::open_scene:
            return {"Open scene", {"Scenes (*.json)", "*.json", "All files", "*"}, {}};
        case FileAsk::save_scene:
            return {"Save scene as", {"Scenes (*.json)", "*.json", "All files", "*"}, ".json"};
        case FileAsk::save_weights:
            return {"Save weights", {"Weights (*.pt)", "*.pt"}, ".pt"};
        case FileAsk::import_csv:
            return {"Import points from CSV",
                    {"Tables (*.csv)", "*.csv *.txt *.tsv", "All files", "*"},
                    {}};
        case FileAsk::save_picture:
            return {"Save a picture of the window", {"Pictures (*.png)", "*.png"}, ".png"};
        case FileAsk::none:
            break;
    }
    return {};
}

std::filesystem::path with_ending(std::filesystem::path file, const Facts& facts) {
    if (facts.saves() && !file.has_extension()) file += facts.ending;
    return file;
}

}  // namespace

Dialogs::Dialogs(bool native) : may_use_native_(native) {}
Dialogs::~Dialogs() = default;

void Dialogs::ask(FileAsk what, const std::filesystem::path& suggestion) {
    if (open()) return;
    asking_ = what;
    path_ = suggestion.string();
    just_opened_ = true;
    // To look for the system's dialogs starts several programs: not before one is wanted.
    if (!may_use_native_ || !pfd::settings::available()) return;
    native_ = std::make_unique<Native>();
    const Facts facts = facts_of(what);
    if (facts.saves())
        native_->save = std::make_unique<pfd::save_file>(facts.title, path_, facts.filters);
    else
        native_->open = std::make_unique<pfd::open_file>(facts.title, path_, facts.filters);
}

std::optional<Dialogs::Answer> Dialogs::draw() {
    if (asking_ == FileAsk::none) return std::nullopt;
    const FileAsk what = asking_;
    const Facts facts = facts_of(what);
    if (native_) {
        const bool ready = native_->open ? native_->open->ready(0) : native_->save->ready(0);
        if (!ready) return std::nullopt;
        std::string chosen;
        if (native_->open) {
            const std::vector<std::string> files = native_->open->result();
            if (!files.empty()) chosen = files.front();
        } else {
            chosen = native_->save->result();
        }
        native_.reset();
        const std::filesystem::path file = with_ending(chosen, facts);
        // The system has asked about the name without its ending: the box says what is replaced.
        std::error_code ignored;
        if (!chosen.empty() && facts.saves() && file != chosen &&
            std::filesystem::exists(file, ignored)) {
            path_ = file.string();
            return std::nullopt;
        }
        asking_ = FileAsk::none;
        if (chosen.empty()) return std::nullopt;
        return Answer{what, file};
    }

    const char* popup = "File";
    if (just_opened_) ImGui::OpenPopup(popup);
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({screen.x / 2, screen.y * 0.38f}, ImGuiCond_Always, {0.5f, 0.5f});
    ImGui::SetNextWindowSize({std::min(em(46), screen.x - em(4)), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(22), px(18)});
    std::optional<Answer> answer;
    if (ImGui::BeginPopupModal(popup, nullptr,
                               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoSavedSettings)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_text(ImGui::GetWindowDrawList(), at.x, at.y + px(8), colour(theme().text), facts.title,
                  {1.07f, Weight::medium});
        ImGui::Dummy({0, px(24)});
        ImGui::SetNextItemWidth(-1);
        if (just_opened_ || std::exchange(type_again_, false)) ImGui::SetKeyboardFocusHere();
        const bool entered =
            ImGui::InputText("##path", &path_, ImGuiInputTextFlags_EnterReturnsTrue);
        const std::filesystem::path file = with_ending(path_, facts);
        std::error_code ignored;
        const bool exists = !path_.empty() && std::filesystem::is_regular_file(file, ignored);
        const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
        const bool folder_there = std::filesystem::is_directory(folder, ignored);
        const char* hint = path_.empty()                    ? "Type the path of a file."
                           : facts.saves() && !folder_there ? "There is no such folder."
                           : facts.saves() && exists        ? "This file will be replaced."
                           : !facts.saves() && !exists      ? "There is no such file."
                                                            : " ";
        ImGui::PushStyleColor(ImGuiCol_Text, colour4(theme().dim_text));
        ImGui::TextUnformatted(hint);
        ImGui::PopStyleColor();
        const bool possible = !path_.empty() && (facts.saves() ? folder_there : exists);
        if (entered && !possible) type_again_ = true;
        gap(6);
        const bool agreed = button({.id = "ok",
                                    .icon = "",
                                    .text = facts.saves() ? "Save" : "Open",
                                    .tooltip = "",
                                    .active = possible,
                                    .enabled = possible,
                                    .width = px(96)});
        ImGui::SameLine(0, px(8));
        const bool cancelled =
            button(
                {.id = "cancel", .icon = "", .text = "Cancel", .tooltip = "", .width = px(96)}) ||
            ImGui::IsKeyPressed(ImGuiKey_Escape);
        if ((agreed || entered) && possible) {
            answer = Answer{what, file};
            asking_ = FileAsk::none;
            ImGui::CloseCurrentPopup();
        } else if (cancelled) {
            asking_ = FileAsk::none;
            ImGui::CloseCurrentPopup();
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
    just_opened_ = false;
    return answer;
}

}  // namespace driftglass
