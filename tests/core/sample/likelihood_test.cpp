#include "core/sample/likelihood.hpp"

#include <numbers>

#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("the likelihood of a Gaussian equals its closed form") {
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_cosine, ScheduleKind::vp_linear}) {
        for (const int dimension : {1, 2}) {
            const ExactField field(schedule_of(kind),
                                   mixture_of_components({{{0.5, -0.3}, 0.6, 1, -1}}, dimension));
            const Tensor x = field.draw_data(100, -1, make_generator(1, "x")).to(torch::kFloat64);
            const Tensor exact = field.data_log_density(x);
            LikelihoodSettings settings;
            const Likelihood adaptive =
                log_likelihood(field, x, {}, gaussian_log_density(field.schedule()), settings);
            // t_min = 1e-4 leaves sigma^2 / s^2: 3e-8 (linear) to 3e-5 (vp-linear); alpha_1 =
            // 0.0066 of vp-linear shifts its end by 0.003: log p by a few times that.
            const double tolerance = kind == ScheduleKind::vp_linear ? 0.02 : 1e-3;
            CHECK(largest_difference(adaptive.log_density, exact) < tolerance);
            settings.method = Method::rk4;
            settings.steps = 200;
            const Likelihood fixed =
                log_likelihood(field, x, {}, gaussian_log_density(field.schedule()), settings);
            CHECK(largest_difference(fixed.log_density, exact) < tolerance);
            CHECK(fixed.nfe == 800);
        }
    }
}

TEST_CASE("the likelihood of a mixture along the ODE equals its density") {
    const ExactField field(schedule_of(ScheduleKind::linear), three_modes());
    const Tensor x = field.draw_data(100, -1, make_generator(2, "x"));
    const LogDensity source = gaussian_log_density(field.schedule());
    const Likelihood result = log_likelihood(field, x, {}, source);
    // dopri5 at 1e-5 in float32 along paths that fan out by about ten near the ridges.
    CHECK(largest_difference(result.log_density, field.data_log_density(x)) < 5e-3);
    CHECK_FALSE(result.diverged);
    // Labels: the class's own density.
    const Tensor label = torch::ones({100}, torch::kInt64);
    CHECK(largest_difference(log_likelihood(field, x, label, source).log_density,
                             field.data_log_density(x, label)) < 2e-2);
    // Hutchinson's estimate scatters about the same value, less with more probes.
    LikelihoodSettings random;
    random.divergence = DivergenceKind::hutchinson;
    random.rtol = random.atol = 1e-4;
    const auto scatter = [&](int probes) {
        random.probes = probes;
        const Likelihood noisy =
            log_likelihood(field, x, {}, source, random, make_generator(3, "probes"));
        const Tensor error = noisy.log_density - result.log_density;
        CHECK(std::abs(error.mean().item<double>()) < 4 * error.std().item<double>() / 10 + 1e-3);
        return error.std().item<double>();
    };
    // Rademacher signs are exact on the diagonal: only the off-diagonal terms scatter.
    CHECK(scatter(16) < 0.6 * scatter(1));
}
