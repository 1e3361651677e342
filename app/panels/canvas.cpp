#include "app/panels/canvas.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "app/layers/profile.hpp"
#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/messages.hpp"
#include "app/panels/placed_picture.hpp"
#include "app/panels/probe.hpp"
#include "app/panels/widgets.hpp"
#include "app/tools/pan.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

namespace {

void use_tool(const ViewMap& map, int pane, int dimension, UiState& ui, Commands& commands,
              StrokeInProgress& stroke) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool active = ImGui::IsItemActive();
    const bool hovered = ImGui::IsItemHovered();
    if (hovered && io.MouseWheel != 0)
        zoom_at(ui, map, io.MousePos, std::pow(1.15f, io.MouseWheel));
    if (!active) {
        if (stroke.pane != pane) return;
        // In a slow frame the mouse comes to where it is let go in that very frame.
        if (ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(ImGuiMouseButton_Left))
            paint_to(stroke, pane, dimension, map, io.MousePos, ui, commands);
        stroke = {};
        return;
    }
    const bool left = ImGui::IsMouseDown(ImGuiMouseButton_Left);
    const bool panning =
        ImGui::IsMouseDown(ImGuiMouseButton_Middle) || (left && ui.tool == Tool::pan);
    if (panning) {
        if (io.MouseDelta.x != 0 || io.MouseDelta.y != 0) pan_by(ui, map, io.MouseDelta);
    } else if (left && ui.tool != Tool::probe) {
        paint_to(stroke, pane, dimension, map, io.MousePos, ui, commands);
    }
}

/// The picture, its corners covered by the window's ground to a radius.
void place_rounded(ImDrawList* draw, const PlacedPicture& picture, ImVec2 end) {
    place_picture(draw, picture);
    const ImVec2 a = picture.origin;
    const float radius = px(6);
    const auto corner = [&](ImVec2 at, ImVec2 centre, int first_twelfth) {
        draw->PathLineTo(at);
        draw->PathArcToFast(centre, radius, first_twelfth, first_twelfth + 3);
        draw->PathFillConvex(colour(theme().window));
    };
    corner(a, {a.x + radius, a.y + radius}, 6);
    corner({end.x, a.y}, {end.x - radius, a.y + radius}, 9);
    corner(end, {end.x - radius, end.y - radius}, 0);
    corner({a.x, end.y}, {a.x + radius, end.y - radius}, 3);
    // White on near-white: only a line parts the light canvas from the window.
    if (!theme().dark) draw->AddRect(a, end, colour(theme().border), radius, 1);
}

constexpr float legend_height = 22;  ///< at em = 14

/// What the curves of a profile are, in a line over the pane's numbers; the last ones go where it
/// is too narrow.
void draw_profile_legend(ImDrawList* draw, const ViewMap& map, const Profile& profile,
                         const ViewSpec& view) {
    const ProfileColours colours = profile_colours(theme(), path_colour(theme(), view));
    struct Entry {
        bool shown;
        Rgb colour;
        const char* text;
        bool dashed = false;
    };
    const Entry entries[] = {
        {!profile.samples.empty(), colours.samples, "samples"},
        {!profile.density.empty(), colours.density, "$q_t$"},
        {!profile.tilted.empty(), colours.tilted, "$q_t\\,q_t(c|x)^w$"},
        {!profile.share.empty(), colours.share, "$q_t(c|x)$", true},
    };
    float x = map.origin.x + px(12);
    const float end = map.origin.x + map.size.x - px(12);
    const float y = map.origin.y + map.size.y - px(caption_height + legend_height / 2);
    for (const Entry& entry : entries) {
        const float wide = px(20) + rich_width(entry.text, 0.93f);
        if (!entry.shown || x + wide > end) continue;
        for (const float part : {0.0f, 5.5f, 11.0f}) {
            const float to = entry.dashed ? part + 3.5f : 14.5f;
            draw->AddLine({x + px(part), y}, {x + px(to), y}, colour(entry.colour), px(2));
            if (!entry.dashed) break;
        }
        draw_rich(draw, x + px(20), y, colour(theme().dim_text), colour(theme().text), entry.text,
                  0.93f);
        x += wide + px(16);
    }
}

