#include "core/sample/sampler.hpp"

#include "core/error.hpp"
#include "core/sample/start_points.hpp"
#include "core/sample/time_grid.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

SamplerSettings sampler(Method method, int steps, GridKind grid = GridKind::uniform_t) {
    SamplerSettings settings;
    settings.method = method;
    settings.steps = steps;
    settings.grid = grid;
    return settings;
}

GaussianMixture one_point() {
    return mixture_of_components({{{0.4, -0.9}, 0, 1, -1}}, 2);
}

/// Compares rows at several times with the exact q_t: mean, variance and W2 against its floor.
void check_marginals(const ExactField& field, const SamplerSettings& settings, double tolerance) {
    constexpr std::int64_t count = 10'000;
    // From the exact q_1, so that a terminal SNR above 0 is not held against the sampler.
    const Tensor starts = field.draw(count, 1, -1, make_generator(1, "starts"));
    const Path path = sample(field, starts, {}, settings, make_generator(2, "noise"), true);
    CHECK_FALSE(path.diverged);
    for (const double share : {0.1, 0.25, 0.5, 0.75, 0.9, 1.0}) {
        const auto row = static_cast<std::int64_t>(std::lround(share * settings.steps));
        const double t = path.times[static_cast<std::size_t>(row)];
        const Coefficients c = field.schedule().at(t);
        const Tensor x = path.rows[row].to(torch::kFloat64);
        // Data: modes at -1 and 1 of std 0.3.
        const double variance = c.alpha * c.alpha * 1.09 + c.sigma * c.sigma;
        INFO(name_of(settings.method) << " noise " << settings.noise << " t " << t);
        // Four standard errors of 10,000: 0.04 of the std for the mean, 0.056 of the variance (that
        // of a Gaussian; two modes scatter less), and the method's own error on top.
        CHECK(std::abs(x.mean().item<double>()) < 0.04 * std::sqrt(variance));
        CHECK(x.var().item<double>() / variance == Approx(1).margin(0.056 + tolerance));
        const Tensor fresh = field.draw(count, t, -1, make_generator(3, "fresh"));
        const double floor =
            0.5 * (w2_on_line(fresh, field.draw(count, t, -1, make_generator(4, "fresh"))) +
                   w2_on_line(fresh, field.draw(count, t, -1, make_generator(5, "fresh"))));
        // The floor of one pair wanders by half itself on the line.
        CHECK(w2_on_line(x, fresh) < 2.5 * floor + tolerance * std::sqrt(variance));
    }
}

}  // namespace

TEST_CASE("DDIM is exact on one data point, with any steps and grid") {
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_linear, ScheduleKind::ve}) {
        const ExactField field(schedule_of(kind), one_point());
        const Tensor x1 = start_points({}, nullptr, field.schedule(), 20, 2, 1).to(torch::kFloat64);
        for (const int steps : {1, 3, 10}) {
            for (const GridKind grid : {GridKind::uniform_t, GridKind::uniform_log_snr}) {
                const Path path =
                    sample(field, x1, {}, sampler(Method::ddim, steps, grid), {}, true);
                const Coefficients first = field.schedule().at(1);
                const Coefficients last = field.schedule().at(path.times.back());
                const Tensor point = torch::tensor({{0.4, -0.9}}, torch::kFloat64);
                const Tensor noise = (x1 - first.alpha * point) / first.sigma;
                CHECK(largest_difference(path.end, last.alpha * point + last.sigma * noise) <
                      1e-11);
                CHECK(path.nfe == steps);
            }
        }
        SamplerSettings denoised = sampler(Method::ddim, 4);
        denoised.last = LastStep::denoise;
        const Path path = sample(field, x1, {}, denoised, {}, true);
        CHECK(path.times.back() == 0);
        CHECK(path.rows.size(0) == 6);
        CHECK(path.nfe == 5);
        CHECK(largest_difference(path.end, torch::tensor({{0.4, -0.9}}).expand({20, 2})) < 1e-6);
    }
}

