#include "app/panels/probe.hpp"

#include <imgui_internal.h>

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

constexpr std::size_t most_pins = 4;
/// World units that a velocity of 1 is drawn long, and the longest arrow.
constexpr float unit_arrow = 0.35f;
constexpr float longest_arrow = 1.4f;
constexpr const char* unknown = "\xe2\x80\x93";

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
    return v ? text_of(*v, dimension) : std::string(unknown);
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

struct Quantity {
    const char* symbol;
    std::string (*text)(const ProbeVectors&, int dimension);
};
constexpr Quantity quantities[] = {
    {"$v$", [](const ProbeVectors& v, int dimension) { return text_of(v.velocity, dimension); }},
    {"$s$", [](const ProbeVectors& v, int dimension) { return text_of(v.score, dimension); }},
    {"$\\hat{x}_0$",
     [](const ProbeVectors& v, int dimension) { return text_of(v.data, dimension); }}};

/// What the pane's paths follow.
const ProbeVectors& shown_vectors(const ProbeField& field) {
    return field.guided ? *field.guided : field.unconditional;
}

/// Says why there is nothing exact; `with_reason` where there is room for it.
ProbeRow bare_row(bool with_reason) {
    return {with_reason ? "exact: bare points have no density as $t \\to 0$" : "exact",
            {with_reason ? "" : "bare points"},
            theme().text};
}

/// How much of what a pane shows lies within a box, as shares of its paths and of the data.
float crowd(const ImRect& box, const ViewMap& map, const PaneSnapshot& shown,
            const PointSet* data) {
    const auto share = [&](const std::vector<float>& positions) {
        const std::size_t count = positions.size() / 2;
        const std::size_t stride = std::max<std::size_t>(1, count / 2000);
        std::size_t within = 0, all = 0;
        for (std::size_t i = 0; i < count; i += stride, ++all)
            within += box.Contains(map.to_pixel(positions[2 * i], positions[2 * i + 1])) ? 1 : 0;
        return all > 0 ? static_cast<float>(within) / static_cast<float>(all) : 0.0f;
    };
    float sum = 0;
    if (shown.trajectories) sum += share(shown.trajectories->positions);
    if (data != nullptr && data->dimension == 2) sum += share(data->x);
    return sum;
}

/// The corner of `room` for a box of `size` where least is to be seen: never over a probed point,
/// and on the line not where its legend is. It stays where it was unless another is clearly
/// emptier.
ImVec2 corner_for(ImVec2 size, const ImRect& room, const ViewMap& map, const PaneSnapshot& shown,
                  const PointSet* data) {
    const ImVec2 corners[] = {{room.Max.x - size.x, room.Max.y - size.y},
                              {room.Min.x, room.Max.y - size.y},
                              {room.Max.x - size.x, room.Min.y},
                              room.Min};
    int& kept = *ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("probe corner"), 0);
    const auto cost = [&](int corner) {
        ImRect box(corners[corner], corners[corner] + size);
        float sum = crowd(box, map, shown, data);
        if (corner == kept) sum -= 0.04f;
        if (shown.profile && corner % 2 == 1) sum += 1;
        box.Expand(px(9));
        for (const Probe& probe : *shown.probes)
            sum += box.Contains(map.to_pixel(probe.at[0], probe.at[1])) ? 10.0f : 0.0f;
        return sum;
    };
    int best = 0;
    float least = cost(0);
    for (int corner = 1; corner < 4; ++corner) {
        if (const float here = cost(corner); here < least) {
            least = here;
            best = corner;
        }
    }
    kept = best;
    return corners[best];
}

/// The numbers of one point, as many of them as the pane has room for.
void draw_card(ImDrawList* draw, const ViewMap& map, const PaneSnapshot& shown,
               const PointSet* data, int dimension, bool pinned, Rgb hue) {
    constexpr float size = 0.86f;
    const Probe& probe = shown.probes->back();
    const float pitch = px(18), inner = px(10), margin = px(10), edge = px(7);
    const std::string place =
        (dimension == 1 ? "x " : "") + text_of(probe.at, dimension) + "  t " + fixed(probe.time, 2);
    const std::string title =
        pinned ? "Probe " + std::to_string(shown.probes->size()) : std::string("Probe");
    const std::size_t heads = probe.log_density ? 2 : 1;
    const ImRect room(map.origin.x + margin, map.origin.y + px(38),
                      map.origin.x + map.size.x - margin, map.origin.y + map.size.y - px(34));
    const float width = std::max(px(204), text_width(title, {size, Weight::medium}) + px(12) +
                                              text_width(place, {size}) + 2 * inner);
    std::vector<ProbeRow> rows;
    const auto height = [&] { return pitch * static_cast<float>(rows.size() + heads) + 2 * edge; };
    const auto fits = [&] {
        return height() <= room.GetHeight() && width * height() <= 0.21f * map.size.x * map.size.y;
    };
    if (width > room.GetWidth()) return;
    rows = probe_rows(probe, dimension, hue, true);
    if (!fits()) rows = probe_rows(probe, dimension, hue, false);
    if (!fits()) return;

    const ImVec2 corner = corner_for({width, height()}, room, map, shown, data);
    const ImVec2 end{corner.x + width, corner.y + height()};
    draw->AddRectFilled(corner, end, colour(theme().panel, 0.94f), px(6));
    draw->AddRect(corner, end, colour(theme().border), px(6));
    float y = corner.y + edge + pitch / 2;
    const float left = corner.x + inner, right = end.x - inner;
    draw_text(draw, left, y, colour(theme().text), title, {size, Weight::medium});
    draw_text(draw, right, y, colour(theme().dim_text), place, {size}, Align::right);
    if (probe.log_density) {
        y += pitch;
        draw_rich(draw, left, y, colour(theme().dim_text), colour(theme().text), "$\\log q_t$",
                  size);
        draw_text(draw, right, y, colour(theme().text), narrow(*probe.log_density), {size},
                  Align::right);
    }
    for (const ProbeRow& row : rows) {
        y += pitch;
        draw_rich(draw, left, y, colour(row.ink), colour(row.ink), row.name, size);
        draw_text(draw, right, y, colour(theme().text), row.cells[0], {size}, Align::right);
    }
}

}  // namespace

