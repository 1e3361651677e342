#include "app/tools/brush.hpp"

#include <cmath>
#include <memory>

namespace driftglass {

namespace {

ImU32 with_alpha(Rgb rgb, int alpha) {
    return IM_COL32((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, alpha);
}

}  // namespace

float tool_width(const UiState& ui) {
    return ui.tool == Tool::eraser ? ui.brush_width * eraser_to_brush : ui.brush_width;
}

void paint_to(StrokeInProgress& stroke, int pane, int dimension, const ViewMap& map, ImVec2 pixel,
              const UiState& ui, Commands& commands) {
    const ImVec2 at = map.to_world(pixel);
    if (!std::isfinite(at.x) || !std::isfinite(at.y)) return;
    if (!stroke.path.empty()) {
        const std::array<float, 2> last = stroke.path.back();
        const float moved = std::hypot(at.x - last[0], at.y - last[1]);
        if (moved < 1 / map.pixels_per_unit() || moved < tool_width(ui) * 0.1f) return;
    }
    stroke.pane = pane;
    stroke.path.push_back({at.x, at.y});

    Stroke painted;
    painted.tool = ui.tool == Tool::eraser ? StrokeTool::eraser : StrokeTool::brush;
    painted.label = ui.label;
    // Short in the scene's file: a hundredth of a pixel is no matter.
    painted.width = std::round(static_cast<double>(tool_width(ui)) * 1e6) / 1e6;
    painted.softness = static_cast<double>(ui.brush_softness);
    painted.density = static_cast<double>(ui.brush_density);
    painted.path = stroke.path;
    if (dimension == 1) {
        for (std::array<float, 2>& place : painted.path)
            place = {place[1], 0};
    }
    commands.edit(command::Paint{std::make_shared<const Stroke>(std::move(painted))});
}

void draw_brush(ImDrawList* draw, const StrokeInProgress& stroke, int pane, const ViewMap& map,
                ImVec2 pixel, bool hovered, const UiState& ui, const Theme& theme) {
    const bool erasing = ui.tool == Tool::eraser;
    const auto label = static_cast<std::size_t>(ui.label < 0 ? 0 : ui.label) % theme.labels.size();
    const Rgb ink = erasing || ui.label < 0 ? theme.text : theme.labels[label];
    const float width = tool_width(ui) * map.pixels_per_unit();

    if (stroke.pane == pane && stroke.path.size() > 1) {
        std::vector<ImVec2> band;
        band.reserve(stroke.path.size());
        for (const std::array<float, 2>& at : stroke.path)
            band.push_back(map.to_pixel(at[0], at[1]));
        draw->AddPolyline(band.data(), static_cast<int>(band.size()), with_alpha(ink, 34), width);
    }
    if (hovered) {
        const float radius = width / 2 < 3 ? 3 : width / 2;
        draw->AddCircle(pixel, radius + 1, with_alpha(theme.canvas, 160), 0, 3);
        draw->AddCircle(pixel, radius, with_alpha(ink, 230), 0, 1.5f);
        draw->AddCircleFilled(pixel, 1.5f, with_alpha(ink, 230));
    }
}

}  // namespace driftglass