void show_cursor(const UiState& ui) {
    if (ui.tool == Tool::pan || ImGui::IsMouseDown(ImGuiMouseButton_Middle))
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    else if (ui.tool == Tool::probe)
        ImGui::SetMouseCursor(ImGuiMouseCursor_Arrow);
    else
        ImGui::SetMouseCursor(ImGuiMouseCursor_None);
}

constexpr float caption_size = 1.07f;

float dot_width() {
    return px(14);
}

float draw_dot(ImDrawList* draw, float x, float y) {
    draw_text(draw, x + dot_width() / 2, y, colour(theme().dim_text), "\xc2\xb7",
              {caption_size, Weight::medium}, Align::centre);
    return x + dot_width();
}

float caption_width(const ViewWords& words, std::string ViewWords::* part) {
    return part == &ViewWords::method ? text_width(words.*part, {caption_size, Weight::medium})
                                      : rich_width(words.*part, caption_size);
}

float number_width(const PaneNumber& number) {
    return px(4) + rich_width(number.name, 1) + text_width(number.value, {1, Weight::medium}) +
           rich_width(number.after, 1);
}

std::vector<PaneNumber> numbers_of(const PaneSnapshot& shown, const ViewSpec& view) {
    std::vector<PaneNumber> numbers;
    const PaneMetrics* metrics = shown.metrics.get();
    if (metrics != nullptr) {
        numbers.push_back(
            {metrics->to_tilt ? "$W_2$ to tilt " : "$W_2$ ", fixed(metrics->w2, 3),
             metrics->w2_floor > 0 ? " \xc2\xb7 floor " + fixed(metrics->w2_floor, 3) : ""});
    }
    if (shown.trajectories && shown.trajectories->nfe > 0)
        numbers.push_back({"NFE ", std::to_string(shown.trajectories->nfe), ""});
    if (metrics != nullptr && metrics->paths) {
        const double s = metrics->paths->straightness;
        numbers.push_back(
            {"straightness ", s < 0.1 ? compact(s, 2) : fixed(s, s < 10 ? 2 : 1), ""});
    }
    if (metrics != nullptr && metrics->w2_to_first)
        numbers.push_back({"to A ", fixed(*metrics->w2_to_first, 3), ""});
    if (metrics != nullptr && metrics->paths)
        numbers.push_back({"path energy ", fixed(metrics->paths->energy, 2), ""});
    if (is_stochastic(view.sampler) && view.sampler.noise > 0)
        numbers.push_back({"noise $u{/}g$ ", compact(view.sampler.noise, 2), ""});
    return numbers;
}

/// Returns where a button under the text would begin.
ImVec2 note(ImDrawList* draw, const ViewMap& map, const std::string& text) {
    const float wrap = std::min(map.size.x - px(60), em(26));
    const ImVec2 extent = draw_wrapped(nullptr, {}, wrap, 0, text, 1);
    const ImVec2 at{map.origin.x + (map.size.x - extent.x) / 2,
                    map.origin.y + (map.size.y - extent.y) / 2};
    draw->AddRectFilled({at.x - px(14), at.y - px(10)},
                        {at.x + extent.x + px(14), at.y + extent.y + px(10)},
                        colour(theme().panel, 0.94f), px(6));
    draw_wrapped(draw, at, wrap, colour(theme().text), text, 1);
    return {at.x - px(14), at.y + extent.y + px(18)};
}

/// Guidance asks the network twice for one value of the field.
std::string what_nfe_counts(const PaneSnapshot* shown) {
    if (shown == nullptr || !shown->trajectories || shown->trajectories->nfe == 0) return {};
    const Trajectories& paths = *shown->trajectories;
    std::string text = "\nNFE " + grouped(paths.nfe) + ": evaluations of the field for each path";
    if (paths.network_evaluations != paths.nfe)
        text += ", which took " + grouped(paths.network_evaluations) + " of the network";
    return text;
}

