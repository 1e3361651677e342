#include "app/window/notices.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/panels/design.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/messages.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

constexpr double fades = 0.25;  // seconds

/// What a sentence takes to be seen and read, at some 15 letters a second.
double lasts(const std::string& text) {
    return 2.5 + static_cast<double>(text.size()) / 15;
}

constexpr ImGuiWindowFlags plain = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav |
                                   ImGuiWindowFlags_NoDocking | ImGuiWindowFlags_NoFocusOnAppearing;

void wrapped(const std::string& text, float width) {
    ImGui::Dummy(draw_wrapped(ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), width,
                              ImGui::GetColorU32(ImGuiCol_Text), window_words(text), 1));
}

void banner(const Snapshot& snapshot, Commands& commands) {
    // That there is nothing to learn yet is said in a pane.
    const bool empty = snapshot.data && snapshot.data->size() == 0;
    if (!snapshot.banner || (empty && !snapshot.banner->fault)) return;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float width = std::min(em(52), screen.x - em(4));
    ImGui::SetNextWindowPos({screen.x / 2, px(84)}, ImGuiCond_Always, {0.5f, 0});
    ImGui::SetNextWindowSize({width, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, px(1)));
    const Rgb hue = snapshot.banner->fault ? theme().sde : theme().data;
    ImGui::PushStyleColor(ImGuiCol_Border, colour4(hue, 0.7f));
    if (ImGui::Begin("Banner", nullptr, plain)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_icon(ImGui::GetWindowDrawList(), at.x + px(8), at.y + px(15), colour(hue),
                  icon::warning);
        ImGui::SetCursorScreenPos({at.x + px(26), at.y + px(6)});
        const float close = px(30);
        wrapped(snapshot.banner->text, width - px(26) - close - px(28));
        const ImVec2 after = ImGui::GetCursorScreenPos();
        ImGui::SetCursorScreenPos({at.x + width - px(24) - close, at.y});
        if (button({.id = "dismiss",
                    .icon = icon::close,
                    .text = "",
                    .tooltip = "Dismiss",
                    .framed = false,
                    .height = px(30),
                    .width = close}))
            commands.send(command::DismissBanner{});
        ImGui::SetCursorScreenPos({at.x, std::max(after.y, at.y + px(30))});
        ImGui::Dummy({0, 0});
    }
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar();
}

}  // namespace

void Notices::add(std::string text, bool is_error) {
    if (is_error)
        errors_.push_back(std::move(text));
    else
        passing_.push_back({std::move(text)});
}

void Notices::follow(const Snapshot& snapshot) {
    if (snapshot.notice_id == seen_) return;
    seen_ = snapshot.notice_id;
    if (!snapshot.notice.empty()) add(snapshot.notice, snapshot.notice_is_error);
}

void Notices::draw(const Snapshot& snapshot, Commands& commands, double now) {
    banner(snapshot, commands);
    for (Passing& message : passing_) {
        if (message.since < 0) message.since = now;
    }
    std::erase_if(passing_, [&](const Passing& message) {
        return now - message.since > lasts(message.text);
    });
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    float y = screen.y - px(24);
    for (std::size_t i = passing_.size(); i-- > 0;) {
        const Passing& message = passing_[i];
        const double age = now - message.since;
        const auto alpha = static_cast<float>(
            std::clamp(std::min(age, lasts(message.text) - age) / fades, 0.0, 1.0));
        ImGui::SetNextWindowPos({screen.x - px(24), y}, ImGuiCond_Always, {1, 1});
        ImGui::PushStyleVar(ImGuiStyleVar_Alpha, std::max(alpha, 0.01f));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, px(1)));
        const std::string id = "message " + std::to_string(i);
        if (ImGui::Begin(id.c_str(), nullptr,
                         plain | ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_AlwaysAutoResize))
            wrapped(message.text, em(30));
        y -= ImGui::GetWindowHeight() + px(8);
        ImGui::End();
        ImGui::PopStyleVar(2);
    }

    if (!errors_.empty() && !ImGui::IsPopupOpen("Error")) ImGui::OpenPopup("Error");
    ImGui::SetNextWindowPos({screen.x / 2, screen.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(22), px(20)});
    if (ImGui::BeginPopupModal("Error", nullptr, plain | ImGuiWindowFlags_AlwaysAutoResize)) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_icon(ImGui::GetWindowDrawList(), at.x + px(10), at.y + px(9), colour(theme().data),
                  icon::warning, 1.1f);
        ImGui::Indent(px(32));
        if (!errors_.empty()) wrapped(errors_.front(), std::min(em(36), screen.x - em(8)));
        ImGui::PushStyleColor(ImGuiCol_Text, colour4(theme().dim_text));
        ImGui::TextUnformatted("Your work is as it was.");
        ImGui::PopStyleColor();
        gap(8);
        const bool closed = button({.id = "close",
                                    .icon = "",
                                    .text = "Close",
                                    .tooltip = "",
                                    .active = true,
                                    .height = px(32),
                                    .width = px(96)}) ||
                            ImGui::IsKeyPressed(ImGuiKey_Escape) ||
                            ImGui::IsKeyPressed(ImGuiKey_Enter);
        ImGui::Unindent(px(32));
        if (closed) {
            if (!errors_.empty()) errors_.erase(errors_.begin());
            ImGui::CloseCurrentPopup();
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

}  // namespace driftglass
