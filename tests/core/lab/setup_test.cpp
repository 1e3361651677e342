// Where sampling starts, and what the parts of a view refuse.

#include <cmath>

#include "core/error.hpp"
#include "core/lab/learner.hpp"
#include "core/lab/setup.hpp"
#include "core/lab/source_law.hpp"
#include "core/lab/view_field.hpp"
#include "tests/test.hpp"

using namespace driftglass;
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

TEST_CASE("fresh points can be those of one label", "[setup]") {
    Scene scene = default_scene();
    const Setup setup = setup_of(scene);
    const auto law = target_law(setup);
    Random random(1);
    const torch::Tensor spiral = fresh_positions(*law, 500, 0, random);
    CHECK(spiral.sizes() == torch::IntArrayRef({500, 2}));
    CHECK(spiral.select(1, 0).mean().item<double>() < -0.2);  // it lies at the left
    CHECK_THROWS_WITH(fresh_positions(*law, 10, 9, random), Contains("label"));
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
