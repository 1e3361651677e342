#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/comparisons.hpp"
#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/messages.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

constexpr int most_rounds = 10;

/// What is going on, and how much of it is done (negative: nothing).
struct Stage {
    std::string words;
    double share = -1;
};

Stage stage_of(const Snapshot& snapshot) {
    const ReflowStatus& now = snapshot.status.reflow;
    const ReflowSettings& reflow = snapshot.scene->reflow;
    if (now.pairs_wanted > 0) {
        return {"pairs " + grouped(now.pairs_made) + " of " + grouped(now.pairs_wanted),
                static_cast<double>(now.pairs_made) / static_cast<double>(now.pairs_wanted)};
    }
    if (now.round < reflow.rounds)
        return {snapshot.status.running ? "waiting for the model" : "waiting: training is paused",
                0};
    if (now.round > 0 && snapshot.status.step < reflow.steps) {
        return {"round " + std::to_string(now.round) + ", step " + grouped(snapshot.status.step) +
                    " of " + grouped(reflow.steps),
                static_cast<double>(snapshot.status.step) / static_cast<double>(reflow.steps)};
    }
    return {};
}

}  // namespace

void draw_reflow_panel(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    ReflowSettings reflow = snapshot.scene->reflow;
    const ReflowStatus& now = snapshot.status.reflow;
    if (group("Reflow", "Reflow", "round " + std::to_string(now.round), opens(Group::reflow))) {
        const auto whole = [](double v) { return grouped(std::llround(v)); };
        const bool busy = now.round < reflow.rounds;
        const Stage stage = stage_of(snapshot);
        const float height = px(24), width = px(76), gap = px(6);
        const ImVec2 row = ImGui::GetCursorScreenPos();
        const float end = row.x + ImGui::GetContentRegionAvail().x;
        double pairs = static_cast<double>(reflow.pairs);
        // A change would begin the pairs anew: not while they are being made.
        if (slider({"pairs", "pairs",
                    "Pairs of noise and sample, made by the present model, that a round learns",
                    !busy, width + gap},
                   &pairs,
                   {.low = 1000,
                    .high = 100000,
                    .scale = Scale::logarithmic,
                    .step = 1000,
                    .show = whole,
                    .type_format = "%.0f"})) {
            reflow.pairs = std::llround(pairs);
            commands.edit(command::SetReflow{reflow});
        }
        const char* refused = why_no_rounds(*snapshot.scene);
        // Nothing below the button is covered by its tooltip while there is something to be seen.
        std::string about;
        if (refused != nullptr)
            about = window_words(std::string("reflow.rounds: ") + refused);
        else if (stage.words.empty()) {
            about =
                "Make pairs with the present model and train the next round on them: its paths "
                "are straighter (Liu et al. 2023).";
            if (const std::string early = not_there_yet(snapshot); !early.empty())
                about += "\n\n" + early;
        }
        ImVec2 below = ImGui::GetCursorScreenPos();
        ImGui::SetCursorScreenPos({end - width, row.y});
        if (button({.id = "reflow",
                    .icon = "",
                    .text = "Reflow",
                    .tooltip = about.c_str(),
                    .active = !busy,
                    .enabled = !busy && now.round < most_rounds && refused == nullptr,
                    .height = height,
                    .width = width})) {
            reflow.rounds = now.round + 1;
            const std::vector<ViewSpec>& views = snapshot.scene->views;
            const std::vector<ViewSpec> beside =
                beside_next_round(*snapshot.scene, now.round, ui.panes);
            show_comparison(ui, views, beside, Plot::rounds, true);
            // Of one press: one step of undo.
            commands.edit(command::SetReflow{reflow});
            if (beside != views) commands.edit(command::SetViews{beside});
        }
        // Each at a place of its own: a press that comes as one gives way to another hits neither.
        const bool back = now.round > 0 && !busy;
        float left = below.x, right = end;
        if (back) {
            ImGui::SetCursorScreenPos(below);
            if (button({.id = "back",
                        .icon = "",
                        .text = "Drop",
                        .tooltip = "Back to the round before; undo brings the setting back, the "
                                   "round is then made again",
                        .height = height,
                        .width = width})) {
                reflow.rounds = now.round - 1;
                commands.edit(command::SetReflow{reflow});
            }
            left += width + gap;
        }
        if (busy) {
            ImGui::SetCursorScreenPos({end - width, below.y});
            if (button({.id = "cancel",
                        .icon = "",
                        .text = "Cancel",
                        .tooltip = "Stop here: the rounds that are done stay",
                        .height = height,
                        .width = width})) {
                reflow.rounds = now.round;
                commands.edit(command::SetReflow{reflow});
                if (ui.compared && ui.compared->by_reflow &&
                    snapshot.scene->views == ui.compared->after)
                    commands.edit(command::SetViews{ui.compared->before});
            }
            right -= width + gap;
        }
        ImGui::SetCursorScreenPos(below);
        if (!stage.words.empty()) {
            progress({left, below.y}, right - left, height, static_cast<float>(stage.share),
                     stage.words, theme().reflow);
        }
        ImGui::Dummy({0, back || !stage.words.empty() ? height : 0});
    }
    end_group();
}

}  // namespace driftglass
