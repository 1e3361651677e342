#include "app/panels/canvas.hpp"

#include "app/export/off_screen.hpp"
#include "app/panels/design.hpp"
#include "app/window/graphics.hpp"
#include "tests/app/golden.hpp"
#include "tests/app/synthetic_snapshot.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("the lines of a pairing look as they did") {
    const Graphics graphics({.hidden = true});
    tests::SyntheticOptions options;
    options.density_cells = 16;
    options.particles = 96;
    // The pairs of a round of reflow: the ends of the paths.
    const auto paths = tests::synthetic_snapshot(options)->panes[0].trajectories;
    const auto row = static_cast<std::size_t>(2 * paths->count);
    std::vector<float> lines;
    for (std::size_t i = 0; i < row; i += 2) {
        const float* start = &paths->positions[i];
        const float* end = &paths->positions[paths->positions.size() - row + i];
        lines.insert(lines.end(), {end[0], end[1], start[0], start[1]});
    }
    constexpr int side = 320;
    const ViewMap map = view_map({}, {0, 0}, {side, side});
    for (const bool dark : {true, false}) {
        auto& design = *static_cast<Design*>(ImGui::GetIO().UserData);
        design.theme = &theme(dark);
        design.em = 14;
        const Image drawn = draw_off_screen(
            side, side, [&] { draw_pairing(ImGui::GetBackgroundDrawList(), map, lines, 0.8f); });
        const std::string name = std::string("pairing") + (dark ? "_dark" : "_light");
        INFO(name);
        CHECK(tests::compare_with_golden(name, drawn.rgba, side, side) == "");
        const Image empty = draw_off_screen(side, side, [] {});
        CHECK_FALSE(tests::difference(empty.rgba, drawn.rgba).small());
    }
}
