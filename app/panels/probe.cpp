#include "app/panels/probe.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/view_words.hpp"

namespace driftglass {

namespace {

constexpr std::size_t most_pins = 4;
/// World units that a velocity of 1 is drawn long, and the longest arrow.
constexpr float unit_arrow = 0.35f;
constexpr float longest_arrow = 1.4f;

using Vector = std::array<float, 2>;

/// Where an arrow from `at` along the sampling direction, -v, ends.
ImVec2 tip_of(const ViewMap& map, Vector at, Vector velocity, float scale) {
    return map.to_pixel(at[0] - scale * velocity[0], at[1] - scale * velocity[1]);
}

void arrow(ImDrawList* draw, ImVec2 from, ImVec2 to, ImU32 ink, float width) {
    const ImVec2 along{to.x - from.x, to.y - from.y};
    const float length = std::hypot(along.x, along.y);
    if (!(length > 1)) return;
    const ImVec2 unit{along.x / length, along.y / length};
    const float head = std::min(length, width * 3.6f + px(2));
    const ImVec2 neck{to.x - unit.x * head, to.y - unit.y * head};
    draw->AddLine(from, neck, ink, width);
    const float half = head * 0.42f;
    draw->AddTriangleFilled(to, {neck.x - unit.y * half, neck.y + unit.x * half},
                            {neck.x + unit.y * half, neck.y - unit.x * half}, ink);
}

void dashed(ImDrawList* draw, ImVec2 from, ImVec2 to, ImU32 ink, float width) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    const float dash = px(4);
    for (float at = 0; at < length; at += 2 * dash) {
        const float a = at / length, b = std::min(at + dash, length) / length;
        draw->AddLine({from.x + a * (to.x - from.x), from.y + a * (to.y - from.y)},
                      {from.x + b * (to.x - from.x), from.y + b * (to.y - from.y)}, ink, width);
    }
}

float speed(const ProbeField& field) {
    float most = 0;
    for (const ProbeVectors* vectors :
         {&field.unconditional, field.conditional ? &*field.conditional : nullptr,
          field.guided ? &*field.guided : nullptr}) {
        if (vectors != nullptr)
            most = std::max(most, std::hypot(vectors->velocity[0], vectors->velocity[1]));
    }
    return most;
}

/// Of one field: its velocity, or with guidance unconditional, conditional and the extrapolation
/// past them.
void draw_field(ImDrawList* draw, const ViewMap& map, Vector at, const ProbeField& field, Rgb hue,
                float width, float scale) {
    const ImVec2 from = map.to_pixel(at[0], at[1]);
    const auto tip = [&](const ProbeVectors& vectors) {
        return tip_of(map, at, vectors.velocity, scale);
    };
    if (!field.guided || !field.conditional) {
        arrow(draw, from, tip(field.unconditional), colour(hue), width);
        return;
    }
    dashed(draw, tip(field.unconditional), tip(*field.guided), colour(hue, 0.8f),
           std::max(1.0f, width * 0.6f));
    arrow(draw, from, tip(field.unconditional), colour(theme().conditional), width);
    arrow(draw, from, tip(*field.conditional), colour(mix(hue, theme().text, 0.6f)), width);
    arrow(draw, from, tip(*field.guided), colour(hue), width);
}

/// As a pair; of one dimension the number that stands upright.
std::string text_of(Vector v, int dimension) {
    const std::string up = narrow(static_cast<double>(v[1]));
    if (dimension == 1) return up;
    return "(" + narrow(static_cast<double>(v[0])) + ", " + up + ")";
}
std::string text_of(const std::optional<Vector>& v, int dimension) {
    return v ? text_of(*v, dimension) : std::string("\xe2\x80\x93");
}

ProbeVectors difference(const ProbeVectors& a, const ProbeVectors& b) {
    const auto less = [](Vector from, Vector what) {
        return Vector{from[0] - what[0], from[1] - what[1]};
    };
    ProbeVectors result{less(a.velocity, b.velocity), {}, {}};
    if (a.score && b.score) result.score = less(*a.score, *b.score);
    if (a.data && b.data) result.data = less(*a.data, *b.data);
    return result;
}

void add_rows(std::vector<ProbeRow>& rows, const std::string& name, const ProbeField& field,
              int dimension, Rgb ink, ProbeTable table) {
    const auto add = [&](const char* symbol, auto ProbeVectors::* of) {
        const auto text = [&](const ProbeVectors& v) { return text_of(v.*of, dimension); };
        std::vector<std::string> cells = {text(field.unconditional)};
        if (field.conditional) {
            cells.push_back(text(*field.conditional));
            cells.push_back(text(difference(*field.conditional, field.unconditional)));
        }
        if (field.guided) cells.push_back(text(*field.guided));
        if (!table.all_columns) cells = {cells.back()};
        rows.push_back({name + " " + symbol, std::move(cells), ink});
    };
    add("$v$", &ProbeVectors::velocity);
    if (!table.all_rows || !field.unconditional.score) return;
    add("$s$", &ProbeVectors::score);
    add("$\\hat{x}_0$", &ProbeVectors::data);
}

/// The numbers of one point, as many of them as the pane has room for.
void draw_numbers(ImDrawList* draw, const ViewMap& map, const Probe& probe, int dimension,
                  std::size_t index, bool pinned, Rgb hue) {
    constexpr float size = 0.86f;
    const float pitch = px(18), inner = px(10), margin = px(10);
    const float first = px(86);
    // As wide as numbers can get: the box keeps its size while the mouse moves.
    const float column = text_width(text_of(Vector{-8.8e8f, -8.8e8f}, dimension), {size}) + px(10);
    const std::size_t heads = probe.log_density ? 2 : 1;
    const float bottom = map.origin.y + map.size.y - px(34);
    const float top_limit = map.origin.y + px(38);
    const auto extent = [&](ProbeTable table) {
        const std::vector<ProbeRow> rows = probe_rows(probe, dimension, hue, table);
        std::size_t columns = 1;
        for (const ProbeRow& row : rows)
            columns = std::max(columns, row.cells.size());
        return ImVec2(2 * inner + first + std::max(column * static_cast<float>(columns), px(96)),
                      pitch * static_cast<float>(rows.size() + heads) + 2 * px(7));
    };
    const std::optional<ProbeTable> table = fitting_table(
        extent, map.size.x * map.size.y, {map.size.x - 2 * margin, bottom - top_limit});
    if (!table) return;
    const ImVec2 box = extent(*table);
    // At the right, unless the point lies there.
    const ImVec2 point = map.to_pixel(probe.at[0], probe.at[1]);
    const float at_right = map.origin.x + map.size.x - margin - box.x;
    const bool covered = point.x > at_right - px(9) && point.y > bottom - box.y - px(9);
    const float left = covered ? map.origin.x + margin : at_right;
    const ImVec2 corner{left, bottom - box.y};
    draw->AddRectFilled(corner, {left + box.x, bottom}, colour(theme().panel, 0.94f), px(6));
    draw->AddRect(corner, {left + box.x, bottom}, colour(theme().border), px(6));
    float y = corner.y + px(7) + pitch / 2;
    const float right = left + box.x - inner;
    const std::string title = pinned ? "Probe " + std::to_string(index + 1) : "Probe";
    draw_text(draw, left + inner, y, colour(theme().text), title, {size, Weight::medium});
    draw_text(
        draw, right, y, colour(theme().dim_text),
        (dimension == 1 ? "x " : "") + text_of(probe.at, dimension) + "  t " + fixed(probe.time, 2),
        {size}, Align::right);
    if (probe.log_density) {
        y += pitch;
        draw_rich(draw, left + inner, y, colour(theme().dim_text), colour(theme().text),
                  "$\\log q_t$", size);
        draw_text(draw, right, y, colour(theme().text), narrow(*probe.log_density), {size},
                  Align::right);
    }
    for (const ProbeRow& row : probe_rows(probe, dimension, hue, *table)) {
        y += pitch;
        draw_rich(draw, left + inner, y, colour(row.ink), colour(row.ink), row.name, size);
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const float edge = right - column * static_cast<float>(row.cells.size() - 1 - i);
            const std::string& cell = row.cells[i];
            draw_rich(draw, edge - rich_width(cell, size), y, colour(theme().text),
                      colour(theme().dim_text), cell, size);
        }
    }
}

}  // namespace

