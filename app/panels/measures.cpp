#include <algorithm>
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
    const Target to = target_of(snapshot, count);
    plot_title(Plot::measures, number, 0,
               to == Target::data   ? "Distance to the data"
               : to == Target::tilt ? "Distance to the tilt"
                                    : "Distance to the data, or the tilt");
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 area = ImGui::GetContentRegionAvail();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    // What it shows beside its letter, where there is room for it.
    const bool named = area.x > em(27);
    const float name_width = named ? px(108) : px(36);
    const std::vector<Column> columns = columns_of(snapshot, count, to, area.x > em(34));
    const float pitch = std::min(px(29), area.y / (static_cast<float>(count) + 1.4f));
    float shares = 0;
    for (const Column& column : columns)
        shares += column.width;
    const float head_y = at.y + pitch * 0.5f;
    float right = at.x + name_width;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        right += (area.x - name_width) * columns[c].width / shares;
        draw_rich(draw, right - rich_width(columns[c].head, 0.86f), head_y,
                  colour(theme().dim_text), colour(mix(theme().dim_text, theme().text, 0.6f)),
                  columns[c].head, 0.86f);
        for (std::size_t row = 0; row < count; ++row) {
            const float y = head_y + pitch * static_cast<float>(row + 1);
            draw_text(draw, right, y, colour(c == 0 ? theme().text : theme().dim_text),
                      columns[c].cells[row], {1, c == 0 ? Weight::medium : Weight::regular},
                      Align::right);
        }
    }
    const std::vector<std::string> names = differences(snapshot, count);
    for (std::size_t row = 0; row < count; ++row) {
        const float y = head_y + pitch * static_cast<float>(row + 1);
        const Rgb hue = method_colour(theme(), shown_view(snapshot, row));
        const float half = std::min(px(9), pitch * 0.4f);
        draw->AddRectFilled({at.x, y - half}, {at.x + 2 * half, y + half}, colour(hue), px(4));
        const char letter[2] = {static_cast<char>('A' + row), 0};
        draw_text(draw, at.x + half, y, colour(theme().dark ? theme().window : 0xFFFFFF), letter,
                  {0.86f, Weight::medium}, Align::centre);
        if (named)
            draw_rich(draw, at.x + 2 * half + px(8), y, colour(theme().text), colour(theme().text),
                      names[row], 0.93f);
        draw->AddRectFilled({at.x, y - pitch / 2}, {at.x + area.x, y - pitch / 2 + 1},
                            colour(theme().border, 0.7f));
    }
}

}  // namespace driftglass
