#include "app/panels/data_panel.hpp"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"
#include "core/data/distribution.hpp"
#include "core/data/presets.hpp"

namespace driftglass {

const PointSet& Thumbnails::of(Preset preset, int dimension) {
    const auto [place, fresh] = presets_.try_emplace({preset, dimension});
    if (fresh) {
        DataSettings settings;
        settings.preset = preset;
        Random random(derive_seed(0, "thumbnail"));
        place->second = make_distribution(settings, dimension, {})->draw(220, random);
    }
    return place->second;
}

const DataSettings& Thumbnails::drawing() {
    if (!drawing_) drawing_ = std::make_unique<DataSettings>(default_scene().data);
    return *drawing_;
}

namespace {

struct Cell {
    ImVec2 low, high;
    bool pressed = false;
};

Cell thumbnail_cell(const char* id, const std::string& name, bool chosen, float width, float height,
                    const char* tip) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    Cell cell{at, {at.x + width, at.y + height}};
    cell.pressed = ImGui::InvisibleButton(id, {width, height + px(20)});
    const bool hovered = ImGui::IsItemHovered();
    tooltip(tip);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(cell.low, cell.high, colour(theme().canvas), px(4));
    if (chosen || hovered || !theme().dark)
        draw->AddRect(cell.low, cell.high,
                      colour(chosen    ? theme().accent
                             : hovered ? theme().dim_text
                                       : theme().border),
                      px(4), std::max(1.0f, px(1)));
    TextStyle style{0.86f, chosen ? Weight::medium : Weight::regular};
    const float room = width + px(4);
    if (text_width(name, style) > room) style.size = 0.78f;
    std::string whole = name;
    if (const std::size_t tail = name.find("ians");
        tail != name.npos && text_width(name, style) > room)
        whole.replace(tail, whole.npos, ".");  // 8 Gauss.
    std::string shown = whole;
    for (std::size_t left = whole.size(); left > 1 && text_width(shown, style) > room;)
        shown = whole.substr(0, --left) + "\xe2\x80\xa6";
    draw_text(draw, at.x + width / 2, cell.high.y + px(9),
              colour(chosen ? theme().text : theme().dim_text), shown, style, Align::centre);
    return cell;
}

ImVec2 in_cell(const Cell& cell, float x, float y) {
    const float half = std::min(cell.high.x - cell.low.x, cell.high.y - cell.low.y) / 2 - px(4);
    return {(cell.low.x + cell.high.x) / 2 + x / 2.6f * half,
            (cell.low.y + cell.high.y) / 2 - y / 2.6f * half};
}

Rgb label_colour(int label) {
    return label < 0 ? theme().data
                     : theme().labels[static_cast<std::size_t>(label) % theme().labels.size()];
}

void draw_points(const Cell& cell, const PointSet& points) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float r = std::max(1.0f, px(1.1f));
    // No more of them than of a preset.
    const std::size_t stride = std::max<std::size_t>(1, (points.labels.size() + 219) / 220);
    for (std::size_t i = 0; i < points.labels.size(); i += stride) {
        // One dimension stands upright, in a band so that each point is seen.
        const float band = std::fmod(static_cast<float>(i) * 0.618034f, 1.0f) - 0.5f;
        const ImVec2 at = points.dimension == 1
                              ? in_cell(cell, 1.2f * band, points.x[i])
                              : in_cell(cell, points.x[2 * i], points.x[2 * i + 1]);
        if (at.x < cell.low.x + r || at.x > cell.high.x - r || at.y < cell.low.y + r ||
            at.y > cell.high.y - r)
            continue;
        draw->AddCircleFilled(at, r, colour(label_colour(points.labels[i]), 0.85f));
    }
}

