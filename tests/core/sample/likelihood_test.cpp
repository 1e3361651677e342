#include "core/sample/likelihood.hpp"

#include <numbers>

#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("the likelihood of a Gaussian equals its closed form on every path") {
    constexpr double width = 0.6;
    for (const auto& kind : choices(ScheduleKind{})) {
        const auto schedule = every_schedule()[static_cast<std::size_t>(kind.value)];
        for (const int dimension : {1, 2}) {
            const ExactField field(schedule,
                                   mixture_of_components({{{0.5, -0.3}, width, 1, -1}}, dimension));
            const Tensor x = field.draw_data(100, -1, make_generator(1, "x")).to(torch::kFloat64);
            const Tensor mean = torch::tensor({0.5, -0.3}, torch::kFloat64).slice(0, 0, dimension);
            LikelihoodSettings settings;
            // The flow is x_t = alpha m + (x_0 - m) alpha_a w_t / w_a, w^2 = alpha^2 s^2 + sigma^2,
            // from a = t_min.
            const Coefficients first = schedule->at(likelihood_t_min(*schedule)),
                               last = schedule->at(1);
            const double stretch = first.alpha * std::hypot(last.alpha * width, last.sigma) /
                                   std::hypot(first.alpha * width, first.sigma);
            const LogDensity source = gaussian_log_density(*schedule);
            const Tensor expected =
                source(last.alpha * mean + stretch * (x - mean)) + dimension * std::log(stretch);
            INFO(kind.name << " in dimension " << dimension);
            // vp-cosine stands still where |log-SNR| is 15 while its velocity goes on: for 3.5e-4
            // at either end, at a rate of up to pi / 2 times log p's slope of 3.
            const double held = kind.value == ScheduleKind::vp_cosine ? 3e-3 : 0;
            // ddpm's rate is a staircase, half of whose stairs (0.02 high) a step may miss.
            const double stairs = kind.value == ScheduleKind::ddpm ? 0.01 : 0;
            const Likelihood adaptive = log_likelihood(field, x, {}, source, settings);
            // A local tolerance of 1e-5 over some tens of steps, some with a knot in them.
            CHECK(largest_difference(adaptive.log_density, expected) < 2e-3 + held + stairs);
            if (kind.value != ScheduleKind::ddpm && dimension == 2) {
                // 1e-8 a step, over some hundreds of steps.
                LikelihoodSettings fine;
                fine.rtol = fine.atol = 1e-8;
                CHECK(largest_difference(log_likelihood(field, x, {}, source, fine).log_density,
                                         expected) < 1e-5 + held);
            }
            settings.method = Method::rk4;
            settings.steps = 200;
            const Likelihood fixed = log_likelihood(field, x, {}, source, settings);
            // Order 4 with steps of at most 0.008, but where a stair's edge falls into one.
            CHECK(largest_difference(fixed.log_density, expected) < 5e-4 + held + 0.2 * stairs);
            CHECK(fixed.nfe == 800);
            // What is left to the data's own density: t_min's noise is a share (sigma / s)^2 of the
            // variance, and the source lacks alpha_1 m and (alpha_1 s)^2 of the true q_1. In units
            // of standard deviations at most 4, log p differs by a few times those.
            const double noise = std::pow(first.sigma / (first.alpha * width), 2);
            const double scale = schedule->source_scale();
            const double ends = last.alpha * 0.6 / scale + std::pow(last.alpha * width / scale, 2);
            CHECK(largest_difference(expected, field.data_log_density(x)) <
                  1e-6 + 10 * (noise + ends));
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

TEST_CASE("the likelihood of narrow data is their own, not that of the data blurred by t_min") {
    constexpr double width = 0.05;
    for (const ScheduleKind kind : {ScheduleKind::linear, ScheduleKind::vp_linear,
                                    ScheduleKind::ve_sqrt, ScheduleKind::edm}) {
        const ExactField field(schedule_of(kind), mixture_of_components({{{}, width, 1, -1}}, 2));
        const Tensor x = field.draw_data(100, -1, make_generator(4, "x")).to(torch::kFloat64);
        const Likelihood found =
            log_likelihood(field, x, {}, gaussian_log_density(field.schedule()));
        INFO(name_of(kind) << ", NFE " << found.nfe);
        // What is left is edm's sigma_0 = 0.002, a share of 0.0016 of the variance, within 4
        // standard deviations; vp-linear's terminal SNR; and dopri5 at 1e-5.
        CHECK(largest_difference(found.log_density, field.data_log_density(x)) < 0.02);
    }
}

TEST_CASE("the log density along the ODE is that of q_t, at any t and on any path") {
    const GaussianMixture data = mixture_of_components({{{}, 0.05, 1, -1}}, 2);
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_linear, ScheduleKind::vp_cosine, ScheduleKind::ve,
          ScheduleKind::ve_sqrt, ScheduleKind::edm}) {
        const ExactField field(schedule_of(kind), data);
        for (const double t : {0.0, 1e-3, 0.05, 0.5, 1.0}) {
            const Tensor x = field.draw(100, t, -1, make_generator(5, "x"));
            INFO(name_of(kind) << " t " << t);
            CHECK(largest_difference(log_density_at(field, x, t, {}),
                                     field.log_density(x, at_time(t))) < 1e-2);
        }
    }
}
