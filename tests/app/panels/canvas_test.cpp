#include "app/panels/canvas.hpp"

#include "app/export/off_screen.hpp"
#include "app/panels/design.hpp"
#include "app/window/graphics.hpp"
#include "tests/app/golden.hpp"
#include "tests/app/synthetic_snapshot.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

void design_of(float em) {
    auto& design = *static_cast<Design*>(ImGui::GetIO().UserData);
    design.theme = &theme(true);
    design.em = em;
}

}  // namespace

TEST_CASE("a caption gives up first what all panes have in common") {
    const Graphics graphics({.hidden = true});
    design_of(14);
    ViewWords words;
    words.field = "learned";
    words.method = "PF-ODE";
    words.solver = words.short_solver = "Heun 32";
    std::vector<ViewWords> fields(2, words), solvers(2, words);
    fields[0].field = "learned, step 1,200";
    solvers[1].solver = solvers[1].short_solver = "Euler 4";
    (void)draw_off_screen(16, 16, [&] {
        for (const auto* all : {&fields, &solvers}) {
            const ViewWords whole = fitting_words(*all, 1, 1000);
            CHECK(whole.field == (*all)[1].field);
            CHECK(whole.method == (*all)[1].method);
            CHECK(whole.solver == (*all)[1].solver);
        }
        // Room for two of the three words.
        const ViewWords by_field = fitting_words(fields, 1, 130);
        CHECK(by_field.field == "learned");
        CHECK(by_field.method == "PF-ODE");
        CHECK(by_field.solver.empty());
        const ViewWords by_solver = fitting_words(solvers, 1, 130);
        CHECK(by_solver.field.empty());
        CHECK(by_solver.method == "PF-ODE");
        CHECK(by_solver.solver == "Euler 4");
        CHECK(fitting_words(solvers, 1, 70).method.empty());
        CHECK(fitting_words(solvers, 1, 70).solver == "Euler 4");
        // A long name is shortened before a word goes.
        solvers[1].solver = "Euler\xe2\x80\x93Maruyama 64";
        solvers[1].short_solver = "EM 64";
        CHECK(fitting_words(solvers, 1, 1000).solver == solvers[1].solver);
        CHECK(fitting_words(solvers, 1, 190).solver == "EM 64");
        CHECK(fitting_words(solvers, 1, 190).field == "learned");
    });
}

TEST_CASE("straightness stands under each of four panes of a small window") {
    const Graphics graphics({.hidden = true});
    design_of(13);  // at 1280 by 800
    auto metrics = std::make_shared<PaneMetrics>();
    metrics->w2 = 0.133;
    metrics->w2_floor = 0.134;
    metrics->w2_to_first = 0.0971;
    metrics->paths = {0.0123, 1.94, 0.31};
    auto paths = std::make_shared<Trajectories>();
    paths->nfe = 64;
    PaneSnapshot shown;
    shown.metrics = metrics;
    shown.trajectories = paths;
    (void)draw_off_screen(16, 16, [&] {
        const auto names = [&](float width) {
            std::string all;
            for (const PaneNumber& number : fitting_numbers(shown, {}, width))
                all += number.name;
            return all;
        };
        CHECK(names(2000) == "$W_2$ NFE straightness to A path energy ");
        CHECK(names(335) == "$W_2$ NFE straightness ");
        // One that does not fit leaves its room to a shorter one after it.
        CHECK(names(240) == "$W_2$ NFE ");
    });
}

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
    const ViewMap map = view_map(Rect{}, {0, 0}, {side, side});
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
