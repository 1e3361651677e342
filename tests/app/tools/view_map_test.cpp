#include "app/tools/view_map.hpp"

#include <cmath>

#include "app/tools/pan.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("world and pixels are each other's inverse, with y upwards", "[view]") {
    const Rect view{-2.6f, -4.2f, 3.4f, 1.8f};
    const ViewMap map = view_map(view, {100, 50}, {640, 480});
    CHECK(map.to_pixel(0.4f, -1.2f).x == Approx(420));
    CHECK(map.to_pixel(0.4f, -1.2f).y == Approx(290));
    CHECK(map.to_pixel(0, 1).y < map.to_pixel(0, 0).y);
    const ImVec2 world = map.to_world(map.to_pixel(1.5f, -2));
    CHECK(world.x == Approx(1.5));
    CHECK(world.y == Approx(-2));
}

TEST_CASE("a view is seen whole in a pane of any shape, and fills it one way", "[view]") {
    // A square one by its height, or by its width.
    const Rect square{-3, -2, 3, 4};
    CHECK(view_map(square, {0, 50}, {640, 480}).to_pixel(0, 4).y == Approx(50).margin(0.01));
    CHECK(view_map(square, {0, 0}, {300, 900}).to_pixel(3, 0).x == Approx(300));
    // A wide one fills a wide pane both ways.
    const ViewMap both = view_map({-4, -1, 4, 1}, {0, 0}, {800, 200});
    CHECK(both.to_pixel(-4, 1).x == Approx(0).margin(0.01));
    CHECK(both.to_pixel(-4, 1).y == Approx(0).margin(0.01));
    CHECK(both.to_pixel(4, -1).x == Approx(800));
    CHECK(both.to_pixel(4, -1).y == Approx(200));
    // Words at the top and at the bottom: what they leave.
    const ViewMap flat = view_map(square, {0, 0}, {640, 300}, 2, 28, 28);
    CHECK(flat.to_pixel(0, 4).y == Approx(28).margin(0.01));
    CHECK(flat.to_pixel(0, -2).y == Approx(272).margin(0.01));
    CHECK(view_map(square, {0, 0}, {640, 300}, 1, 28, 48).to_pixel(0, -2).y ==
          Approx(252).margin(0.01));
}

TEST_CASE("time fills the width of a pane, whatever its shape and zoom", "[view]") {
    const Rect view{-4, -5, 6, 5};
    for (const ImVec2 size : {ImVec2(900, 300), ImVec2(300, 900)}) {
        const ViewMap map = view_map(view, {10, 0}, size, 1);
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

TEST_CASE("zooming keeps what is under the mouse, within limits, and ends the following",
          "[view]") {
    UiState ui;
    const ImVec2 mouse{70, 330};
    for (int i = 0; i < 500; ++i) {
        const ViewMap map = view_map(ui.view, {0, 0}, {400, 400});
        const ImVec2 before = map.to_world(mouse);
        zoom_at(ui, map, mouse, i < 250 ? 1.15f : 1 / 1.15f);
        const ImVec2 after = view_map(ui.view, {0, 0}, {400, 400}).to_world(mouse);
        const float half = (ui.view.x_max - ui.view.x_min) / 2;
        REQUIRE(after.x == Approx(before.x).margin(1e-3 * half));
        REQUIRE(after.y == Approx(before.y).margin(1e-3 * half));
        REQUIRE(half >= 0.99f * closest_view);
        REQUIRE(half <= 1.01f * furthest_view);
    }
    CHECK_FALSE(ui.view_follows);
}