void draw_strokes(const Cell& cell, const std::vector<std::shared_ptr<const Stroke>>& strokes) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->PushClipRect(cell.low, cell.high, true);
    // The drawing fills its cell, wherever and however large it is in the plane.
    float low[2] = {1e9f, 1e9f};
    float high[2] = {-1e9f, -1e9f};
    for (const std::shared_ptr<const Stroke>& stroke : strokes) {
        for (const std::array<float, 2>& at : stroke->path) {
            for (std::size_t d = 0; d < 2; ++d) {
                low[d] = std::min(low[d], at[d]);
                high[d] = std::max(high[d], at[d]);
            }
        }
    }
    const float reach = std::max({high[0] - low[0], high[1] - low[1], 0.2f}) / 2;
    const float zoom = 2.3f / reach;
    std::vector<ImVec2> line;
    for (const std::shared_ptr<const Stroke>& stroke : strokes) {
        if (stroke->tool != StrokeTool::brush) continue;
        line.clear();
        for (const std::array<float, 2>& at : stroke->path)
            line.push_back(in_cell(cell, (at[0] - (low[0] + high[0]) / 2) * zoom,
                                   (at[1] - (low[1] + high[1]) / 2) * zoom));
        draw->AddPolyline(line.data(), static_cast<int>(line.size()),
                          colour(label_colour(stroke->label)), px(2.2f));
    }
    draw->PopClipRect();
}

void presets(const Snapshot& snapshot, Commands& commands, Thumbnails& thumbnails) {
    const DataSettings& data = snapshot.scene->data;
    const int columns = short_window() ? 4 : 3;
    const float gap_between = px(short_window() ? 5 : 7);
    const float width = std::floor(
        (ImGui::GetContentRegionAvail().x - gap_between * static_cast<float>(columns - 1)) /
        static_cast<float>(columns));
    const float height = std::round(width * (short_window() ? 0.68f : 0.82f));
    int column = 0;
    const auto next = [&] {
        if (++column % columns != 0) ImGui::SameLine(0, gap_between);
    };

    const bool drawn = data.kind == DataKind::none;
    const bool has_strokes = drawn && !data.strokes.empty();
    const DataSettings& drawing = has_strokes ? data : thumbnails.drawing();
    // On the line there is a drawing only once a person has made one.
    const int dimension = snapshot.scene->dimension;
    if (dimension == 2 || has_strokes) {
        const Cell cell = thumbnail_cell("drawing", "drawing", drawn && has_strokes, width, height,
                                         "The drawing that Driftglass opens with, or yours");
        if (dimension == 2)
            draw_strokes(cell, drawing.strokes);
        else if (snapshot.data)
            draw_points(cell, *snapshot.data);
        if (cell.pressed && !has_strokes) commands.edit(command::SetData{thumbnails.drawing()});
        next();
    }
    for (const Choice<Preset>& choice : choices(Preset{})) {
        if (!exists_in(choice.value, dimension)) continue;
        const bool chosen = data.kind == DataKind::preset && data.preset == choice.value;
        const std::string tip = "Learn the preset " + pretty(choice.value) +
                                "; what you drew can be brought back with undo (Z)";
        const Cell preset = thumbnail_cell(std::string(choice.name).c_str(), pretty(choice.value),
                                           chosen, width, height, tip.c_str());
        draw_points(preset, thumbnails.of(choice.value, dimension));
        if (preset.pressed) {
            DataSettings wanted;
            wanted.preset = choice.value;
            wanted.count = data.count;
            commands.edit(command::SetData{wanted});
        }
        next();
    }
    const Cell blank = thumbnail_cell("blank", "blank", drawn && !has_strokes, width, height,
                                      "An empty canvas to draw on; undo (Z) brings back what was");
    draw_icon(ImGui::GetWindowDrawList(), (blank.low.x + blank.high.x) / 2,
              (blank.low.y + blank.high.y) / 2, colour(theme().faint), icon::brush,
              short_window() ? 0.9f : 1.2f);
    if (blank.pressed) commands.edit(command::ClearData{});
    ImGui::Dummy({0, 0});
}

