#include "app/export/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "app/panels/canvas.hpp"
#include "app/panels/design.hpp"
#include "app/panels/format.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/view_words.hpp"
#include "app/state/theme.hpp"

namespace driftglass {
namespace {

/// Text for a slide: at 1080 lines the body is 24 pixels.
float text_size(int width, int height) {
    return std::max(
        11.0f, 24 * std::min(static_cast<float>(height) / 1080, static_cast<float>(width) / 1920));
}

struct Box {
    float x = 0, y = 0, width = 0, height = 0;
};

/// `world` whole, in the middle of a box of that shape.
Rect covering(const Rect& world, float width, float height) {
    const float unit =
        std::max((world.x_max - world.x_min) / width, (world.y_max - world.y_min) / height);
    const float x = (world.x_min + world.x_max) / 2, y = (world.y_min + world.y_max) / 2;
    return {x - unit * width / 2, y - unit * height / 2, x + unit * width / 2,
            y + unit * height / 2};
}

/// Sizes of the style sheet are in pixels at an em of 14.
struct SheetLayout {
    float em, gap, track_height;
    std::vector<Box> panes;

    SheetLayout(int sheet_width, int sheet_height, std::size_t count)
        : em(text_size(sheet_width, sheet_height)),
          gap(std::round(6 * em / 14)),
          track_height(std::round(3.4f * em)) {
        const std::size_t columns = count == 4 ? 2 : std::max<std::size_t>(count, 1);
        const std::size_t rows = count == 4 ? 2 : 1;
        const auto along = [&](float length, std::size_t parts, std::size_t part) {
            return std::round((length - gap) * static_cast<float>(part) /
                              static_cast<float>(parts));
        };
        const auto width = static_cast<float>(sheet_width);
        const float height = static_cast<float>(sheet_height) - track_height;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t column = i % columns, row = i / columns;
            Box box{gap + along(width, columns, column), gap + along(height, rows, row), 0, 0};
            box.width = along(width, columns, column + 1) - box.x;
            box.height = along(height, rows, row + 1) - box.y;
            panes.push_back(box);
        }
    }
};

/// The track of time of the window's scrubber: 1 noise to 0 data, the knob at t.
void draw_track(ImDrawList* draw, float left, float right, float y, double time) {
    const float from = left + text_width("1 noise") + px(14);
    const float to = right - text_width("0 data") - px(14);
    draw_text(draw, left, y, colour(theme().noise), "1 noise");
    draw_text(draw, to + px(14), y, colour(theme().data), "0 data");
    const float knob = from + (to - from) * static_cast<float>(1 - time);
    constexpr int pieces = 64;
    for (int i = 0; i < pieces; ++i) {
        const auto share = [&](int k) { return static_cast<double>(k) / pieces; };
        const float a = from + (to - from) * static_cast<float>(share(i));
        const float b = from + (to - from) * static_cast<float>(share(i + 1));
        const auto part = [&](float x0, float x1, float alpha) {
            if (x1 <= x0) return;
            const ImU32 ink0 = colour(time_colour(theme(), 1 - share(i)), alpha);
            const ImU32 ink1 = colour(time_colour(theme(), 1 - share(i + 1)), alpha);
            draw->AddRectFilledMultiColor({x0, y - px(2)}, {x1, y + px(2)}, ink0, ink1, ink1, ink0);
        };
        part(a, std::min(b, knob), 1);
        part(std::max(a, knob), b, 0.36f);
    }
    draw->AddCircleFilled({knob, y}, px(8), colour(time_colour(theme(), time)));
    draw->AddCircleFilled({knob, y}, px(2.6f), colour(theme().panel));
    const std::string value = "$t$ = " + fixed(time, 2);
    const float wide = rich_width(value, 0.93f);
    const ImU32 ink = colour(theme().text);
    draw_rich(draw, std::clamp(knob - wide / 2, from - px(8), to + px(8) - wide), y + px(17), ink,
              ink, value, 0.93f);
}

}  // namespace