std::string why_nothing(const Snapshot& snapshot, const PaneSnapshot* shown, bool first) {
    // Once is enough, and the first pane is as good as any to draw in.
    if (snapshot.data && snapshot.data->size() == 0)
        return first ? "Nothing to learn yet: draw here with the brush, or choose a preset at the "
                       "left."
                     : "";
    if (shown != nullptr && !shown->note.empty()) return window_words(shown->note);
    return {};
}

}  // namespace

void draw_pairing(ImDrawList* draw, const ViewMap& map, const std::vector<float>& lines,
                  float strength) {
    for (std::size_t i = 0; i + 3 < lines.size(); i += 4) {
        const ImVec2 data = map.to_pixel(lines[i], lines[i + 1]);
        draw->AddLine(data, map.to_pixel(lines[i + 2], lines[i + 3]),
                      colour(theme().conditional, 0.7f * strength), px(1));
        draw->AddCircleFilled(data, px(1.8f), colour(theme().data, strength));
    }
}

ViewMap pane_map(const Rect& view, ImVec2 origin, ImVec2 size, int dimension) {
    return view_map(view, origin, size, dimension, px(caption_height),
                    px(caption_height + (dimension == 1 ? legend_height : 0)));
}

void shade_pane_edges(ImDrawList* draw, const ViewMap& map, float more_below) {
    const float left = map.origin.x + px(2), right = map.origin.x + map.size.x - px(2);
    const float top = map.origin.y, bottom = map.origin.y + map.size.y;
    const ImU32 full = colour(theme().canvas, 0.88f), none = colour(theme().canvas, 0);
    const float solid = px(26), fading = px(16), below = solid + more_below;
    draw->AddRectFilled({left, top}, {right, top + solid}, full, px(6), ImDrawFlags_RoundTop);
    draw->AddRectFilledMultiColor({left, top + solid}, {right, top + solid + fading}, full, full,
                                  none, none);
    draw->AddRectFilledMultiColor({left, bottom - below - fading}, {right, bottom - below}, none,
                                  none, full, full);
    draw->AddRectFilled({left, bottom - below}, {right, bottom}, full, px(6),
                        ImDrawFlags_RoundBottom);
}

ViewWords fitting_words(const std::vector<ViewWords>& all, std::size_t pane, float width) {
    const auto fitting = [&](const ViewWords& words) {
        ViewWords shown;
        float left = width;
        for (const bool common : {false, true}) {
            for (std::string ViewWords::* part :
                 {&ViewWords::method, &ViewWords::guidance, &ViewWords::pairing, &ViewWords::field,
                  &ViewWords::solver}) {
                const bool same = std::all_of(all.begin(), all.end(), [&](const ViewWords& other) {
                    return other.*part == all[pane].*part;
                });
                const bool first = left == width;
                const float wanted = caption_width(words, part) + (first ? 0 : dot_width());
                if (same != common || (words.*part).empty() || wanted > left) continue;
                left -= wanted;
                shown.*part = words.*part;
            }
        }
        return shown;
    };
    const ViewWords shown = fitting(all[pane]);
    if (sentence(shown) == sentence(all[pane])) return shown;
    ViewWords shorter = all[pane];
    shorter.solver = shorter.short_solver;
    return fitting(shorter);
}

