// Where sampling starts, and what the parts of a view refuse.

#include <cmath>

#include "core/error.hpp"
#include "core/lab/learner.hpp"
#include "core/lab/pane_density.hpp"
#include "core/lab/path_warning.hpp"
#include "core/lab/setup.hpp"
#include "core/lab/source_law.hpp"
#include "core/lab/view_field.hpp"
#include "core/measure/tilted_density.hpp"
#include "tests/core/lab/scenes.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using Catch::Matchers::Contains;

namespace {

Setup setup_of(const Scene& scene) {
    return make_setup(std::make_shared<const Scene>(scene), nullptr);
}

double spread(const torch::Tensor& x) {
    return std::sqrt((x - x.mean(0)).square().mean().item<double>());
}

}  // namespace

TEST_CASE("starts are x at t = 1: the source on the path's scale", "[setup]") {
    Scene scene;
    scene.path.schedule = ScheduleKind::ve;
    scene.path.s_max = 7;
    for (const SourceKind kind : {SourceKind::gaussian, SourceKind::uniform}) {
        scene.source.kind = kind;
        const Setup setup = setup_of(scene);
        // Unit spread times 7; 20,000 numbers: 1 % is more than two standard errors of either.
        CHECK(spread(setup.starts(*setup.schedule, 10000, 3)) == Approx(7).epsilon(0.02));
    }
}

TEST_CASE("the diffusion coupling starts from data with its noise", "[setup]") {
    Scene scene;
    scene.data.preset = Preset::eight_gaussians;
    scene.coupling.kind = CouplingKind::diffusion;
    scene.coupling.s = 0.5;
    const Setup setup = setup_of(scene);
    const double data = spread(positions_of(*setup.data));
    const torch::Tensor starts = setup.starts(*setup.schedule, 10000, 3);
    CHECK(spread(starts) == Approx(std::hypot(data, 0.5)).epsilon(0.03));
    CHECK(torch::equal(starts, setup.starts(*setup.schedule, 10000, 3)));
}

TEST_CASE("a path is warned of that leaves more noise at t_min than the data are wide", "[setup]") {
    const auto warning = [](const Scene& scene) { return path_warning(setup_of(scene)); };
    Scene scene;
    CHECK(warning(scene).empty());
    scene.path.schedule = ScheduleKind::vp_linear;
    CHECK_THAT(warning(scene), Catch::Matchers::StartsWith("terminal SNR") && !Contains("t_min"));
    scene.path.schedule = ScheduleKind::ve_sqrt;
    // sigma = 5 sqrt(0.001), with a cure that works.
    CHECK_THAT(warning(scene), Catch::Matchers::StartsWith("terminal SNR") &&
                                   Contains("sampler.t_min = 0.001") && Contains("0.158") &&
                                   Contains("karras"));
    for (const auto& cure : {+[](Scene& s) { s.sampler.t_min = 1e-6; },
                             +[](Scene& s) { s.sampler.last = LastStep::denoise; },
                             +[](Scene& s) { s.sampler.method = Method::langevin; }}) {
        Scene cured = scene;
        cure(cured);
        CHECK_THAT(warning(cured), !Contains("t_min"));
    }
    // As wide as that noise and as narrow: a mixture's components say what is wide.
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{0.5, 0}, 0.2, 1, -1}};
    CHECK_THAT(warning(scene), !Contains("t_min"));
    scene.data.mixture[0].std = 0.1;
    CHECK_THAT(warning(scene), Contains("about 0.1;"));
    scene.data = {};
    scene.data.kind = DataKind::preset;
    scene.data.strokes = default_scene().data.strokes;
    CHECK_THAT(warning(scene), Contains("t_min"));
}

TEST_CASE("fresh points can be those of one label", "[setup]") {
    Scene scene = default_scene();
    const Setup setup = setup_of(scene);
    const auto law = target_law(setup);
    Random random(1);
    const torch::Tensor spiral = positions_of(labelled_law(law, 0)->draw(500, random));
    CHECK(spiral.sizes() == torch::IntArrayRef({500, 2}));
    CHECK(spiral.select(1, 0).mean().item<double>() < -0.2);  // it lies at the left
    CHECK_THROWS_WITH(labelled_law(law, 9)->draw(10, random), Contains("label 9"));
}

