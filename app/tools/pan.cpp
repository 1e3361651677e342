#include "app/tools/pan.hpp"

#include <algorithm>
#include <cmath>

namespace driftglass {

void pan_by(UiState& ui, const ViewMap& map, ImVec2 pixels) {
    ui.center_x -= pixels.x / map.pixels_per_unit();
    ui.center_y += pixels.y / map.pixels_per_unit();
}

void zoom_at(UiState& ui, const ViewMap& map, ImVec2 pixel, float factor) {
    const float before = ui.half_height;
    ui.half_height = std::clamp(before / factor, closest_view, furthest_view);
    const float moved = 1 - ui.half_height / before;
    const ImVec2 under = map.to_world(pixel);
    ui.center_x += (under.x - ui.center_x) * moved;
    ui.center_y += (under.y - ui.center_y) * moved;
}

void fit_view(UiState& ui, const PointSet* data) {
    // 99 % of the unit Gaussian's mass lies within this radius.
    constexpr float gaussian_radius = 3.03f;
    constexpr float margin = 1.05f;
    float low[2] = {-gaussian_radius, -gaussian_radius};
    float high[2] = {gaussian_radius, gaussian_radius};
    if (data != nullptr) {
        // One dimension stands upright.
        for (std::size_t i = 0; i < data->x.size(); ++i) {
            const float value = data->x[i];
            if (!std::isfinite(value) || std::abs(value) > furthest_view) continue;
            const std::size_t axis = data->dimension == 1 ? 1 : i % 2;
            low[axis] = std::min(low[axis], value);
            high[axis] = std::max(high[axis], value);
        }
    }
    ui.center_x = (low[0] + high[0]) / 2;
    ui.center_y = (low[1] + high[1]) / 2;
    ui.half_height = std::max(high[0] - low[0], high[1] - low[1]) / 2 * margin;
}

void reset_view(UiState& ui) {
    const UiState fresh;
    ui.center_x = fresh.center_x;
    ui.center_y = fresh.center_y;
    ui.half_height = fresh.half_height;
}

}  // namespace driftglass
