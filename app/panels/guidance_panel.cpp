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

const char* word(double scale) {
    if (scale < 0) return "away";
    if (scale == 0) return "unconditional";
    if (scale < 1) return "between";
    return scale == 1 ? "conditional" : "extrapolated";
}

bool interval(GuidanceSettings& guidance) {
    const auto two = [](double v) { return fixed(v, 2); };
    constexpr const char* tip =
        "Guidance acts for t between these two; outside of them the conditional field does "
        "(w = 1)";
    bool changed = slider({"from", "from $t$", tip}, &guidance.interval_low,
                          {.low = 0, .high = 1, .show = two});
    if (changed) guidance.interval_high = std::max(guidance.interval_high, guidance.interval_low);
    if (slider({"to", "to $t$", tip}, &guidance.interval_high,
               {.low = 0, .high = 1, .show = two})) {
        changed = true;
        guidance.interval_low = std::min(guidance.interval_low, guidance.interval_high);
    }
    return changed;
}

/// Where the data have no such label any more, for all panes that ask for one that is gone: one
/// that they have, or, where nothing else could be told from it, no guidance.
void offer_label(const Snapshot& snapshot, int label, Commands& commands) {
    const std::vector<int> classes = classes_in(snapshot.data.get());
    const auto gone = [&](int asked) {
        return std::find(classes.begin(), classes.end(), asked) == classes.end();
    };
    if (classes.empty() || !gone(label)) return;
    hint("No point has the label " + std::to_string(label) + ".");
    gap(4);
    const int there = classes.size() > 1 ? classes.back() : -1;
    const std::string text =
        there < 0 ? std::string("No guidance") : "Use label " + std::to_string(there);
    if (button({.id = "use label",
                .icon = "",
                .text = text,
                .tooltip = "In all panes that are guided to a label which no point has",
                .height = px(24)})) {
        std::vector<ViewSpec> views = snapshot.scene->views;
        for (ViewSpec& view : views) {
            if (view.guidance.kind == GuidanceKind::none || !gone(view.guidance.label)) continue;
            view.guidance.label = std::max(there, 0);
            if (there < 0) view.guidance.kind = GuidanceKind::none;
        }
        commands.edit(command::SetViews{std::move(views)});
    }
}

}  // namespace

void draw_guidance_panel(const Snapshot& snapshot, UiState& ui, Commands& commands) {
    ViewSpec view = active_view(snapshot, ui);
    GuidanceSettings& guidance = view.guidance;
    const bool on = guidance.kind != GuidanceKind::none;
    const std::string summary =
        on ? "$w$ = " + compact(guidance.scale, 3) + " " + word(guidance.scale)
           : "$s_w = s_\\varnothing + w (s_c - s_\\varnothing)$";
    if (group("Guidance", "Guidance", summary, opens(Group::guidance))) {
        const std::vector<int> labels = labels_in(snapshot.data.get());
        if (labels.empty() && !on) {
            hint("Paint with a label of the toolbar: guidance pulls samples towards one of them.");
        } else {
            bool changed = combo(
                {"kind", "kind",
                 "classifier-free: from the network with and without the label. classifier: by the "
                 "gradient of $\\log p(c|x)$. autoguidance: away from a weaker copy"},
                &guidance.kind, [](GuidanceKind kind) { return pretty(kind); });
            if (changed) {
                if (!labels.empty() &&
                    std::find(labels.begin(), labels.end(), guidance.label) == labels.end())
                    guidance.label = labels.back();
            }
            if (on) {
                changed |= slider(
                    {"scale", "scale $w$",
                     "0: unconditional, 1: conditional, above 1 the difference of the two is "
                     "extrapolated; below 0 away from the label"},
                    &guidance.scale, {.low = -1, .high = 10, .step = 0.05, .show = [](double v) {
                                          return fixed(v, 2);
                                      }});
                changed |= label_chips({"label", "label", "The label that is asked for"},
                                       &guidance.label, labels);
                changed |= interval(guidance);
            }
            if (changed)
                commands.edit(command::SetView{ui.active_pane, view});
            else if (on)
                offer_label(snapshot, guidance.label, commands);
        }
    }
    end_group();
}

}  // namespace driftglass