/// The line or the plane, `width` pixels wide at `at`.
void dimension_switch(const Snapshot& snapshot, Commands& commands, ImVec2 at, float width) {
    const int now = snapshot.scene->dimension;
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + px(22)},
                                              colour(theme().frame), px(6));
    for (const int dimension : {1, 2}) {
        ImGui::SetCursorScreenPos({at.x + (dimension == 2 ? width / 2 : 0), at.y});
        const std::string name = std::to_string(dimension) + "D";
        const std::string id = "dimension " + std::to_string(dimension);
        if (button({.id = id.c_str(),
                    .icon = "",
                    .text = name,
                    .tooltip = dimension == 1
                                   ? "One dimension: time across, from noise to data, and x "
                                     "upwards. The drawing is projected; undo (Z) brings it back"
                                   : "The plane, with the data that were there last",
                    .active = now == dimension,
                    .framed = false,
                    .height = px(22),
                    .width = width / 2}) &&
            now != dimension) {
            commands.edit(command::SetDimension{dimension});
        }
    }
}

void strokes(const Snapshot& snapshot, Commands& commands) {
    const float right = px(2 * 26);
    const ImVec2 head = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x;
    const bool open = group("Strokes", "Strokes", "", true, right);
    const ImVec2 after = ImGui::GetCursorScreenPos();
    ImGui::SetCursorScreenPos({head.x + inner - right, head.y + px(2)});
    if (button({.id = "undo",
                .icon = icon::undo,
                .text = "",
                .tooltip = "Undo the last change (Z)",
                .enabled = snapshot.can_undo,
                .framed = false,
                .height = px(26),
                .width = px(26)}))
        commands.send(command::Undo{});
    ImGui::SameLine(0, 0);
    if (button({.id = "redo",
                .icon = icon::redo,
                .text = "",
                .tooltip = "Redo what was undone (Shift+Z)",
                .enabled = snapshot.can_redo,
                .framed = false,
                .height = px(26),
                .width = px(26)}))
        commands.send(command::Redo{});
    ImGui::SetCursorScreenPos(after);
    if (open) {
        if (snapshot.strokes.empty()) {
            const ImVec2 at = ImGui::GetCursorScreenPos();
            draw_text(ImGui::GetWindowDrawList(), at.x, at.y + px(11), colour(theme().dim_text),
                      "Draw in a pane with the brush.", {0.93f});
            ImGui::Dummy({0, px(22)});
        }
        // Many strokes scroll among themselves, the newest in sight: the brush stays where it was.
        const std::size_t most_rows = short_window() ? 4 : 5;
        const bool many = snapshot.strokes.size() > most_rows;
        if (many) {
            const float height = px(23) * (static_cast<float>(most_rows) + 0.5f);
            ImGui::BeginChild("strokes", {inner, height});
            const auto count = static_cast<int>(snapshot.strokes.size());
            int& before = *ImGui::GetStateStorage()->GetIntRef(ImGui::GetID("count"), 0);
            if (count > before)
                ImGui::SetScrollY(px(23) * static_cast<float>(snapshot.strokes.size()));
            before = count;
        }
        ImDrawList* draw = ImGui::GetWindowDrawList();
        const float row_width = many ? ImGui::GetContentRegionAvail().x - px(6) : inner;
        for (std::size_t i = 0; i < snapshot.strokes.size(); ++i) {
            const StrokeInfo& stroke = snapshot.strokes[i];
            ImGui::PushID(static_cast<int>(i));
            const ImVec2 at = ImGui::GetCursorScreenPos();
            const float y = at.y + px(11);
            ImGui::SetNextItemAllowOverlap();
            ImGui::InvisibleButton("stroke", {row_width, px(23)});
            const bool hovered = ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenOverlappedByItem);
            if (hovered)
                draw->AddRectFilled({at.x - px(4), at.y}, {at.x + row_width + px(4), at.y + px(23)},
                                    colour(theme().frame), px(4));
            if (stroke.eraser)
                draw_icon(draw, at.x + px(4), y, colour(theme().dim_text), icon::eraser, 0.8f);
            else
                draw_label_glyph(draw, at.x + px(4), y, px(4), stroke.label);
            const std::string name = !stroke.name.empty() ? stroke.name
                                     : stroke.eraser      ? "eraser"
                                                          : "stroke " + std::to_string(i + 1);
            draw_text(draw, at.x + px(21), y, colour(theme().text), name, {0.93f});
            if (hovered) {
                ImGui::SetCursorScreenPos({at.x + row_width - px(20), at.y});
                if (button({.id = "remove",
                            .icon = icon::close,
                            .text = "",
                            .tooltip = "Take this stroke away",
                            .framed = false,
                            .height = px(23),
                            .width = px(22)}) &&
                    // An edit that is on its way may have moved them.
                    snapshot.scene->data.strokes.size() == snapshot.strokes.size())
                    commands.edit(command::RemoveStroke{static_cast<int>(i)});
            } else if (!stroke.eraser) {
                draw_text(draw, at.x + row_width, y, colour(theme().dim_text),
                          grouped(stroke.points), {0.93f}, Align::right);
            }
            ImGui::SetCursorScreenPos({at.x, at.y + px(23)});
            ImGui::PopID();
        }
        ImGui::Dummy({0, 0});
        if (many) ImGui::EndChild();
    }
    end_group();
}