void draw_pane_caption(ImDrawList* draw, const ViewMap& map, const Snapshot& snapshot,
                       std::size_t pane, std::size_t panes, float right) {
    const Rgb hue = method_colour(theme(), shown_view(snapshot, pane));
    float x = map.origin.x + px(11);
    const float y = map.origin.y + px(19);
    const float half = px(10);
    draw->AddRectFilled({x, y - half}, {x + 2 * half, y + half}, colour(hue), px(4));
    const char letter[2] = {static_cast<char>('A' + pane), 0};
    draw_text(draw, x + half, y, colour(theme().dark ? theme().window : 0xFFFFFF), letter,
              {0.93f, Weight::medium}, Align::centre);
    x += 2 * half + px(9);
    const ViewWords words = fitting_words(view_words(snapshot, panes), pane, right - x);
    bool first = true;
    for (std::string ViewWords::* part :
         {&ViewWords::field, &ViewWords::pairing, &ViewWords::method, &ViewWords::solver,
          &ViewWords::guidance}) {
        if ((words.*part).empty()) continue;
        if (!first) x = draw_dot(draw, x, y);
        first = false;
        const ImU32 ink = colour(theme().text);
        if (part == &ViewWords::method)
            draw_text(draw, x, y, colour(hue), words.*part, {caption_size, Weight::medium});
        else
            draw_rich(draw, x, y, ink,
                      part == &ViewWords::guidance ? colour(theme().guidance) : ink, words.*part,
                      caption_size);
        x += caption_width(words, part);
    }
}

std::vector<PaneNumber> fitting_numbers(const PaneSnapshot& shown, const ViewSpec& view,
                                        float width) {
    std::vector<PaneNumber> numbers = numbers_of(shown, view);
    std::erase_if(numbers, [&](const PaneNumber& number) {
        const float wanted = number_width(number);
        if (wanted > width) return true;
        width -= wanted + px(20);
        return false;
    });
    return numbers;
}

void draw_pane_footer(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                      const ViewSpec& view) {
    float x = map.origin.x + px(12);
    const float y = map.origin.y + map.size.y - px(17);
    const ImU32 dim = colour(theme().dim_text);
    const ImU32 math = colour(mix(theme().dim_text, theme().text, 0.6f));
    for (const PaneNumber& number : fitting_numbers(shown, view, map.size.x - px(22))) {
        x += draw_rich(draw, x, y, dim, math, number.name, 1) + px(2);
        draw_text(draw, x, y, colour(theme().text), number.value, {1, Weight::medium});
        x += text_width(number.value, {1, Weight::medium});
        x += draw_rich(draw, x, y, dim, math, number.after, 1) + px(20);
    }
}

