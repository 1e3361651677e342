#include <cmath>
#include <numbers>

#include "core/lab/pane_density.hpp"
#include "core/lab/space_time.hpp"
#include "tests/core/lab/scenes.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using namespace driftglass::testing;

namespace {

/// Two labelled Gaussians at -1.5 and 1.5 with standard deviation 0.7, the first of twice the
/// weight.
Scene two_gaussians() {
    Scene scene = small_scene();
    const Scene known = two_labels();
    scene.dimension = 1;
    scene.field = FieldKind::exact;
    scene.data = known.data;
    scene.data.mixture[0].weight = 2;
    scene.path = known.path;
    for (ViewSpec& view : scene.views)
        view.field = FieldKind::exact;
    return scene;
}

double gaussian(double x, double mean, double sd) {
    return std::exp(-0.5 * (x - mean) * (x - mean) / (sd * sd)) /
           (sd * std::sqrt(2 * std::numbers::pi));
}

Moments moments(const std::vector<float>& values, const Profile& on) {
    return moments_of(values, values.size(), static_cast<double>(on.low),
                      static_cast<double>(on.high));
}

}  // namespace

TEST_CASE("a profile of one dimension is its closed form, tilted too", "[lab]") {
    const Setup setup = make_setup(std::make_shared<const Scene>(two_gaussians()), nullptr);
    for (const double t : {0.0, 0.3, 0.8, 1.0}) {
        const auto profile = exact_profile(setup, *setup.schedule, -6, 6, 1200, t, Tilt{1, 3});
        REQUIRE(profile);
        const Coefficients at = setup.schedule->at(t);
        const double sd = std::hypot(0.7 * at.alpha, at.sigma);
        for (const std::size_t i : {100u, 450u, 600u, 750u, 1100u}) {
            const double x = -6 + (static_cast<double>(i) + 0.5) * 0.01;
            const double first = 2.0 / 3 * gaussian(x, -1.5 * at.alpha, sd);
            const double second = 1.0 / 3 * gaussian(x, 1.5 * at.alpha, sd);
            CHECK(profile->density[i] == Approx(first + second).epsilon(1e-5));
            CHECK(profile->share[i] ==
                  Approx(std::max(1e-6, second / (first + second))).epsilon(1e-4));
        }
        CHECK(moments(profile->tilted, *profile).mass == Approx(1).epsilon(1e-4));
    }
    // With equal weights the tilted density at t = 0 is known by quadrature: w = 3 has mean 1.55
    // and standard deviation 0.65, w = 7 has 1.59 and 0.63.
    Scene equal = two_gaussians();
    equal.data.mixture[0].weight = 1;
    const Setup even = make_setup(std::make_shared<const Scene>(equal), nullptr);
    for (const auto& [w, mean, deviation] :
         {std::tuple{3.0, 1.55, 0.65}, std::tuple{7.0, 1.59, 0.63}}) {
        const auto profile = exact_profile(even, *even.schedule, -6, 6, 1200, 0, Tilt{1, w});
        const Moments m = moments(profile->tilted, *profile);
        CHECK(m.mean == Approx(mean).margin(0.005));
        CHECK(m.deviation == Approx(deviation).margin(0.005));
        // 20,000 draws: standard errors 0.005 and 0.003.
        const torch::Tensor drawn = draw_tilted(even, Tilt{1, w}, 20000, 1);
        REQUIRE(drawn.sizes() == torch::IntArrayRef({20000, 1}));
        CHECK(drawn.mean().item<double>() == Approx(m.mean).margin(0.02));
        CHECK(drawn.std().item<double>() == Approx(m.deviation).margin(0.015));
    }
    CHECK_FALSE(exact_profile(even, *even.schedule, -6, 6, 100, 0, Tilt{5, 1}));
    CHECK_FALSE(exact_profile(even, *even.schedule, 1, 1, 100, 0));
}

