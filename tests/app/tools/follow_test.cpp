#include "app/tools/follow.hpp"

#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "app/tools/pan.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// Data in the square of +-`half`, and in each of `panes` panes paths from +-1 to `ends`.
Snapshot scene_of(float half, const std::vector<std::vector<float>>& ends) {
    Snapshot snapshot;
    auto data = std::make_shared<PointSet>();
    data->x = {-half, -half, half, half, half, -half, -half, half};
    snapshot.data = data;
    for (const std::vector<float>& of_pane : ends) {
        auto paths = std::make_shared<Trajectories>();
        paths->count = static_cast<std::int64_t>(of_pane.size() / 2);
        paths->times = {1, 0};
        for (std::size_t i = 0; i < of_pane.size(); ++i)
            paths->positions.push_back(i % 4 < 2 ? -1.0f : 1.0f);
        paths->positions.insert(paths->positions.end(), of_pane.begin(), of_pane.end());
        snapshot.panes.emplace_back().trajectories = paths;
    }
    return snapshot;
}

bool holds(const Rect& rect, float x, float y) {
    return rect.x_min < x && x < rect.x_max && rect.y_min < y && y < rect.y_max;
}

/// As a window does it, until nothing moves.
void settle(Follower& follower, const Snapshot& snapshot, UiState& ui) {
    for (int i = 0; i < 200; ++i) {
        follower.frame(snapshot, snapshot.panes.size(), false, 1.0 / 60, ui);
        if (!follower.moving()) return;
    }
    FAIL("the view does not come to rest");
}

}  // namespace

TEST_CASE("worth seeing are the data, the noise and the ends, close up", "[view]") {
    const Rect close = worth_seeing(scene_of(2, {{0, 0, 1, 1}}), 1);
    CHECK(holds(close, 2, 2));
    CHECK(holds(close, -2, -2));
    CHECK(close.x_max < 2.4f);
    // Noise beyond small data.
    CHECK(holds(worth_seeing(scene_of(0.6f, {{0, 0, 0, 0}}), 1), 0.95f, -0.95f));
    // Ends beyond the data, of a pane that is shown.
    const Snapshot guided = scene_of(2, {{0, 0, 1, 1}, {0, 0, 2.25f, -2.25f}});
    CHECK(holds(worth_seeing(guided, 2), 2.25f, -2.25f));
    CHECK_FALSE(holds(worth_seeing(guided, 1), 2.25f, -2.25f));
    // A wide figure asks for a wide view.
    Snapshot wide;
    auto line = std::make_shared<PointSet>();
    line->x = {-4, 0.5f, 4, -0.5f};
    wide.data = line;
    const Rect flat = worth_seeing(wide, 0);
    CHECK(flat.x_max - flat.x_min > 3 * (flat.y_max - flat.y_min));
}

TEST_CASE("paths that flew away do not make the data a speck", "[view]") {
    const Rect wild = worth_seeing(scene_of(1, {{1e20f, -1e20f, 1e20f, 1e20f}}), 1);
    CHECK(wild.x_max < 3);
    CHECK(wild.y_min > -3);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    Snapshot odd = scene_of(1, {{nan, nan, 0, nan}, {}});
    auto data = std::make_shared<PointSet>(*odd.data);
    data->x[0] = std::numeric_limits<float>::infinity();
    data->x[1] = 1e30f;
    odd.data = data;
    for (const Snapshot& snapshot : {odd, Snapshot{}, scene_of(0, {{0, 0}})}) {
        const Rect world = worth_seeing(snapshot, 2);
        CHECK(std::isfinite(world.x_min + world.y_min));
        CHECK(world.x_max > world.x_min);
        CHECK(world.y_max > world.y_min);
        CHECK(world.x_max < 4);
    }
}

TEST_CASE("on what is drawn the view makes way and never closes in", "[view]") {
    UiState ui;
    Follower follower;
    Snapshot snapshot;
    snapshot.data = std::make_shared<PointSet>();
    settle(follower, snapshot, ui);
    const Rect blank = ui.view;
    CHECK(holds(blank, 2.4f, -2.4f));
    const auto draw = [&](std::size_t strokes, std::vector<float> x) {
        auto data = std::make_shared<PointSet>();
        data->x = std::move(x);
        snapshot.data = data;
        snapshot.strokes.resize(strokes);
        settle(follower, snapshot, ui);
    };
    draw(1, {-1.5f, -1, -1.5f, 1});
    CHECK(ui.view == blank);
    draw(2, {-1.5f, -1, -1.5f, 1, 4, 0});
    CHECK(holds(ui.view, 4, 0));
    CHECK(ui.view.x_min == blank.x_min);
    const Rect wide = ui.view;
    draw(1, {-1.5f, -1, -1.5f, 1});  // undone
    CHECK(ui.view == wide);
    // Something else in its place is looked at close up.
    draw(0, {-0.5f, -0.5f, 0.5f, 0.5f});
    CHECK_FALSE(holds(ui.view, 2, 0));
}

TEST_CASE("one dimension stands upright", "[view]") {
    Snapshot snapshot = scene_of(1, {{2.4f, 3, 2.4f, -1}});
    auto data = std::make_shared<PointSet>();
    data->dimension = 1;
    data->x = {-2, 5};
    snapshot.data = data;
    const Rect world = worth_seeing(snapshot, 1);
    CHECK(world.y_max > 5);
    CHECK(world.y_min < -2);
}

TEST_CASE("the view follows what there is until a person moves it", "[view]") {
    UiState ui;
    Follower follower;
    settle(follower, scene_of(2, {{0, 0, 1, 1}}), ui);
    const Rect first = ui.view;
    CHECK(first == worth_seeing(scene_of(2, {{0, 0, 1, 1}}), 1));

    // What training changes all the time does not move it.
    settle(follower, scene_of(2, {{0.1f, 0, 1, 2.05f}}), ui);
    CHECK(ui.view == first);

    // Larger data do, in steps that never overshoot; and smaller ones.
    const Snapshot larger = scene_of(4, {{0, 0, 1, 1}});
    follower.frame(larger, 1, false, 1.0 / 60, ui);
    CHECK(follower.moving());
    CHECK(ui.view.x_max > first.x_max);
    CHECK(ui.view.x_max < follower.aim().x_max);
    settle(follower, larger, ui);
    CHECK(holds(ui.view, 4, 4));
    settle(follower, scene_of(1, {{0, 0, 1, 1}}), ui);
    CHECK(ui.view.x_max < 1.5f);

    // Never under a brush.
    const Rect before = ui.view;
    follower.frame(scene_of(3, {{0, 0, 1, 1}}), 1, true, 1.0 / 60, ui);
    CHECK(ui.view == before);

    // Nor once it is the person's, until that is undone.
    pan_by(ui, view_map(ui.view, {0, 0}, {400, 400}), {40, 0});
    const Rect panned = ui.view;
    CHECK(panned.x_min < before.x_min);
    settle(follower, larger, ui);
    CHECK(ui.view == panned);
    CHECK(follower.aim() == panned);
    ui.view_follows = true;
    settle(follower, larger, ui);
    CHECK(holds(ui.view, 4, 4));
}

TEST_CASE("with reduced motion the view is there at once", "[view]") {
    UiState ui;
    ui.reduced_motion = true;
    Follower follower;
    for (const float half : {1.0f, 3.0f}) {
        follower.frame(scene_of(half, {{0, 0, 1, 1}}), 1, false, 1.0 / 60, ui);
        CHECK_FALSE(follower.moving());
        CHECK(holds(ui.view, half, half));
    }
}
