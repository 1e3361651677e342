#include "core/sample/forward.hpp"

#include "core/error.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("the forward SDE has the moments of alpha_t x0 + sigma_t x1 at every t") {
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_linear, ScheduleKind::vp_cosine, ScheduleKind::ve,
          ScheduleKind::edm, ScheduleKind::ve_sqrt}) {
        const auto schedule = schedule_of(kind);
        const Tensor x0 = torch::full({20'000, 1}, 1.5F);
        const std::vector<double> times{0, 0.1, 0.3, 0.6, 0.9, 1};
        const Tensor rows = forward_paths(*schedule, x0, times, make_generator(1, "noise"));
        for (std::size_t i = 0; i < times.size(); ++i) {
            const Coefficients c = schedule->at(times[i]);
            const Tensor x = rows[static_cast<std::int64_t>(i)].to(torch::kFloat64);
            INFO(name_of(kind) << " t " << times[i]);
            // Five standard errors of 20,000 draws.
            CHECK(x.mean().item<double>() == Approx(1.5 * c.alpha).margin(0.036 * c.sigma + 1e-6));
            CHECK(x.std().item<double>() == Approx(c.sigma).epsilon(0.025).margin(1e-6));
        }
        // Along a path the noise persists: Cov(x_s, x_t) = (alpha_t / alpha_s) sigma_s^2.
        const Coefficients early = schedule->at(0.3);
        const Coefficients late = schedule->at(0.6);
        const Tensor product = (rows[2] - rows[2].mean()) * (rows[3] - rows[3].mean());
        const double covariance = late.alpha / early.alpha * early.sigma * early.sigma;
        // Five standard errors of a mean of products: sqrt((sigma_s^2 sigma_t^2 + Cov^2) / n).
        CHECK(
            product.mean().item<double>() ==
            Approx(covariance)
                .margin(5 * std::hypot(early.sigma * late.sigma, covariance) / std::sqrt(20'000)));
    }
}

TEST_CASE("conditional paths join x0 to x1") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const Tensor x0 = torch::tensor({{1.0F, 2.0F}});
    const Tensor x1 = torch::tensor({{-1.0F, 0.0F}});
    const Tensor rows = conditional_paths(*schedule, x0, x1, {0, 0.25, 1});
    CHECK(torch::equal(rows[0], x0));
    CHECK(torch::equal(rows[1], torch::tensor({{0.5F, 1.5F}})));
    CHECK(torch::equal(rows[2], x1));
}

TEST_CASE("a path whose log-SNR rises has no forward process") {
    PathSettings settings;
    settings.schedule = ScheduleKind::custom;
    settings.knots = {{1, 0.1}, {0.5, 0.8}, {0.9, 0.1}, {0.1, 1}};
    const auto schedule = make_schedule(settings);
    CHECK_THROWS_AS(
        forward_paths(*schedule, torch::zeros({2, 2}), {0.33, 0.66}, make_generator(1, "noise")),
        Error);
}