Rect fitted_world(const Snapshot& snapshot) {
    // Noise may reach far beyond the data (ve starts at 10 standard deviations): all but the last
    // hundredth of the paths, and never so wide that the data are a speck.
    struct Span {
        float low, high;
    };
    const auto span = [](std::vector<float>& values, double tail) -> std::optional<Span> {
        if (values.empty()) return std::nullopt;
        const auto at = [&](double share) {
            const auto k = static_cast<std::ptrdiff_t>(
                std::lround(share * static_cast<double>(values.size() - 1)));
            std::nth_element(values.begin(), values.begin() + k, values.end());
            return values[static_cast<std::size_t>(k)];
        };
        return Span{at(tail), at(1 - tail)};
    };
    std::vector<float> data_x, data_y;
    if (snapshot.data) {
        const PointSet& data = *snapshot.data;
        for (std::size_t i = 0; i < data.x.size(); ++i) {
            if (!std::isfinite(data.x[i])) continue;
            // One dimension stands upright.
            (data.dimension == 1 || i % 2 == 1 ? data_y : data_x).push_back(data.x[i]);
        }
    }
    const std::optional<Span> over = span(data_x, 0.002), up = span(data_y, 0.002);
    const Span wide = over.value_or(Span{-1, 1}), tall = up.value_or(Span{-1, 1});
    const float data_half = std::max({wide.high - wide.low, tall.high - tall.low, 1.0f}) / 2;
    Rect world{wide.low, tall.low, wide.high, tall.high};
    const float most = 2.5f * data_half;
    const float data_cx = (wide.low + wide.high) / 2, data_cy = (tall.low + tall.high) / 2;
    const auto widen = [&](std::vector<float>& xs, std::vector<float>& ys, double tail) {
        const std::optional<Span> along = span(xs, tail), across = span(ys, tail);
        if (!along) return;
        world.x_min = std::min(world.x_min, std::max(along->low, data_cx - most));
        world.x_max = std::max(world.x_max, std::min(along->high, data_cx + most));
        world.y_min = std::min(world.y_min, std::max(across->low, data_cy - most));
        world.y_max = std::max(world.y_max, std::min(across->high, data_cy + most));
    };
    std::vector<float> x, y;
    const auto add = [&](std::span<const float> positions) {
        for (std::size_t i = 0; i + 1 < positions.size(); i += 2) {
            if (!std::isfinite(positions[i]) || !std::isfinite(positions[i + 1])) continue;
            x.push_back(positions[i]);
            y.push_back(positions[i + 1]);
        }
    };
    for (const PaneSnapshot& pane : snapshot.panes) {
        if (pane.trajectories) add(pane.trajectories->positions);
    }
    widen(x, y, 0.004);
    // Where a pane's samples end is what it is about, even if they are few among all paths.
    for (const PaneSnapshot& pane : snapshot.panes) {
        if (!pane.trajectories) continue;
        const std::span<const float> all = pane.trajectories->positions;
        const std::size_t ends = 2 * static_cast<std::size_t>(pane.trajectories->count);
        x.clear();
        y.clear();
        add(all.last(std::min(ends, all.size())));
        widen(x, y, 0.01);
    }
    const float cx = (world.x_min + world.x_max) / 2, cy = (world.y_min + world.y_max) / 2;
    if (snapshot.data && snapshot.data->dimension == 1) {
        const float tall_half = 1.1f * std::max(world.y_max - world.y_min, 1e-3f) / 2;
        return {-shown_time_axis, cy - tall_half, shown_time_axis, cy + tall_half};
    }
    const float half =
        1.1f * std::max({world.x_max - world.x_min, world.y_max - world.y_min, 1e-3f}) / 2;
    return {cx - half, cy - half, cx + half, cy + half};
}

struct Pictures::Tile {
    std::size_t pane;
    int width, height;
    Rect world;  ///< what the tile shows
    float em;
};

Pictures::Pictures(int width, int height, UiState ui) : width_(width), height_(height), ui_(ui) {}

/// The context's Design is shared with other drawers (the studio's picture): set it each time.
void Pictures::set_design() const {
    auto& design = *static_cast<Design*>(ImGui::GetIO().UserData);
    design.theme = &driftglass::theme(ui_.dark);
    design.em = text_size(width_, height_);
}

/// The picture of one pane as a texture that lasts until its canvas is used again.
unsigned Pictures::render_tile(PaneCanvas& canvas, const Moment& moment, const Tile& tile) const {
    PaneInput input;
    input.snapshot = moment.snapshot.get();
    input.pane = static_cast<int>(tile.pane);
    input.world = tile.world;
    input.width = tile.width;
    input.height = tile.height;
    input.em = tile.em;
    input.time = moment.time;
    input.layers = ui_.layers;
    input.trajectories = ui_.trajectories;
    input.marked = ui_.marked;
    input.theme = &driftglass::theme(ui_.dark);
    input.method_colour = method_colour(*input.theme, shown_view(*moment.snapshot, tile.pane));
    input.blend = false;
    return canvas.render(input);
}