std::vector<ProbeRow> probe_rows(const Probe& probe, int dimension, Rgb hue, bool all) {
    std::vector<ProbeRow> rows;
    const auto add = [&](const char* name, const ProbeField& field, Rgb ink) {
        const ProbeVectors& vectors = shown_vectors(field);
        for (const Quantity& quantity : quantities) {
            rows.push_back({std::string(name) + " " + quantity.symbol,
                            {quantity.text(vectors, dimension)},
                            ink});
            if (!all || !field.unconditional.data) break;
        }
    };
    if (probe.learned) add("learned", *probe.learned, hue);
    if (probe.exact) add("exact", *probe.exact, theme().text);
    if (probe.bare) rows.push_back(bare_row(false));
    return rows;
}

std::vector<ProbeRow> probe_table(const Probe& probe, int dimension, Rgb hue) {
    std::vector<ProbeRow> rows;
    const auto add = [&](std::string name, const ProbeVectors& vectors, Rgb ink) {
        ProbeRow row{std::move(name), {}, ink};
        for (const Quantity& quantity : quantities)
            row.cells.push_back(quantity.text(vectors, dimension));
        rows.push_back(std::move(row));
    };
    const auto add_field = [&](const std::string& name, const ProbeField& field, Rgb ink) {
        if (!field.conditional || !field.guided) return add(name, field.unconditional, ink);
        add(name + " $\\varnothing$", field.unconditional, ink);
        add("$c$", *field.conditional, ink);
        add("$c - \\varnothing$", difference(*field.conditional, field.unconditional), ink);
        add("$w$", *field.guided, ink);
    };
    if (probe.learned) add_field("learned", *probe.learned, hue);
    if (probe.exact) add_field("exact", *probe.exact, theme().text);
    if (probe.bare) rows.push_back(bare_row(true));
    return rows;
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
                 const ViewSpec& view, const PointSet* data, int dimension, const UiState& ui) {
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
    draw_card(draw, map, shown, data, dimension, !hovering, hue);
}

void draw_probe_plot(const Snapshot& snapshot, UiState& ui, Commands&) {
    const auto pane = static_cast<std::size_t>(std::clamp(ui.probed_pane, 0, ui.panes - 1));
    const std::vector<Probe>* probes =
        pane < snapshot.panes.size() ? snapshot.panes[pane].probes.get() : nullptr;
    if (probes == nullptr || probes->empty()) {
        plot_title(Plot::probe, "");
        plot_note("hover over a pane with the probe (P), a click pins a point");
        return;
    }
    const int dimension = snapshot.scene->dimension;
    const Probe& probe = probes->back();
    std::string number(1, static_cast<char>('A' + pane));
    if (probes->size() <= ui.pins.size()) number += " " + std::to_string(probes->size());
    number +=
        " \xc2\xb7 " + text_of(probe.at, dimension) + " \xc2\xb7 $t$ = " + fixed(probe.time, 2);
    plot_title(Plot::probe, number);

    const std::vector<ProbeRow> rows =
        probe_table(probe, dimension, path_colour(theme(), shown_view(snapshot, pane)));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 area = ImGui::GetContentRegionAvail();
    ImDrawList* draw = ImGui::GetWindowDrawList();
    // The names, and the widest that numbers get.
    float size = 0.86f;
    const auto names = [&] {
        float widest = 0;
        for (const ProbeRow& row : rows) {
            if (row.cells.size() > 1) widest = std::max(widest, rich_width(row.name, size));
        }
        return widest + px(6);
    };
    const auto column = [&] {
        return text_width(text_of(Vector{-88.8f, -88.8f}, dimension), {size}) + px(8);
    };
    if (const float wanted = names() + 3 * column(); wanted > area.x)
        size = std::max(0.74f, size * area.x / wanted);
    const float first = names();
    const float each = std::min((area.x - first) / 3, em(11));
    const float pitch = std::min(px(24), area.y / static_cast<float>(rows.size() + 1));
    float y = at.y + pitch / 2;
    const auto cell = [&](std::size_t i, std::string_view text, Rgb ink) {
        const float right = at.x + first + each * static_cast<float>(i + 1);
        draw_rich(draw, right - rich_width(text, size), y, colour(ink), colour(ink), text, size);
    };
    if (probe.log_density)
        draw_rich(draw, at.x, y, colour(theme().dim_text), colour(theme().dim_text),
                  "$\\log q_t$ " + narrow(*probe.log_density), size);
    for (std::size_t i = 0; i < std::size(quantities); ++i)
        cell(i, quantities[i].symbol, theme().dim_text);
    for (const ProbeRow& row : rows) {
        y += pitch;
        // Names end at one edge, so that the symbols stand below each other.
        const bool numbers = row.cells.size() > 1;
        const float left = numbers ? at.x + first - px(6) - rich_width(row.name, size) : at.x;
        draw_rich(draw, left, y, colour(row.ink), colour(row.ink), row.name, size);
        for (std::size_t i = 0; numbers && i < row.cells.size(); ++i)
            cell(i, row.cells[i], theme().text);
    }
}

}  // namespace driftglass
