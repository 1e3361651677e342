#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/panels/plots.hpp"
#include "app/panels/view_words.hpp"

namespace driftglass {

namespace {

struct Column {
    const char* head;
    float width;  ///< in shares
    std::vector<std::string> cells;
};

constexpr const char* dash = "\xe2\x80\x93";

/// A guided pane is measured against the density that w pretends to sample, where that is known.
enum class Target { data, tilt, both };

Target target_of(const Snapshot& snapshot, std::size_t count) {
    std::size_t tilts = 0, known = 0;
    for (std::size_t pane = 0; pane < count; ++pane) {
        const PaneMetrics* metrics = snapshot.panes[pane].metrics.get();
        known += metrics != nullptr ? 1 : 0;
        tilts += metrics != nullptr && metrics->to_tilt ? 1 : 0;
    }
    return tilts == 0 ? Target::data : tilts == known ? Target::tilt : Target::both;
}

/// With `of_paths` those of the paths too: the energy that they take, and how much more that is
/// than it need be.
std::vector<Column> columns_of(const Snapshot& snapshot, std::size_t count, Target to,
                               bool of_paths) {
    std::vector<Column> columns = {{"$W_2$", 1, {}},
                                   {"floor", 1, {}},
                                   {"to A", 1, {}},
                                   {"energy", 1.3f, {}},
                                   {"NFE", 0.9f, {}}};
    if (of_paths) columns.insert(columns.end(), {{"path energy", 1.4f, {}}, {"NPE", 1, {}}});
    for (std::size_t pane = 0; pane < count; ++pane) {
        const PaneSnapshot& shown = snapshot.panes[pane];
        const PaneMetrics* metrics = shown.metrics.get();
        const bool marked = metrics != nullptr && metrics->to_tilt && to == Target::both;
        columns[0].cells.push_back(metrics ? (marked ? "tilt " : "") + fixed(metrics->w2, 3)
                                           : dash);
        columns[1].cells.push_back(metrics && metrics->w2_floor > 0 ? fixed(metrics->w2_floor, 3)
                                                                    : dash);
        columns[2].cells.push_back(metrics && metrics->w2_to_first ? fixed(*metrics->w2_to_first, 3)
                                                                   : dash);
        columns[3].cells.push_back(metrics ? fixed(metrics->energy_distance, 4) : dash);
        columns[4].cells.push_back(shown.trajectories ? grouped(shown.trajectories->nfe) : dash);
        if (!of_paths) continue;
        const bool known = metrics != nullptr && metrics->paths;
        columns[5].cells.push_back(known ? fixed(metrics->paths->energy, 2) : dash);
        columns[6].cells.push_back(known ? fixed(metrics->paths->npe, 3) : dash);
    }
    return columns;
}

/// Where the W2 of perfect samples lies, as an upright stroke.
void draw_floor_mark(ImDrawList* draw, float x, float y, float half) {
    draw->AddRectFilled({x - px(2), y - half}, {x + px(2), y + half}, colour(theme().panel));
    draw->AddRectFilled({x - px(1), y - half}, {x + px(1), y + half}, colour(theme().exact));
}

/// What tells the panes apart, in a word each: the method where nothing does.
std::vector<std::string> differences(const Snapshot& snapshot, std::size_t count) {
    const std::vector<ViewWords> words = view_words(snapshot, count);
    std::string ViewWords::* told = &ViewWords::method;
    for (std::string ViewWords::* part :
         {&ViewWords::method, &ViewWords::pairing, &ViewWords::field, &ViewWords::guidance,
          &ViewWords::solver}) {
        const auto same = [&](const ViewWords& other) { return other.*part == words[0].*part; };
        if (std::all_of(words.begin(), words.end(), same)) continue;
        told = part;
        break;
    }
    std::vector<std::string> names;
    for (const ViewWords& of_pane : words)
        names.push_back((of_pane.*told).empty() ? of_pane.method : of_pane.*told);
    return names;
}

}  // namespace

void draw_measures(const Snapshot& snapshot, UiState& ui, Commands&) {
    const std::size_t count = std::min({static_cast<std::size_t>(std::max(ui.panes, 1)),
                                        snapshot.panes.size(), snapshot.scene->views.size()});
    std::string number;
    for (std::size_t pane = 0; pane < count && number.empty(); ++pane) {
        if (snapshot.panes[pane].metrics)
            number = "on " + grouped(snapshot.panes[pane].metrics->w2_points) + " points";
    }
    const Target target = target_of(snapshot, count);
    plot_title(Plot::measures, number, 0,
               target == Target::data   ? "Distance to the data"
               : target == Target::tilt ? "Distance to the tilt"
                                        : "Distance to the data, or the tilt");
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 area = ImGui::GetContentRegionAvail();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    // What it shows beside its letter, where there is room for it.
    const bool named = area.x > em(27);
    const float name_width = named ? px(108) : px(36);
    const std::vector<Column> columns = columns_of(snapshot, count, target, area.x > em(34));
    const float head = px(22);
    // Numbers over a bar; a few rows take the room that there is.
    const float pitch = std::min(px(58), (area.y - head) / static_cast<float>(count));
    const float bar = std::clamp(pitch * 0.12f, px(3), px(6));
    const float line = std::min(px(20), pitch - bar - px(6));
    const float above = (pitch - line - bar - px(2)) / 2;
    float shares = 0;
    for (const Column& column : columns)
        shares += column.width;
    const auto number_y = [&](std::size_t row) {
        return at.y + head + pitch * static_cast<float>(row) + above + line / 2;
    };
    float right = at.x + name_width;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        right += (area.x - name_width) * columns[c].width / shares;
        const float left = right - rich_width(columns[c].head, 0.86f);
        draw_rich(draw, left, at.y + head / 2, colour(theme().dim_text),
                  colour(mix(theme().dim_text, theme().text, 0.6f)), columns[c].head, 0.86f);
        if (c == 1) {
            // As it lies on the bars.
            const float x = left - px(11), y = at.y + head / 2;
            draw->AddRectFilled({x - px(6), y - px(1.5f)}, {x + px(6), y + px(1.5f)},
                                colour(theme().frame_hovered), px(1));
            draw_floor_mark(draw, x, y, px(4));
        }
        for (std::size_t row = 0; row < count; ++row)
            draw_text(draw, right, number_y(row), colour(c == 0 ? theme().text : theme().dim_text),
                      columns[c].cells[row], {1, c == 0 ? Weight::medium : Weight::regular},
                      Align::right);
    }
    // W2 over its floor, on a scale of ratios: the floors of panes may be far apart.
    constexpr double least = 0.5;
    double most = 4;
    for (std::size_t row = 0; row < count; ++row) {
        const PaneMetrics* metrics = snapshot.panes[row].metrics.get();
        if (metrics != nullptr && metrics->w2_floor > 0)
            most = std::max(most, 1.1 * metrics->w2 / metrics->w2_floor);
    }
    const std::vector<std::string> names = differences(snapshot, count);
    for (std::size_t row = 0; row < count; ++row) {
        const float y = number_y(row);
        const ViewSpec view = shown_view(snapshot, row);
        const float half = std::min(px(9), line * 0.45f);
        draw->AddRectFilled({at.x, y - half}, {at.x + 2 * half, y + half},
                            colour(method_colour(theme(), view)), px(4));
        const char letter[2] = {static_cast<char>('A' + row), 0};
        draw_text(draw, at.x + half, y, colour(theme().dark ? theme().window : 0xFFFFFF), letter,
                  {0.86f, Weight::medium}, Align::centre);
        if (named)
            draw_rich(draw, at.x + 2 * half + px(8), y, colour(theme().text),
                      colour(theme().guidance), names[row], 0.93f);
        const ImVec2 from{at.x, y + line / 2 + px(2)}, to{at.x + area.x, from.y + bar};
        draw->AddRectFilled(from, to, colour(theme().frame), px(2));
        const PaneMetrics* metrics = snapshot.panes[row].metrics.get();
        if (metrics == nullptr || !(metrics->w2_floor > 0)) continue;
        const auto along = [&](double ratio) {
            const double share = std::log(ratio / least) / std::log(most / least);
            return from.x + area.x * static_cast<float>(std::clamp(share, 0.0, 1.0));
        };
        const float floor = along(1), value = along(metrics->w2 / metrics->w2_floor);
        const ImU32 ink = colour(path_colour(theme(), view));
        draw->AddRectFilled({std::min(floor, value), from.y}, {std::max(floor, value), to.y}, ink);
        draw_floor_mark(draw, floor, from.y + bar / 2, bar / 2 + px(2));
        draw->AddCircleFilled({std::clamp(value, from.x + bar, to.x - bar), from.y + bar / 2},
                              bar / 2 + px(1.5f), ink);
    }
}

}  // namespace driftglass
