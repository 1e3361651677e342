#include "app/export/pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "app/export/png.hpp"
#include "app/tools/follow.hpp"
#include "app/window/graphics.hpp"
#include "core/lab/space_time.hpp"
#include "tests/app/synthetic_snapshot.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// A snapshot with one pane of these end points, two rows each from the origin.
Snapshot paths_to(const std::vector<float>& ends) {
    auto paths = std::make_shared<Trajectories>();
    paths->count = static_cast<std::int64_t>(ends.size() / 2);
    paths->times = {1, 0};
    paths->positions.assign(ends.size(), 0);
    paths->positions.insert(paths->positions.end(), ends.begin(), ends.end());
    Snapshot snapshot;
    snapshot.panes.resize(1);
    snapshot.panes[0].trajectories = paths;
    return snapshot;
}

double mean_difference(const Image& a, const Image& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.rgba.size(); ++i)
        sum += std::abs(a.rgba[i] - b.rgba[i]);
    return sum / static_cast<double>(a.rgba.size());
}

}  // namespace

TEST_CASE("in one dimension every pane shows the whole of time") {
    Snapshot snapshot = paths_to({2.4f, 3, -2.4f, -1});
    auto data = std::make_shared<PointSet>();
    data->dimension = 1;
    data->x = {-2, 5};
    snapshot.data = data;
    const Rect world = worth_seeing(snapshot, 1);
    CHECK(world.y_max > 5);
    CHECK(world.y_min < -2);
    Scene scene;
    scene.dimension = 1;
    scene.views.resize(2);
    const Pictures pictures(960, 540, {});
    for (const Rect& shown : pictures.pane_worlds(scene, world)) {
        CHECK(shown.x_max == shown_time_axis);
        CHECK(shown.y_min <= world.y_min);
        CHECK(shown.y_max >= world.y_max);
    }
}

TEST_CASE("sheets show every pane, the time, and what lies in the panes") {
    const Graphics graphics({.hidden = true});
    const Moment moment{tests::synthetic_snapshot(), 0.16};
    const Rect world = worth_seeing(*moment.snapshot, 2);
    UiState ui;
    Pictures dark(960, 540, ui);
    const std::vector<Rect> worlds = dark.pane_worlds(*moment.snapshot->scene, world);
    REQUIRE(worlds.size() == 2);
    for (const Rect& shown : worlds) {
        CHECK(shown.x_min <= world.x_min + 1e-4f);
        CHECK(shown.y_max >= world.y_max - 1e-4f);
    }
    const Image first = dark.panes(moment, world);
    REQUIRE(first.rgba.size() == 960u * 540 * 4);
    CHECK(mean_difference(first, dark.panes(moment, world)) == 0);
    CHECK(mean_difference(first, dark.panes({moment.snapshot, 0.9}, world)) > 0.5);
    ui.dark = false;
    Pictures light(960, 540, ui);
    CHECK(mean_difference(first, light.panes(moment, world)) > 50);

    const std::vector<Moment> moments = {{moment.snapshot, 1}, moment, {moment.snapshot, 0}};
    const Image strip = dark.strip(moments, world);
    CHECK(strip.width == 960);
    CHECK(strip.height % 2 == 0);
    CHECK(strip.rgba.size() == static_cast<std::size_t>(strip.width * strip.height * 4));

    if (const char* folder = std::getenv("DRIFTGLASS_KEEP_PICTURES")) {
        const std::filesystem::path place = folder;
        write_png(place / "panes.png", first.rgba, 960, 540);
        write_png(place / "strip.png", strip.rgba, strip.width, strip.height);
        Pictures large(1920, 1080, UiState{});
        const Image sheet = large.panes(moment, world);
        write_png(place / "panes-1080.png", sheet.rgba, 1920, 1080);
        const Image bright = light.panes(moment, world);
        write_png(place / "panes-light.png", bright.rgba, 960, 540);
    }
}