void draw_canvas(const Snapshot& snapshot, int pane, UiState& ui, Commands& commands,
                 const Picture& picture, StrokeInProgress& stroke, double now) {
    const ImVec2 origin = ImGui::GetWindowPos();
    const ImVec2 size = ImGui::GetWindowSize();
    const ViewMap map = pane_map(ui.view, origin, size, snapshot.scene->dimension);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const auto index = static_cast<std::size_t>(pane);
    const ViewSpec view = shown_view(snapshot, index);
    const PaneSnapshot* shown = index < snapshot.panes.size() ? &snapshot.panes[index] : nullptr;

    const bool has_picture = picture && shown != nullptr;
    if (!has_picture) draw->AddRectFilled(origin, origin + size, colour(theme().canvas), px(6));
    if (has_picture) {
        const ImVec2 scale = ImGui::GetIO().DisplayFramebufferScale;
        PaneInput input;
        input.snapshot = &snapshot;
        input.pane = pane;
        input.world = map.world;
        input.width = std::max(1, static_cast<int>(std::lround(size.x * scale.x)));
        input.height = std::max(1, static_cast<int>(std::lround(size.y * scale.y)));
        input.em = em() * scale.x;
        input.time = ui.time;
        input.layers = ui.layers;
        input.trajectories = ui.trajectories;
        input.marked = ui.marked;
        input.theme = &theme();
        input.path_colour = path_colour(theme(), view);
        input.now = now;
        input.blend = !ui.reduced_motion;
        if (const unsigned texture = picture(input); texture != 0)
            place_rounded(draw, {texture, input.width, input.height, origin}, origin + size);
        shade_pane_edges(draw, map, shown->profile ? px(legend_height) : 0);
    }

    const bool alone = ui.maximised >= 0 || ui.panes == 1;
    float right = origin.x + size.x - px(12);
    bool over_button = false;
    if (!alone || ui.maximised >= 0) {
        right -= px(26);
        ImGui::SetCursorScreenPos({right, origin.y + px(6)});
        if (button({.id = "maximise",
                    .icon = ui.maximised >= 0 ? icon::compress : icon::expand,
                    .text = "",
                    .tooltip = ui.maximised >= 0 ? "Back to all panes" : "This pane alone",
                    .framed = false,
                    .height = px(26),
                    .width = px(28)}))
            ui.maximised = ui.maximised >= 0 ? -1 : pane;
        over_button = ImGui::IsItemHovered();
    }
    // A sampler of the score where there is none any more, as after a round of reflow.
    const std::string reason = why_nothing(snapshot, shown, pane == std::max(ui.maximised, 0));
    if (!reason.empty() && stroke.pane != pane) {
        const ImVec2 below = note(draw, map, reason);
        if (shown != nullptr && shown->lacks_score && index < snapshot.scene->views.size()) {
            ImGui::SetCursorScreenPos(below);
            if (button({.id = "use Heun",
                        .icon = "",
                        .text = "Use Heun",
                        .tooltip = "A solver of the PF-ODE: it reads the velocity alone",
                        .active = true,
                        .height = px(30)})) {
                ViewSpec other = snapshot.scene->views[index];
                other.sampler.method = Method::heun;
                other.sampler.last = LastStep::none;
                other.sampler.noise = 0;
                commands.edit(command::SetView{pane, other});
            }
            over_button = over_button || ImGui::IsItemHovered();
        }
    }
    // After the button on it, which so comes first: an item that allows others over it takes no
    // press in the first frame that the mouse is there, and a quick stroke would be lost.
    ImGui::SetCursorScreenPos(origin);
    ImGui::InvisibleButton("canvas", size,
                           ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonMiddle);
    const bool hovered = ImGui::IsItemHovered() && !over_button;
    const auto panes = static_cast<std::size_t>(std::max(ui.panes, pane + 1));
    // Of the pane's picture, so that the caption takes no press from the brush.
    if (hovered && ImGui::GetIO().MousePos.y < origin.y + px(caption_height))
        tooltip((sentence(view_words(snapshot, panes)[index]) + what_nfe_counts(shown)).c_str());
    use_tool(map, pane, snapshot.scene->dimension, ui, commands, stroke);
    const bool painting = stroke.pane == pane;

    if (hovered && ui.tool == Tool::probe) {
        const std::size_t pins = ui.pins.size();
        ui.probed_pane = pane;
        use_probe(map, ImGui::GetIO().MousePos, ImGui::IsMouseClicked(ImGuiMouseButton_Left), ui);
        // The card beside it has no room for the arithmetic of guidance.
        if (ui.pins.size() > pins && view.guidance.kind != GuidanceKind::none)
            show_plot(ui, Plot::probe);
    }
    if (shown != nullptr) {
        if (shown->pairing && ui.layers.pairing > 0)
            draw_pairing(draw, map, *shown->pairing, ui.layers.pairing);
        draw_probes(draw, map, *shown, view, snapshot.data.get(), snapshot.scene->dimension, ui);
        if (shown->profile) draw_profile_legend(draw, map, *shown->profile, view);
    }
    draw_pane_caption(draw, map, snapshot, index, panes, right);
    if (shown != nullptr) draw_pane_footer(draw, map, *shown, view);
    if (hovered) show_cursor(ui);
    if (ui.tool == Tool::brush || ui.tool == Tool::eraser) {
        ImDrawList* front = ImGui::GetWindowDrawList();
        draw_brush(front, stroke, pane, map, ImGui::GetIO().MousePos, hovered || painting, ui,
                   theme());
    }
}

}  // namespace driftglass