std::vector<Rect> Pictures::pane_worlds(const Scene& scene, const Rect& world) const {
    std::vector<Rect> worlds;
    for (const Box& box : SheetLayout(width_, height_, scene.views.size()).panes) {
        worlds.push_back(scene.dimension == 1 ? world : covering(world, box.width, box.height));
    }
    return worlds;
}

Image Pictures::panes(const Moment& moment, const Rect& world) {
    set_design();
    const Snapshot& snapshot = *moment.snapshot;
    const SheetLayout layout(width_, height_, snapshot.panes.size());
    const std::vector<Rect> worlds = pane_worlds(*snapshot.scene, world);
    sheet_canvases_.resize(layout.panes.size());
    std::vector<ImTextureID> textures;
    for (std::size_t pane = 0; pane < layout.panes.size(); ++pane) {
        const Box& box = layout.panes[pane];
        textures.push_back(render_tile(sheet_canvases_[pane], moment,
                                       {pane, static_cast<int>(box.width),
                                        static_cast<int>(box.height), worlds[pane], layout.em}));
    }
    return draw_off_screen(width_, height_, [&] {
        ImDrawList* draw = ImGui::GetBackgroundDrawList();
        for (std::size_t pane = 0; pane < layout.panes.size(); ++pane) {
            const Box& box = layout.panes[pane];
            const ViewMap map{{box.x, box.y}, {box.width, box.height}, worlds[pane]};
            const ImVec2 end = map.origin + map.size;
            draw->AddImageRounded(textures[pane], map.origin, end, {0, 1}, {1, 0}, IM_COL32_WHITE,
                                  px(6));
            shade_pane_edges(draw, map);
            draw_pane_caption(draw, map, snapshot, pane, layout.panes.size(), end.x - px(12));
            draw_pane_footer(draw, map, snapshot.panes[pane], shown_view(snapshot, pane));
        }
        const float middle = static_cast<float>(width_) / 2;
        const float half = std::min(middle - px(40), em(34));
        draw_track(draw, middle - half, middle + half,
                   static_cast<float>(height_) - layout.track_height + px(16), moment.time);
    });
}

Image Pictures::strip(std::span<const Moment> moments, const Rect& world) {
    set_design();
    const std::vector<ViewSpec>& views = moments.front().snapshot->scene->views;
    const float text = text_size(width_, height_);
    const float gap = std::round(6 * text / 14), caption = std::round(2.7f * text);
    const float foot = std::round(2.2f * text);
    const auto width = static_cast<float>(width_);
    const auto count = static_cast<float>(moments.size());
    const float side = std::floor((width - gap * (count + 1)) / count);
    const float row = caption + side + gap;
    const int height = static_cast<int>(row * static_cast<float>(views.size()) + foot) / 2 * 2;
    const auto left = [&](std::size_t i) { return gap + (side + gap) * static_cast<float>(i); };

    // Lines follow the tile: a sixth of a sheet wants finer ones than a half.
    const float tile_em = std::max(8.0f, 14 * side / 560);
    strip_canvases_.resize(views.size() * moments.size());
    std::vector<ImTextureID> textures;
    for (std::size_t pane = 0; pane < views.size(); ++pane) {
        for (const Moment& moment : moments) {
            const int pixels = static_cast<int>(side);
            textures.push_back(render_tile(strip_canvases_[textures.size()], moment,
                                           {pane, pixels, pixels, world, tile_em}));
        }
    }
    return draw_off_screen(width_, height, [&] {
        ImDrawList* draw = ImGui::GetBackgroundDrawList();
        for (std::size_t pane = 0; pane < views.size(); ++pane) {
            const float top = row * static_cast<float>(pane);
            const ViewMap head{{0, top + (caption - px(38)) / 2}, {width, px(38)}, world};
            draw_pane_caption(draw, head, *moments.front().snapshot, pane, views.size(), width);
            for (std::size_t i = 0; i < moments.size(); ++i) {
                const ImVec2 from{left(i), top + caption};
                draw->AddImageRounded(textures[pane * moments.size() + i], from,
                                      {from.x + side, from.y + side}, {0, 1}, {1, 0},
                                      IM_COL32_WHITE, px(6));
            }
        }
        for (std::size_t i = 0; i < moments.size(); ++i) {
            const std::string label = "$t$ = " + fixed(moments[i].time, 2);
            const ImU32 ink = colour(time_colour(theme(), moments[i].time));
            draw_rich(draw, left(i) + side / 2 - rich_width(label, 1) / 2,
                      static_cast<float>(height) - foot / 2 - px(2), ink, ink, label, 1);
        }
    });
}

}  // namespace driftglass