TEST_CASE("points in one dimension have the profile of their Gaussians", "[lab]") {
    Scene scene = two_gaussians();
    scene.data = {};
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(PointSet{1, {-1, -1, 2}, {0, 0, 1}});
    const Setup setup = make_setup(std::make_shared<const Scene>(scene), nullptr);
    const auto profile = exact_profile(setup, *setup.schedule, -5, 5, 1000, 0.5, Tilt{1, 1});
    REQUIRE(profile);
    const Coefficients at = setup.schedule->at(0.5);
    for (const std::size_t i : {300u, 430u, 500u, 640u, 700u}) {
        const double x = -5 + (static_cast<double>(i) + 0.5) * 0.01;
        const double first = 2.0 / 3 * gaussian(x, -at.alpha, at.sigma);
        const double second = 1.0 / 3 * gaussian(x, 2 * at.alpha, at.sigma);
        // density_on_grid is within 0.3 % of the maximum.
        CHECK(profile->density[i] == Approx(first + second).margin(0.003));
    }
    CHECK(moments(profile->tilted, *profile).mean == Approx(2 * at.alpha).margin(0.01));

    std::vector<float> positions;
    for (int i = 0; i < 4000; ++i) {
        positions.push_back(7);  // where on the time axis does not matter
        positions.push_back(i % 4 == 0 ? 1.0F : -1.0F + 0.001F * static_cast<float>(i % 7));
    }
    Profile on;
    on.low = -5;
    on.high = 5;
    CHECK(moments(sample_profile(positions, -5, 5, 400), on).mass == Approx(1).epsilon(1e-3));
    CHECK(sample_profile({}, -5, 5, 400).empty());
    CHECK(sample_profile({0, std::nanf("")}, -5, 5, 400).empty());
}

TEST_CASE("one dimension is shown as space against time", "[lab]") {
    CHECK(time_at(across_at(0.3)) == Approx(0.3));
    Scene scene = two_gaussians();
    scene.data.mixture[0].weight = 1;
    scene.views.resize(1);
    scene.views[0].sampler.steps = 32;
    scene.views[0].guidance.kind = GuidanceKind::cfg;
    scene.views[0].guidance.label = 1;
    scene.views[0].guidance.scale = 3;
    Lab lab(scene, on_cpu());
    Look look;
    look.time = 0.25;
    Look::Pane pane;
    pane.world = {-3, -4, 3, 4};
    pane.density_columns = 60;
    pane.density_rows = 80;
    look.panes = {pane};
    lab.send({0, command::SetLook{look}});
    std::shared_ptr<const Snapshot> s;
    for (int i = 0; i < 400; ++i) {
        lab.tick(std::chrono::milliseconds(50));
        s = lab.snapshot();
        const PaneSnapshot& shown = s->panes[0];
        if (shown.profile && !shown.profile->samples.empty() && shown.metrics &&
            shown.density_exact && shown.arrows) {
            break;
        }
    }
    const PaneSnapshot& shown = s->panes[0];
    REQUIRE(shown.trajectories);
    REQUIRE(shown.profile);
    REQUIRE(shown.density_exact);
    REQUIRE(shown.arrows);
    REQUIRE(shown.metrics);
    const Trajectories& paths = *shown.trajectories;
    for (std::size_t row = 0; row < paths.times.size(); ++row) {
        CHECK(paths.positions[row * static_cast<std::size_t>(paths.count) * 2] ==
              Approx(across_at(paths.times[row])).margin(1e-5));
    }
    CHECK(shown.profile->time == 0.25);
    CHECK_FALSE(shown.profile->tilted.empty());
    // Guided samples go too far: beyond the tilted density's mean (2.23 against 1.55 at t = 0).
    CHECK(moments(shown.profile->samples, *shown.profile).mean >
          moments(shown.profile->tilted, *shown.profile).mean + 0.3);
    CHECK(shown.metrics->to_tilt);
    // By quadrature 0.716; 2,048 draws of each give it to about 0.03.
    CHECK(shown.metrics->w2 == Approx(0.716).margin(0.08));

    const DensityGrid& grid = *shown.density_exact;
    for (int column = 0; column < grid.columns; ++column) {
        float most = 0;
        for (int row = 0; row < grid.rows; ++row)
            most =
                std::max(most, grid.values[static_cast<std::size_t>(row * grid.columns + column)]);
        const double t = time_at(-3 + (column + 0.5) * 0.1);
        CHECK(most == (t < 0 || t > 1 ? 0.0F : 1.0F));
    }
    // No arrow where there is no time.
    CHECK(shown.arrows->velocity[0] == 0);
}
