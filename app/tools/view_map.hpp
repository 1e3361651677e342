#pragma once

#include <imgui.h>

#include <algorithm>

#include "app/state/ui_state.hpp"
#include "core/lab/space_time.hpp"

namespace driftglass {

/// The one place where world and pixels meet: a rectangle of the screen that shows a rectangle of
/// the plane, y upwards. In the plane both axes have the same scale; time across has its own.
struct ViewMap {
    ImVec2 origin;  ///< upper left corner on the screen, in ImGui's pixels
    ImVec2 size;
    Rect world;

    /// Along y, and in the plane along x.
    float pixels_per_unit() const { return size.y / (world.y_max - world.y_min); }
    ImVec2 to_pixel(float x, float y) const {
        return {origin.x + (x - world.x_min) * across(),
                origin.y + (world.y_max - y) * pixels_per_unit()};
    }
    ImVec2 to_world(ImVec2 pixel) const {
        return {world.x_min + (pixel.x - origin.x) / across(),
                world.y_max - (pixel.y - origin.y) / pixels_per_unit()};
    }

private:
    float across() const { return size.x / (world.x_max - world.x_min); }
};

/// The linked view of a pane: the same centre and scale in each. In dimension 1 the whole of the
/// time axis always fills the width. `words`: pixels at the top and at the bottom that text takes;
/// half_height is from the centre to the nearer edge of what is left.
inline ViewMap view_map(const UiState& ui, ImVec2 origin, ImVec2 size, int dimension = 2,
                        float words = 0) {
    const float height = std::max({1.0f, size.y / 2, size.y - 2 * words});
    if (dimension == 1) {
        const float half = ui.half_height * size.y / height;
        return {origin,
                size,
                {-shown_time_axis, ui.center_y - half, shown_time_axis, ui.center_y + half}};
    }
    const float unit = 2 * ui.half_height / std::max(1.0f, std::min(size.x, height));
    const float half_x = unit * size.x / 2;
    const float half_y = unit * size.y / 2;
    return {
        origin,
        size,
        {ui.center_x - half_x, ui.center_y - half_y, ui.center_x + half_x, ui.center_y + half_y}};
}

}  // namespace driftglass