TEST_CASE("Euler in (rho, x / alpha) is DDIM") {
    const ExactField field(schedule_of(ScheduleKind::vp_linear), three_modes());
    Tensor x = start_points({}, nullptr, field.schedule(), 50, 2, 2).to(torch::kFloat64);
    const Path path = sample(field, x, {}, sampler(Method::ddim, 12), {}, true);
    for (std::size_t i = 0; i + 1 < path.times.size(); ++i) {
        const Coefficients now = field.schedule().at(path.times[i]);
        const Coefficients next = field.schedule().at(path.times[i + 1]);
        const Tensor y = x / now.alpha + (next.sigma / next.alpha - now.sigma / now.alpha) *
                                             field.noise(x, at_time(path.times[i]));
        x = next.alpha * y;
        CHECK(largest_difference(x, path.rows[static_cast<std::int64_t>(i) + 1]) < 1e-9);
    }
}

TEST_CASE("the learning-free field returns its training set") {
    PointSet points;
    points.x = {1, 0.2F, -0.7F, 0.5F, 0.1F, -1.1F, -0.5F, -0.4F};
    const GaussianMixture data = mixture_of_points(points, 0);
    const ExactField field(schedule_of(ScheduleKind::linear), data);
    const Tensor x1 = start_points({}, nullptr, field.schedule(), 200, 2, 3);
    for (const Method method : {Method::heun, Method::ddim, Method::ddpm, Method::dpm_solver_2m}) {
        SamplerSettings settings = sampler(method, 50);
        settings.last = LastStep::denoise;
        const Tensor end = sample(field, x1, {}, settings, make_generator(3, "noise")).end;
        const Tensor distance = torch::cdist(end.to(torch::kFloat64), data.means);
        const auto [nearest, which] = distance.min(1);
        // The last x0hat is a posterior mean: next to one point unless x is on a ridge at t_min.
        CHECK(nearest.max().item<double>() < 1e-3);
        CHECK(std::get<0>(torch::_unique(which)).numel() == 4);
    }
}

TEST_CASE("ODE and SDE have the exact marginals at every t, for any noise") {
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_linear, ScheduleKind::ve}) {
        const ExactField field(schedule_of(kind), two_modes(0.3));
        const bool ve = kind == ScheduleKind::ve;
        INFO("schedule " << name_of(kind));
        for (const double noise : {0.0, 0.5, 1.0, 2.0}) {
            // Weak order 1 with 100 steps (ve turns faster: 200), weak order 2 with 40.
            SamplerSettings settings = sampler(Method::euler_maruyama, ve ? 200 : 100);
            settings.noise = noise;
            check_marginals(field, settings, 0.06);
            settings.method = Method::sde_heun;
            settings.steps = 40;
            check_marginals(field, settings, 0.02);
        }
    }
}

TEST_CASE("every other sampler has the exact marginals too") {
    const ExactField field(schedule_of(ScheduleKind::linear), two_modes(0.3));
    for (const Method method : {Method::euler, Method::midpoint, Method::heun, Method::rk4,
                                Method::dopri5, Method::ddpm, Method::dpm_solver_2m}) {
        check_marginals(field, sampler(method, 60), 0.06);
    }
    SamplerSettings half = sampler(Method::ddim, 60);
    half.eta = 0.5;
    check_marginals(field, half, 0.06);
    check_marginals(field, sampler(Method::churn, 60, GridKind::karras), 0.03);
    SamplerSettings corrected = sampler(Method::predictor_corrector, 60);
    corrected.noise = 1;
    check_marginals(field, corrected, 0.06);
    // Langevin's own bias is of order step_size / 4; each level needs a few relaxation times.
    SamplerSettings annealed = sampler(Method::annealed_langevin, 60);
    annealed.corrector_steps = 10;
    annealed.step_size = 0.1;
    check_marginals(field, annealed, 0.1);
}

