#include "core/lab/change_dimension.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "core/lab/setup.hpp"
#include "tests/core/lab/scenes.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using namespace std::chrono_literals;

namespace {

/// As it is saved and opened again: what the scene is allowed to be.
Scene reread(const Scene& scene) {
    return parse_scene(to_json(scene), "scene.json");
}

}  // namespace

TEST_CASE("all kinds of data become data of a line that can be learnt", "[dimension]") {
    std::vector<DataSettings> kinds(6);
    kinds[0] = default_scene().data;
    kinds[1].preset = Preset::checkerboard;
    kinds[2].preset = Preset::pinwheel;
    kinds[3].kind = DataKind::csv;
    kinds[3].file = "plane.csv";
    kinds[4].kind = DataKind::points;
    kinds[4].points = std::make_shared<const PointSet>(PointSet{2, {1, 5, -2, 7}, {0, 1}});
    kinds[5] = two_labels().data;
    for (const DataSettings& data : kinds) {
        Scene scene;
        scene.views.resize(1);
        scene.data = data;
        scene.weights = "plane.pt";
        change_dimension(scene, 1, nullptr);
        CHECK(scene.dimension == 1);
        CHECK(scene.weights.empty());
        const Scene again = reread(scene);
        const Setup setup = make_setup(std::make_shared<const Scene>(again), nullptr);
        CHECK(setup.data->dimension == 1);
        CHECK(setup.data->size() > 0);
    }
    Scene scene;
    scene.data = kinds[4];
    change_dimension(scene, 1, nullptr);
    CHECK(scene.data.points->x == std::vector<float>{1, -2});
    CHECK(scene.data.points->labels == std::vector<int>{0, 1});
    scene.dimension = 2;
    scene.data = kinds[2];
    change_dimension(scene, 1, nullptr);
    CHECK(scene.data.preset == Preset::three_gaussians);
    CHECK_THROWS_AS(change_dimension(scene, 3, nullptr), Error);
}

TEST_CASE("a drawing is projected onto its line, point for point", "[dimension]") {
    Scene scene = default_scene();
    const auto data_of = [](const Scene& of) {
        return make_setup(std::make_shared<const Scene>(of), nullptr).data;
    };
    const auto plane = data_of(scene);
    change_dimension(scene, 1, nullptr);
    const auto line = data_of(scene);
    float low = 1e9f, high = -1e9f;
    for (std::size_t i = 0; i < plane->x.size(); i += 2) {
        low = std::min(low, plane->x[i]);
        high = std::max(high, plane->x[i]);
    }
    CHECK(*std::min_element(line->x.begin(), line->x.end()) == Approx(low).margin(0.2));
    CHECK(*std::max_element(line->x.begin(), line->x.end()) == Approx(high).margin(0.2));
}

TEST_CASE("the dimension is changed while training, and what was there comes back", "[dimension]") {
    Lab lab(small_scene(), on_cpu());
    const auto trained_in = [&](int dimension) {
        for (int i = 0; i < 4000; ++i) {
            const std::shared_ptr<const Snapshot> now = lab.snapshot();
            if (now->scene->dimension == dimension && now->data->dimension == dimension &&
                now->status.step > 0 && now->panes[0].trajectories)
                return true;
            lab.tick(20ms);
        }
        return false;
    };
    Look look;
    look.panes.resize(2);
    look.metrics = look.loss_curve = look.loss_against_time = false;
    lab.send({0, command::SetLook{look}});
    REQUIRE(trained_in(2));
    const auto strokes = lab.snapshot()->scene->data.strokes;

    lab.send({0, command::SetDimension{1}});
    REQUIRE(trained_in(1));
    // Another edit in between: it is not the step before that comes back, but the plane.
    DataSettings two;
    two.preset = Preset::two_points;
    lab.send({0, command::SetData{two}});
    lab.send({0, command::SetDimension{2}});
    REQUIRE(trained_in(2));
    CHECK(lab.snapshot()->scene->data.strokes == strokes);

    lab.send({0, command::Undo{}});
    REQUIRE(trained_in(1));
    CHECK(lab.snapshot()->scene->data.preset == Preset::two_points);
    lab.send({0, command::Undo{}});
    lab.send({0, command::Undo{}});
    REQUIRE(trained_in(2));
    CHECK(lab.snapshot()->scene->data.strokes == strokes);
}

TEST_CASE("a scene that opened on a line goes to the plane with a preset", "[dimension]") {
    Scene scene = small_scene();
    scene.dimension = 1;
    scene.data = two_labels().data;
    change_dimension(scene, 2, nullptr);
    CHECK(scene.data.kind == DataKind::preset);
    CHECK_NOTHROW(make_setup(std::make_shared<const Scene>(reread(scene)), nullptr));
}