TEST_CASE("fresh points of a rare label are found", "[setup]") {
    PointSet points;
    for (int i = 0; i < 20'000; ++i) {
        const bool rare = i % 5000 == 0;
        points.x.insert(points.x.end(), {rare ? 10.0F + static_cast<float>(i) : 0.0F, 0.0F});
        points.labels.push_back(rare ? 1 : 0);
    }
    Scene scene = default_scene();
    scene.data = {};
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(points);
    Random random(1);
    const auto finite = labelled_law(target_law(setup_of(scene)), 1);
    const torch::Tensor x = positions_of(finite->draw(400, random)).select(1, 0);
    CHECK(x.min().item<double>() == 10);
    // Each of the four as often.
    CHECK((x == 15010).sum().item<std::int64_t>() == 100);
    // Two draws for a floor are not the same four points twice.
    const auto [one, two] = finite->two_fresh_draws(400, random);
    CHECK(one.size() == 400);
    CHECK_FALSE(torch::equal(std::get<0>(positions_of(one).sort(0)),
                             std::get<0>(positions_of(two).sort(0))));
    CHECK_THROWS_WITH(labelled_law(target_law(setup_of(scene)), 2), Contains("label 2"));

    // One in fifty thousand: found, and repeated.
    scene.data = {};
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{0, 0}, 0.1, 50'000, 0}, {{9, 0}, 0.1, 1, 1}};
    const PointSet drawn = labelled_law(target_law(setup_of(scene)), 1)->draw(400, random);
    REQUIRE(drawn.size() == 400);
    CHECK(drawn.labels == std::vector<int>(400, 1));
    CHECK(positions_of(drawn).select(1, 0).min().item<double>() > 8);
}

TEST_CASE("a round of reflow, which saw no labels, refuses to be guided by them", "[setup]") {
    Scene scene = default_scene();
    scene.model.width = 16;
    scene.model.depth = 1;
    const Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    learner.push_round(setup, {torch::randn({64, 2}), torch::randn({64, 2}), {}});
    ViewSpec view;
    view.guidance.kind = GuidanceKind::cfg;
    view.guidance.label = 1;
    FieldParts parts;
    parts.model = learner.model(1, -1);
    CHECK_THROWS_WITH(view_field(view, parts, setup), Contains("round 0"));
    parts.model = learner.model(0, -1);
    CHECK_NOTHROW(view_field(view, parts, setup));
}

namespace {

/// Along x.
Moments moments_of(const DensityGrid& grid) {
    return testing::moments_of(
        grid.values, static_cast<std::size_t>(grid.columns), static_cast<double>(grid.world.x_min),
        static_cast<double>(grid.world.x_max),
        static_cast<double>(grid.world.y_max - grid.world.y_min) / grid.rows);
}

}  // namespace

TEST_CASE("the tilted density of the known case has the known moments", "[setup][tilt]") {
    const Setup setup = setup_of(two_labels());
    const auto tilted = [&](double scale) {
        return moments_of(
            *exact_density(setup, *setup.schedule, {-6, -5, 6, 5}, 240, 200, 0, Tilt{1, scale}));
    };
    // Figures of one-dimensional quadrature; two decimals are given.
    CHECK(tilted(3).mass == Approx(1).epsilon(1e-4));
    CHECK(tilted(3).mean == Approx(1.55).margin(0.006));
    CHECK(tilted(3).deviation == Approx(0.65).margin(0.006));
    CHECK(tilted(7).mean == Approx(1.59).margin(0.006));
    CHECK(tilted(7).deviation == Approx(0.63).margin(0.006));
    CHECK(tilted(1).mean == Approx(1.5).margin(0.002));
    CHECK(tilted(0).mean == Approx(0).margin(1e-6));
    // 20,000 draws: the standard error of the mean is 0.005.
    const torch::Tensor draws = draw_tilted(setup, {1, 3}, 20000, 5);
    CHECK(draws.select(1, 0).mean().item<double>() == Approx(1.55).margin(0.02));
    CHECK(draws.select(1, 0).std().item<double>() == Approx(0.65).margin(0.02));
}

TEST_CASE("points are tilted as a mixture of them is", "[setup][tilt]") {
    Scene scene = default_scene();
    const Setup setup = setup_of(scene);
    const Rect world{-3, -3, 3, 3};
    const auto of = [&](std::optional<Tilt> tilt) {
        return exact_density(setup, *setup.schedule, world, 120, 120, 0.3, tilt);
    };
    const TiltedDensity direct = tilted_density(*make_exact_field(setup, torch::kCPU), 1, 3, 0.3,
                                                {-3, -3}, {3, 3}, 120, 120);
    const torch::Tensor fast =
        torch::tensor(of(Tilt{1, 3})->values).to(torch::kFloat64).view({120, 120});
    // The grid's densities are within 0.3 % of their maximum of the sum over all points, and w = 3
    // takes that error times three.
    CHECK((fast - direct.values).abs().max().item<double>() <
          0.01 * direct.values.max().item<double>());
    CHECK(of(Tilt{9, 3}) == nullptr);
    CHECK(moments_of(*of(Tilt{0, 0})).mean == Approx(moments_of(*of({})).mean).margin(1e-3));
}
