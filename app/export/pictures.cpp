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
    input.path_colour = path_colour(*input.theme, shown_view(*moment.snapshot, tile.pane));
    input.blend = false;
    return canvas.render(input);
}

std::vector<Rect> Pictures::pane_worlds(const Scene& scene, const Rect& world) const {
    std::vector<Rect> worlds;
    const SheetLayout layout(width_, height_, scene.views.size());
    for (const Box& box : layout.panes) {
        const float words = caption_height * layout.em / 14;
        worlds.push_back(
            view_map(world, {box.x, box.y}, {box.width, box.height}, scene.dimension, words, words)
                .world);
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
    const Rect square =
        view_map(world, {0, 0}, {side, side}, moments.front().snapshot->scene->dimension).world;
    strip_canvases_.resize(views.size() * moments.size());
    std::vector<ImTextureID> textures;
    for (std::size_t pane = 0; pane < views.size(); ++pane) {
        for (const Moment& moment : moments) {
            const int pixels = static_cast<int>(side);
            textures.push_back(render_tile(strip_canvases_[textures.size()], moment,
                                           {pane, pixels, pixels, square, tile_em}));
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
