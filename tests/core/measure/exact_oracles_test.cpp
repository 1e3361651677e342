#include "core/measure/exact_oracles.hpp"

#include <numbers>

#include "core/error.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("the loss's floor is the loss of the exact field") {
    const auto schedule = schedule_of(ScheduleKind::vp_cosine);
    const ExactField field(schedule, three_modes());
    constexpr std::int64_t draws = 40'000;
    const Tensor x0 = field.draw_data(draws, -1, make_generator(1, "x0"));
    const Tensor x1 = torch::randn({draws, 2}, make_generator(1, "x1"));
    for (const double t : {0.2, 0.5, 0.8}) {
        const Coefficients c = schedule->at(t);
        const Tensor x = c.alpha * x0 + c.sigma * x1;
        const auto check = [&](Prediction kind, const Tensor& target) {
            const double loss =
                (field.value(kind, x, at_time(t)) - target).square().sum(1).mean().item<double>();
            const Estimate floor = loss_floor(field, kind, t, 20'000, make_generator(2, "floor"));
            INFO(name_of(kind) << " t " << t << " floor " << floor.mean << " +- "
                               << floor.standard_error);
            // The loss of 40,000 draws scatters by about 1 %.
            CHECK(loss == Approx(floor.mean).epsilon(0.05));
            CHECK(floor.standard_error < 0.03 * floor.mean);
        };
        check(Prediction::velocity, c.alpha_prime * x0 + c.sigma_prime * x1);
        check(Prediction::noise, x1);
        check(Prediction::data, x0);
        check(Prediction::score, -x1 / c.sigma);
        check(Prediction::salimans_ho, c.alpha * x1 - c.sigma * x0);
    }
}

TEST_CASE("the entropy of a Gaussian is its closed form") {
    const ExactField field(schedule_of(ScheduleKind::linear),
                           mixture_of_components({{{1, 2}, 0.3, 1, 4}}, 2));
    const Estimate found = entropy(field, 40'000, make_generator(3, "entropy"));
    // -log p has standard deviation 1 in two dimensions: five standard errors are 0.025.
    CHECK(found.mean == Approx(1 + std::log(2 * std::numbers::pi * 0.09)).margin(0.025));
    CHECK(found.standard_error == Approx(0.005).epsilon(0.1));
    PointSet points;
    points.x = {0, 0, 1, 1};
    const ExactField finite(schedule_of(ScheduleKind::linear), mixture_of_points(points, 0));
    CHECK_THROWS_AS(entropy(finite, 10, make_generator(3, "entropy")), Error);
}

TEST_CASE("very many components are asked about fewer draws") {
    const auto draws_of = [](std::int64_t points) {
        PointSet set;
        set.x.resize(static_cast<std::size_t>(2 * points), 0.5F);
        const ExactField field(schedule_of(ScheduleKind::linear), mixture_of_points(set, 0.1));
        CHECK(field.pairs() == points);
        return affordable_draws(field, 512);
    };
    CHECK(draws_of(3) == 512);
    CHECK(draws_of(4000) == 512);
    CHECK(draws_of(40'000) == (std::int64_t{1} << 23) / 40'000);
    CHECK(draws_of(1'000'000) == 64);
}
