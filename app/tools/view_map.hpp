#pragma once

#include <imgui.h>

#include <algorithm>

#include "app/state/ui_state.hpp"

namespace driftglass {

/// The one place where world and pixels meet: a rectangle of the screen that shows a rectangle of
/// the plane, y upwards, the same scale along both axes.
struct ViewMap {
    ImVec2 origin;  ///< upper left corner on the screen, in ImGui's pixels
    ImVec2 size;
    Rect world;

    float pixels_per_unit() const { return size.x / (world.x_max - world.x_min); }
    ImVec2 to_pixel(float x, float y) const {
        return {origin.x + (x - world.x_min) * pixels_per_unit(),
                origin.y + (world.y_max - y) * pixels_per_unit()};
    }
    ImVec2 to_world(ImVec2 pixel) const {
        return {world.x_min + (pixel.x - origin.x) / pixels_per_unit(),
                world.y_max - (pixel.y - origin.y) / pixels_per_unit()};
    }
};

/// The linked view of a pane: the same centre and scale in each.
inline ViewMap view_map(const UiState& ui, ImVec2 origin, ImVec2 size) {
    const float unit = 2 * ui.half_height / std::max(1.0f, std::min(size.x, size.y));
    const float half_x = unit * size.x / 2;
    const float half_y = unit * size.y / 2;
    return {
        origin,
        size,
        {ui.center_x - half_x, ui.center_y - half_y, ui.center_x + half_x, ui.center_y + half_y}};
}

}  // namespace driftglass