std::vector<ProbeRow> probe_rows(const Probe& probe, int dimension, Rgb hue, ProbeTable table) {
    std::vector<ProbeRow> rows;
    const bool guided =
        (probe.learned && probe.learned->guided) || (probe.exact && probe.exact->guided);
    if (guided && table.all_columns)
        rows.push_back(
            {"", {"$\\varnothing$", "$c$", "$c - \\varnothing$", "$w$"}, theme().dim_text});
    if (probe.learned) add_rows(rows, "learned", *probe.learned, dimension, hue, table);
    if (probe.exact) add_rows(rows, "exact", *probe.exact, dimension, theme().text, table);
    return rows;
}

std::optional<ProbeTable> fitting_table(const std::function<ImVec2(ProbeTable)>& extent, float area,
                                        ImVec2 room) {
    constexpr float most = 0.21f;
    for (const ProbeTable table :
         {ProbeTable{true, true}, ProbeTable{true, false}, ProbeTable{false, false}}) {
        const ImVec2 size = extent(table);
        if (size.x <= room.x && size.y <= room.y && size.x * size.y <= most * area) return table;
    }
    return std::nullopt;
}

void use_probe(const ViewMap& map, ImVec2 mouse, bool clicked, UiState& ui) {
    const ImVec2 at = map.to_world(mouse);
    ui.probe = {at.x, at.y};
    if (!clicked) return;
    for (auto pin = ui.pins.begin(); pin != ui.pins.end(); ++pin) {
        const ImVec2 place = map.to_pixel((*pin)[0], (*pin)[1]);
        if (std::hypot(place.x - mouse.x, place.y - mouse.y) > px(9)) continue;
        ui.pins.erase(pin);
        return;
    }
    if (ui.pins.size() >= most_pins) ui.pins.erase(ui.pins.begin());
    ui.pins.push_back({at.x, at.y});
}

