// The learned field against the closed form that it approximates, with the defaults of a scene.

#include <algorithm>
#include <vector>

#include "core/data/random.hpp"
#include "core/lab/learner.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/velocity_error.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/lab/scenes.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using namespace std::chrono_literals;
using torch::Tensor;

namespace {

constexpr double times[] = {0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98};

/// The default scene's network, training and sampler on three unequal modes.
Scene mixture_scene() {
    Scene scene;
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{-1, 0.5}, 0.3, 1, -1}, {{1, 0}, 0.5, 2, -1}, {{0.2, -1.2}, 0.2, 1, -1}};
    return scene;
}

/// E |v_field - v|^2 / E |v|^2 at each of `times`.
std::vector<double> errors_of(const Field& field, const ExactField& exact) {
    std::vector<double> errors;
    for (const double t : times)
        errors.push_back(
            velocity_error(field, exact, t, 4096, make_generator(1, "velocity")).relative());
    return errors;
}

/// The same of the best answer that does not depend on x: 1 - |E v|^2 / E |v|^2.
double error_of_mean(const ExactField& exact, double t) {
    const Tensor x = exact.draw(4096, t, -1, make_generator(1, "velocity"));
    const Tensor v = exact.velocity(x, at_time(t)).to(torch::kFloat64);
    return 1 - (v.mean(0).square().sum() / v.square().sum(1).mean()).item<double>();
}

std::vector<float> numbers(const Tensor& x) {
    const Tensor flat = x.to(torch::kCPU, torch::kFloat32).contiguous();
    return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

}  // namespace

TEST_CASE("with the defaults, 500 steps come near the exact velocity and to the floor of W2",
          "[lab]") {
    const Setup setup = make_setup(std::make_shared<const Scene>(mixture_scene()), nullptr);
    const std::shared_ptr<const ExactField> exact = make_exact_field(setup, torch::kCPU);
    Learner learner(setup, torch::kCPU);
    const std::vector<double> fresh = errors_of(*learner.latest()->field(), *exact);
    learner.train(1h, 500);
    REQUIRE(learner.step() == 500);
    const std::shared_ptr<const Field> field = learner.latest()->field();
    const std::vector<double> learned = errors_of(*field, *exact);
    double total = 0, total_fresh = 0;
    for (std::size_t i = 0; i < std::size(times); ++i) {
        INFO("t " << times[i] << ": learned " << learned[i] << ", fresh " << fresh[i] << ", mean "
                  << error_of_mean(*exact, times[i]));
        // A constant is all wrong, a fresh network (the field of one Gaussian with the data's mean
        // and spread) by more than half in the middle. This seed has 0.0174 at worst, at t = 0.5,
        // and 0.027 in all below: twice that is allowed, for other processors' roundings, which
        // 500 steps of training magnify. The mean over 4,096 draws scatters by a few hundredths of
        // itself.
        CHECK(learned[i] < 0.035 * error_of_mean(*exact, times[i]));
        total += learned[i];
        total_fresh += fresh[i];
    }
    CHECK(total < 0.055 * total_fresh);

    // The same W2 as the report's: 2,000 points, its floor two fresh draws, means of five draws.
    const std::shared_ptr<const Distribution> law = target_law(setup);
    double w2_sum = 0, floor_sum = 0;
    constexpr int draws = 5, points = 2000;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
        const Tensor x1 = setup.starts(*setup.schedule, points, derive_seed(draw, "starts"));
        const std::vector<float> ends =
            numbers(sample(*field, x1, {}, setup.scene->sampler, {}).end);
        Random random(derive_seed(draw, "fresh"));
        const auto [one, two] = law->two_fresh_draws(points, random);
        w2_sum += w2(ends, one.x, 2);
        floor_sum += w2(two.x, one.x, 2);
    }
    INFO("W2 " << w2_sum / draws << ", floor " << floor_sum / draws);
    CHECK(w2_sum < 1.5 * floor_sum);
}