void brush(UiState& ui) {
    if (group("Brush", "Brush", "")) {
        slider({"size", "size", "Width of the brush, in units of the plane ([ and ] change it)"},
               &ui.brush_width,
               {.low = 0.02, .high = 1.5, .scale = Scale::logarithmic, .show = [](double v) {
                    return fixed(v, 2);
                }});
        slider({"softness", "softness",
                "How points spread across the stroke: 0 evenly, 1 like a Gaussian"},
               &ui.brush_softness,
               {.low = 0, .high = 1, .show = [](double v) { return fixed(v, 2); }});
        slider({"density", "density / unit", "Data points per unit of length"}, &ui.brush_density,
               {.low = 20,
                .high = 4000,
                .scale = Scale::logarithmic,
                .step = 10,
                .show = [](double v) { return grouped(std::llround(v)); }});
    }
    end_group();
}

}  // namespace

void draw_data_panel(const Snapshot& snapshot, UiState& ui, Commands& commands, Requests& requests,
                     Thumbnails& thumbnails) {
    set_label_column(6.05f);
    const std::int64_t points = snapshot.data ? snapshot.data->size() : 0;
    const DataSettings& data = snapshot.scene->data;
    const ImVec2 head = ImGui::GetCursorScreenPos();
    const float inner = ImGui::GetContentRegionAvail().x;
    const float side = px(64);
    const bool open = group("Data", "Data", grouped(points) + (points == 1 ? " point" : " points"),
                            true, side + px(8));
    const ImVec2 after = ImGui::GetCursorScreenPos();
    dimension_switch(snapshot, commands, {head.x + inner - side, head.y + px(4)}, side);
    ImGui::SetCursorScreenPos(after);
    ImGui::Dummy({0, 0});
    if (open) {
        presets(snapshot, commands, thumbnails);
        if (data.kind == DataKind::preset) {
            gap(4);
            DataSettings next = data;
            double count = static_cast<double>(data.count);
            if (slider({"points", "points", "How many points are drawn from the preset"}, &count,
                       {.low = 1,
                        .high = 100000,
                        .scale = Scale::logarithmic,
                        .step = 1,
                        .show = [](double v) { return grouped(std::llround(v)); },
                        .type_format = "%.0f"})) {
                next.count = std::llround(count);
                commands.edit(command::SetData{next});
            }
        }
    }
    end_group();
    strokes(snapshot, commands);
    brush(ui);
    if (group("Import", "Import", "CSV", !short_window())) {
        if (button({.id = "csv",
                    .icon = icon::file_csv,
                    .text = "CSV",
                    .tooltip = "Points from a table: x, y and perhaps a label. Or drop the file "
                               "onto the window.",
                    .height = px(30),
                    .width = ImGui::GetContentRegionAvail().x}))
            requests.import_csv = true;
    }
    end_group();
}

}  // namespace driftglass
