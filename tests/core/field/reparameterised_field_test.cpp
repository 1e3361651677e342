#include "core/field/reparameterised_field.hpp"

#include "core/error.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("matching log-SNR turns the exact field of one schedule into that of another") {
    const ScheduleKind kinds[] = {ScheduleKind::linear, ScheduleKind::vp_cosine, ScheduleKind::edm};
    const Tensor z = torch::randn({40, 2}, make_generator(1, "test"), torch::kFloat64);
    for (const ScheduleKind from : kinds) {
        for (const ScheduleKind to : kinds) {
            const auto old = std::make_shared<ExactField>(schedule_of(from), three_modes());
            const ExactField direct(schedule_of(to), three_modes());
            const ReparameterisedField carried(old, schedule_of(to));
            for (const double t : {0.3, 0.5, 0.7}) {
                const Coefficients c = direct.schedule().at(t);
                const Tensor x = std::hypot(c.alpha, c.sigma) * z;
                const double speed = std::abs(c.alpha_prime) + c.sigma_prime;
                // The base converts by float32 coefficients: 1e-6 of the velocity's size.
                CHECK(largest_difference(carried.velocity(x, at_time(t)),
                                         direct.velocity(x, at_time(t))) <
                      2e-5 * speed * (1 + 1 / c.sigma));
                CHECK(largest_difference(carried.data(x, at_time(t)), direct.data(x, at_time(t))) <
                      1e-9);
                const Tensor divergence = direct.divergence(x, at_time(t));
                CHECK(largest_difference(carried.divergence(x, at_time(t)), divergence) <
                      1e-7 * (1 + divergence.abs().max().item<double>()));
                CHECK(largest_difference(carried.log_density(x, at_time(t)),
                                         direct.log_density(x, at_time(t))) < 1e-8);
            }
        }
    }
}

TEST_CASE("relabelling a Gaussian path carries samples to samples") {
    // DDIM's steps depend on log-SNR alone, so on grids even in it both schedules take the same
    // ones.
    const GaussianMixture data = mixture_of_components({{{0.7, 0}, 0.5, 1, -1}}, 1);
    const auto old = std::make_shared<ExactField>(schedule_of(ScheduleKind::vp_cosine), data);
    const ReparameterisedField carried(old, schedule_of(ScheduleKind::linear));
    const Tensor starts = start_points({}, nullptr, old->schedule(), 500, 1, 2);
    SamplerSettings settings;
    settings.method = Method::rk4;
    settings.steps = 100;
    settings.t_min = 1e-3;
    const Tensor end = sample(carried, starts, {}, settings, {}).end;
    // Both end at (almost) the data: x0 = mean + std x1 for one Gaussian; t_min leaves 1e-3.
    CHECK(largest_difference(end, 0.7 + 0.5 * starts) < 4e-3);
    CHECK(largest_difference(sample(*old, starts, {}, settings, {}).end, 0.7 + 0.5 * starts) <
          4e-3);
}

TEST_CASE("a source that is not Gaussian is refused") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const auto field = std::make_shared<ExactField>(schedule, three_modes(), three_modes());
    CHECK_THROWS_AS(ReparameterisedField(field, schedule_of(ScheduleKind::vp_cosine)), Error);
}