TEST_CASE("Langevin at a fixed t samples q_t") {
    const ExactField field(schedule_of(ScheduleKind::linear),
                           mixture_of_components({{{0.6, 0}, 0.3, 1, -1}}, 1));
    SamplerSettings settings = sampler(Method::langevin, 400);
    settings.time = 0.5;
    settings.step_size = 0.05;
    const Tensor starts = start_points({}, nullptr, field.schedule(), 20'000, 1, 6);
    const Path path = sample(field, starts, {}, settings, make_generator(7, "noise"));
    // Five standard errors, and the unadjusted chain's bias, a share eta / (4 V) = 1 % of the
    // variance.
    CHECK(path.end.mean().item<double>() == Approx(0.3).margin(0.02));
    CHECK(path.end.var().item<double>() == Approx(0.25 * 0.09 + 0.25).epsilon(0.065));
    CHECK(path.nfe == 400);
    CHECK(path.times.front() == 0.5);
}

TEST_CASE("the second-order SDE method beats the first") {
    // One Gaussian: the variance at t_min is known, and 200,000 paths give it to 0.3 %
    // (four standard errors: 0.012).
    const ExactField field(schedule_of(ScheduleKind::vp_linear),
                           mixture_of_components({{{0, 0}, 0.5, 1, -1}}, 1));
    const Tensor starts = field.draw(200'000, 1, -1, make_generator(8, "starts"));
    const auto error = [&](Method method, int steps) {
        SamplerSettings settings = sampler(method, steps, GridKind::uniform_log_snr);
        settings.noise = 1;
        const Coefficients c = field.schedule().at(settings.t_min);
        const double variance = c.alpha * c.alpha * 0.25 + c.sigma * c.sigma;
        return std::abs(sample(field, starts, {}, settings, make_generator(9, "noise"))
                                .end.var()
                                .item<double>() /
                            variance -
                        1);
    };
    // By the recursion of the variance, which is exact here: 0.0746 and 0.0223 against 0.1419.
    CHECK(error(Method::sde_heun, 24) == Approx(0.0746).margin(0.012));
    CHECK(error(Method::sde_heun, 48) == Approx(0.0223).margin(0.012));
    CHECK(error(Method::euler_maruyama, 48) == Approx(0.1419).margin(0.012));
}

TEST_CASE(
    "DDIM on uniform log-SNR leads Euler on uniform t by about ten on sharp modes of vp-linear") {
    const ExactField field(schedule_of(ScheduleKind::vp_linear), two_modes(0.01));
    const Tensor starts =
        start_points({}, nullptr, field.schedule(), 1000, 1, 10).to(torch::kFloat64);
    const auto median_error = [&](Method method, int steps, GridKind grid) {
        SamplerSettings settings = sampler(method, steps, grid);
        settings.t_min = 1e-4;
        SamplerSettings reference = sampler(Method::rk4, 800, GridKind::uniform_log_snr);
        reference.t_min = 1e-4;
        static const Tensor fine = sample(field, starts, {}, reference, {}).end;
        return (sample(field, starts, {}, settings, {}).end - fine).abs().median().item<double>();
    };
    double product = 1;
    for (const int steps : {4, 8, 16}) {
        const double ddim = median_error(Method::ddim, steps, GridKind::uniform_log_snr);
        const double euler = median_error(Method::euler, steps, GridKind::uniform_t);
        product *= euler / ddim;
        INFO("steps " << steps << " ddim " << ddim << " euler " << euler);
        CHECK(euler / ddim > 4.5);
    }
    // 14, 10 and 6 with many starts.
    CHECK(std::cbrt(product) == Approx(9.4).epsilon(0.25));
    // On uniform t the last step jumps over the scale of the modes: the median error stalls.
    const double at_16 = median_error(Method::ddim, 16, GridKind::uniform_t);
    const double at_64 = median_error(Method::ddim, 64, GridKind::uniform_t);
    CHECK(at_64 > 0.7 * at_16);
}

TEST_CASE("NFE is counted and a run repeats") {
    const ExactField field(schedule_of(ScheduleKind::linear), three_modes());
    const Tensor x1 = start_points({}, nullptr, field.schedule(), 30, 2, 11);
    const auto nfe = [&](Method method) {
        return sample(field, x1, {}, sampler(method, 10), make_generator(1, "noise")).nfe;
    };
    CHECK(nfe(Method::euler) == 10);
    CHECK(nfe(Method::midpoint) == 20);
    CHECK(nfe(Method::heun) == 20);
    CHECK(nfe(Method::rk4) == 40);
    CHECK(nfe(Method::ddpm) == 10);
    CHECK(nfe(Method::sde_heun) == 20);
    CHECK(nfe(Method::predictor_corrector) == 20);
    CHECK(nfe(Method::churn) == 19);
    CHECK(nfe(Method::dpm_solver_2m) == 10);
    CHECK(nfe(Method::dopri5) > 20);
    SamplerSettings noisy = sampler(Method::euler_maruyama, 10);
    noisy.noise = 1;
    const Tensor first = sample(field, x1, {}, noisy, make_generator(1, "noise")).end;
    CHECK(torch::equal(first, sample(field, x1, {}, noisy, make_generator(1, "noise")).end));
    CHECK_FALSE(torch::equal(first, sample(field, x1, {}, noisy, make_generator(2, "noise")).end));
}

TEST_CASE("the first starts are the same however many are asked for") {
    const auto schedule = schedule_of(ScheduleKind::ve);
    for (const SourceKind kind : {SourceKind::gaussian, SourceKind::uniform, SourceKind::annulus}) {
        SourceSettings source;
        source.kind = kind;
        const Tensor many = start_points(source, nullptr, *schedule, 3000, 2, 12);
        CHECK(torch::equal(many.slice(0, 0, 77),
                           start_points(source, nullptr, *schedule, 77, 2, 12)));
        // Standard deviations: ve starts from sigma_1 = 10; the square has 1; the ring
        // sqrt(<r^2>/2) = 1.
        const double std = kind == SourceKind::gaussian ? 10 : 1;
        CHECK(many.std().item<double>() == Approx(std).epsilon(0.05));
    }
}

TEST_CASE("requests without a sound answer are refused by name") {
    const auto message = [](const SamplerSettings& settings, bool has_score) -> std::string {
        try {
            check_sampler(settings, has_score);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    using Catch::Matchers::Contains;
    CHECK(message(sampler(Method::heun, 8), false).empty());
    CHECK_THAT(message(sampler(Method::langevin, 8), false), Contains("langevin needs the score"));
    CHECK_THAT(message(sampler(Method::ddim, 8), false), Contains("sampler.method"));
    SamplerSettings settings;
    settings.t_min = 1;
    CHECK_THAT(message(settings, true), Contains("sampler.t_min"));
    settings = {};
    settings.noise = 1;
    CHECK_THAT(message(settings, true), Contains("sampler.noise"));
    settings.method = Method::sde_heun;
    CHECK(message(settings, true).empty());
    settings.noise = NAN;
    CHECK_THAT(message(settings, true), Contains("sampler.noise"));
    settings = {};
    settings.last = LastStep::denoise;
    CHECK_THAT(message(settings, false), Contains("sampler.last"));
    CHECK_THAT(message(sampler(Method::heun, 0), true), Contains("sampler.steps"));
}

TEST_CASE("a run that diverges or is cancelled says so") {
    const ExactField field(schedule_of(ScheduleKind::linear), three_modes());
    const Tensor x1 = torch::full({3, 2}, INFINITY);
    for (const auto& method : choices(Method{})) {
        CHECK(sample(field, x1, {}, sampler(method.value, 4), make_generator(1, "noise")).diverged);
    }
    int asked = 0;
    const Path path = sample(field, torch::zeros({3, 2}), {}, sampler(Method::heun, 100), {}, true,
                             [&] { return ++asked > 10; });
    CHECK(path.cancelled);
    CHECK(path.rows.size(0) == 11);
    CHECK(path.times.size() == 11);
}
