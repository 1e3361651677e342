#include "app/panels/training_time.hpp"

#include <imgui.h>
#include <implot.h>

#include <algorithm>
#include <cmath>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

/// A view that follows the training, or stands at an earlier step of it.
bool follows(const ViewSpec& view) {
    return view.field == FieldKind::learned && view.round < 0;
}

}  // namespace

void training_time_handle(const Snapshot& snapshot, Commands& commands, double last_step) {
    const std::vector<std::int64_t>& kept = snapshot.status.kept_steps;
    if (kept.size() < 2 || last_step <= 0) return;
    std::vector<ViewSpec> views = snapshot.scene->views;
    std::int64_t shown = -1;
    bool any = false;
    for (const ViewSpec& view : views) {
        if (!follows(view)) continue;
        any = true;
        shown = std::max(shown, view.weights_step);
    }
    if (!any) return;
    const ImVec2 at = ImPlot::GetPlotPos();
    const ImVec2 size = ImPlot::GetPlotSize();
    const double place = shown < 0 ? last_step : std::min(static_cast<double>(shown), last_step);
    // Older weights than the axis begins with stand at its left end.
    const float x = std::max(ImPlot::PlotToPixels(place, 0).x, at.x);

    const ImVec2 cursor = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({at.x, at.y - px(6)});
    ImGui::InvisibleButton("training time", {size.x + px(6), size.y + px(6)});
    const bool active = ImGui::IsItemActive();
    const bool hovered = ImGui::IsItemHovered();
    tooltip(
        "Training time: drag back to how the model was; at the right end the panes follow it "
        "again");
    ImGui::SetCursorScreenPos(cursor);
    ImGui::Dummy({0, 0});
    if (hovered || active) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (active) {
        const double share =
            std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - at.x) / size.x), 0.0, 1.0);
        std::int64_t wanted = -1;
        if (share < 0.985) {
            const double step = ImPlot::PixelsToPlot(ImGui::GetIO().MousePos).x;
            const auto above =
                std::upper_bound(kept.begin(), kept.end(), static_cast<std::int64_t>(step));
            wanted = above == kept.begin() ? kept.front() : *std::prev(above);
        }
        bool changed = false;
        for (ViewSpec& view : views) {
            if (!follows(view) || view.weights_step == wanted) continue;
            view.weights_step = wanted;
            changed = true;
        }
        if (changed) commands.edit(command::SetViews{views});
    }
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const bool back = shown >= 0;
    const Rgb ink = back || hovered || active ? theme().accent : theme().dim_text;
    const float wide = std::max(1.0f, std::round(px(1.5f)));
    const float left = std::round(x - wide / 2);
    draw->AddRectFilled({left, at.y}, {left + wide, at.y + size.y}, colour(ink));
    draw->AddCircleFilled({left + wide / 2, at.y}, px(hovered || active ? 4.6f : 4), colour(ink));
    if (back) {
        const std::string words = "step " + grouped(shown);
        const float width = text_width(words, {0.86f});
        const bool fits = left + px(10) + width < at.x + size.x;
        draw_text(draw, fits ? left + px(8) : left - px(8), at.y + px(8), colour(theme().text),
                  words, {0.86f}, fits ? Align::left : Align::right);
    }
}

}  // namespace driftglass
