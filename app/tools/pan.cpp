#include "app/tools/pan.hpp"

#include <algorithm>

namespace driftglass {

void pan_by(UiState& ui, const ViewMap& map, ImVec2 pixels) {
    const ImVec2 from = map.to_world({0, 0}), to = map.to_world(pixels);
    const float x = to.x - from.x, y = to.y - from.y;
    ui.view = {ui.view.x_min - x, ui.view.y_min - y, ui.view.x_max - x, ui.view.y_max - y};
    ui.view_follows = false;
}

void zoom_at(UiState& ui, const ViewMap& map, ImVec2 pixel, float factor) {
    Rect& view = ui.view;
    const float half = std::max(view.x_max - view.x_min, view.y_max - view.y_min) / 2;
    const float scale = std::clamp(half / factor, closest_view, furthest_view) / half;
    const ImVec2 under = map.to_world(pixel);
    for (float* x : {&view.x_min, &view.x_max})
        *x = under.x + (*x - under.x) * scale;
    for (float* y : {&view.y_min, &view.y_max})
        *y = under.y + (*y - under.y) * scale;
    ui.view_follows = false;
}

void reset_view(UiState& ui) {
    ui.view = Rect{};
    ui.view_follows = false;
}

}  // namespace driftglass
