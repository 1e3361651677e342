#include "app/tools/view_map.hpp"

#include <cmath>
#include <limits>

#include "app/tools/pan.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("world and pixels are each other's inverse, with y upwards", "[view]") {
    UiState ui;
    ui.center_x = 0.4f;
    ui.center_y = -1.2f;
    const ViewMap map = view_map(ui, {100, 50}, {640, 480});
    CHECK(map.to_pixel(ui.center_x, ui.center_y).x == Approx(420));
    CHECK(map.to_pixel(ui.center_x, ui.center_y).y == Approx(290));
    CHECK(map.to_pixel(0, 1).y < map.to_pixel(0, 0).y);
    const ImVec2 world = map.to_world(map.to_pixel(1.5f, -2));
    CHECK(world.x == Approx(1.5));
    CHECK(world.y == Approx(-2));
    // The nearer edge is half_height away, in either shape of pane.
    CHECK(map.to_pixel(0, ui.center_y + ui.half_height).y == Approx(50).margin(0.01));
    const ViewMap tall = view_map(ui, {0, 0}, {300, 900});
    CHECK(tall.to_pixel(ui.center_x + ui.half_height, 0).x == Approx(300));
    // Words at the top and at the bottom: of what they leave.
    const ViewMap flat = view_map(ui, {0, 0}, {640, 300}, 2, 28);
    CHECK(flat.to_pixel(0, ui.center_y + ui.half_height).y == Approx(28).margin(0.01));
    CHECK(view_map(ui, {0, 0}, {640, 300}, 1, 28).to_pixel(0, ui.center_y - ui.half_height).y ==
          Approx(272).margin(0.01));
}

TEST_CASE("time fills the width of a pane, whatever its shape and zoom", "[view]") {
    UiState ui;
    ui.half_height = 5;
    ui.center_x = 1;
    for (const ImVec2 size : {ImVec2(900, 300), ImVec2(300, 900)}) {
        const ViewMap map = view_map(ui, {10, 0}, size, 1);
        const float start = map.to_pixel(static_cast<float>(across_at(1)), 0).x;
        const float end = map.to_pixel(static_cast<float>(across_at(0)), 0).x;
        CHECK(start - 10 == Approx(10 + size.x - end).margin(0.01));
        CHECK(end - start > 0.9f * size.x);
        CHECK(map.to_pixel(0, 5).y == Approx(0).margin(0.01));
        const ImVec2 world = map.to_world(map.to_pixel(1.5f, -2));
        CHECK(world.x == Approx(1.5));
        CHECK(world.y == Approx(-2));
    }
}

TEST_CASE("zooming keeps what is under the mouse, within limits", "[view]") {
    UiState ui;
    const ImVec2 mouse{70, 330};
    for (int i = 0; i < 500; ++i) {
        const ViewMap map = view_map(ui, {0, 0}, {400, 400});
        const ImVec2 before = map.to_world(mouse);
        zoom_at(ui, map, mouse, i < 250 ? 1.15f : 1 / 1.15f);
        const ImVec2 after = view_map(ui, {0, 0}, {400, 400}).to_world(mouse);
        REQUIRE(after.x == Approx(before.x).margin(1e-3 * ui.half_height));
        REQUIRE(after.y == Approx(before.y).margin(1e-3 * ui.half_height));
        REQUIRE(ui.half_height >= closest_view);
        REQUIRE(ui.half_height <= furthest_view);
    }
}

TEST_CASE("the fitted view holds the data and the unit Gaussian, whatever the data", "[view]") {
    UiState ui;
    PointSet data;
    data.x = {8, 1, -2, 0.5f};
    fit_view(ui, &data);
    CHECK(ui.center_x + ui.half_height > 8);
    CHECK(ui.center_x - ui.half_height < -3);
    data.x = {1e30f,
              0,
              std::numeric_limits<float>::quiet_NaN(),
              0,
              std::numeric_limits<float>::infinity(),
              1};
    fit_view(ui, &data);
    CHECK(std::isfinite(ui.half_height));
    CHECK(ui.half_height < 5);
    fit_view(ui, nullptr);
    CHECK(ui.half_height > 3);
}