void draw_probes(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
                 const ViewSpec& view, int dimension, const UiState& ui) {
    if (!shown.probes || shown.probes->empty()) return;
    const Rgb hue = path_colour(theme(), view);
    const std::vector<Probe>& probes = *shown.probes;
    for (std::size_t i = 0; i < probes.size(); ++i) {
        const Probe& probe = probes[i];
        float fastest = 0;
        if (probe.learned) fastest = speed(*probe.learned);
        if (probe.exact) fastest = std::max(fastest, speed(*probe.exact));
        const float scale =
            fastest * unit_arrow > longest_arrow ? longest_arrow / fastest : unit_arrow;
        if (probe.learned) draw_field(draw, map, probe.at, *probe.learned, hue, px(2.4f), scale);
        if (probe.exact)
            draw_field(draw, map, probe.at, *probe.exact, probe.learned ? theme().exact : hue,
                       px(probe.learned ? 1.2f : 2.4f), scale);
        const ImVec2 at = map.to_pixel(probe.at[0], probe.at[1]);
        const bool pinned = i < ui.pins.size();
        draw->AddCircleFilled(at, px(pinned ? 8 : 4), colour(theme().canvas));
        draw->AddCircle(at, px(pinned ? 8 : 4), colour(theme().text), 0, px(1.4f));
        if (pinned)
            draw_text(draw, at.x, at.y, colour(theme().text), std::to_string(i + 1),
                      {0.78f, Weight::medium}, Align::centre);
    }
    const bool hovering = probes.size() > ui.pins.size();
    draw_numbers(draw, map, probes.back(), dimension, probes.size() - 1, !hovering, hue);
}

}  // namespace driftglass
