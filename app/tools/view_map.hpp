#pragma once

#include <imgui.h>

#include <algorithm>

#include "core/lab/command.hpp"
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

/// A pane in which `view` is seen whole and in the middle. In dimension 1 the whole of the time
/// axis always fills the width. `above`, `below`: pixels that words take there; the view is fitted
/// into what is left between them.
inline ViewMap view_map(const Rect& view, ImVec2 origin, ImVec2 size, int dimension = 2,
                        float above = 0, float below = 0) {
    const float width = std::max(1.0f, size.x);
    const float height = std::max({1.0f, size.y / 2, size.y - above - below});
    const float upright = (view.y_max - view.y_min) / height;
    const float unit =
        dimension == 1 ? upright : std::max(upright, (view.x_max - view.x_min) / width);
    const float x = (view.x_min + view.x_max) / 2;
    const float y = (view.y_min + view.y_max) / 2 + unit * (above - below) / 2;
    const float half_x = dimension == 1 ? shown_time_axis : unit * width / 2;
    const float half_y = unit * std::max(1.0f, size.y) / 2;
    const float middle = dimension == 1 ? 0 : x;
    return {origin, size, {middle - half_x, y - half_y, middle + half_x, y + half_y}};
}

}  // namespace driftglass
