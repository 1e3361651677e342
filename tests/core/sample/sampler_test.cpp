#include "core/sample/sampler.hpp"

#include <numbers>

#include "core/error.hpp"
#include "core/path/ddpm.hpp"
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

/// Another field, which counts how often it is asked.
class Counted final : public Field {
public:
    explicit Counted(const Field& field) : field_(field) {}
    int dimension() const override { return field_.dimension(); }
    const Schedule& schedule() const override { return field_.schedule(); }
    torch::Device device() const override { return field_.device(); }
    Prediction native() const override { return field_.native(); }
    Tensor native_value(const Tensor& x, const Tensor& t, const Tensor& label) const override {
        return value(native(), x, t, label);
    }
    Tensor value(Prediction kind, const Tensor& x, const Tensor& t,
                 const Tensor& label) const override {
        ++calls;
        return field_.value(kind, x, t, label);
    }
    mutable std::int64_t calls = 0;

private:
    const Field& field_;
};

GaussianMixture one_point() {
    return mixture_of_components({{{0.4, -0.9}, 0, 1, -1}}, 2);
}

/// P(x <= value) under the exact q_t of two_modes(std), for sorted values.
Tensor distribution_of_modes(const Tensor& sorted, const Coefficients& c, double std) {
    const double width = std::hypot(c.alpha * std, c.sigma) * std::numbers::sqrt2;
    return 0.25 *
           (2 + torch::erf((sorted - c.alpha) / width) + torch::erf((sorted + c.alpha) / width));
}

/// Compares rows at several times with the exact q_t of modes at -1 and 1 of std 0.3: mean,
/// variance, Kolmogorov's distance, and W2 against its floor. `bias`: by how large a share the
/// method's own error may have the variance off.
void check_marginals(const ExactField& field, const SamplerSettings& settings, double bias) {
    constexpr std::int64_t count = 10'000;
    constexpr int pairs = 6;
    const double n = count;
    // From the exact q_1, so that a terminal SNR above 0 is not held against the sampler.
    const Tensor starts = field.draw(count, 1, -1, make_generator(1, "starts"));
    const Path path = sample(field, starts, {}, settings, make_generator(2, "noise"), true);
    CHECK_FALSE(path.diverged);
    for (const double share : {0.1, 0.25, 0.5, 0.75, 0.9, 1.0}) {
        const auto row = static_cast<std::int64_t>(std::lround(share * settings.steps));
        const double t = path.times[static_cast<std::size_t>(row)];
        const Coefficients c = field.schedule().at(t);
        const Tensor x = path.rows[row].to(torch::kFloat64).flatten();
        const double variance = c.alpha * c.alpha * 1.09 + c.sigma * c.sigma;
        INFO(name_of(settings.method) << " noise " << settings.noise << " t " << t);
        // Four standard errors, of the mean sqrt(m2 / n) and of the variance sqrt((m4 - m2^2) / n)
        // with the sample's own central moments.
        const Tensor squares = (x - x.mean()).square();
        const double m2 = squares.mean().item<double>();
        const double spread = squares.std().item<double>();
        CHECK(std::abs(x.mean().item<double>()) < 4 * std::sqrt(m2 / n));
        CHECK(m2 / variance == Approx(1).margin(4 * spread / std::sqrt(n) / variance + bias));
        // Kolmogorov's distance is above 2.2 / sqrt(n) once in 10,000 times. A variance off by a
        // share b moves the distribution by at most b / 2 |x q(x)| < b / 4.
        const Tensor sorted = std::get<0>(x.sort());
        const Tensor steps = (torch::arange(count, torch::kFloat64) + 0.5) / n;
        CHECK(largest_difference(distribution_of_modes(sorted, c, 0.3), steps) <
              2.2 / std::sqrt(n) + 0.25 * bias);
        // W2 against its floor: pairs of fresh draws, four of their own standard deviations.
        const Tensor fresh = field.draw(count, t, -1, make_generator(3, "fresh"));
        Tensor floors = torch::empty({pairs}, torch::kFloat64);
        for (int i = 0; i < pairs; ++i)
            floors[i] = w2_on_line(
                fresh, field.draw(count, t, -1, make_generator(4, "fresh" + std::to_string(i))));
        CHECK(w2_on_line(x, fresh) < floors.mean().item<double>() +
                                         4 * floors.std().item<double>() +
                                         bias * std::sqrt(variance));
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

// The share by which each method has the variance off at worst, over 400,000 paths of an
// independent program with the same steps: with 100 steps (ve turns faster: 200) of weak order 1 at
// most 0.055, with twice as many half of it; with 40 of weak order 2 at most 0.028 (vp-linear,
// noise 2, at t_min), otherwise 0.018.
TEST_CASE("ODE and SDE have the exact marginals at every t, for any noise") {
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_linear, ScheduleKind::ve}) {
        const ExactField field(schedule_of(kind), two_modes(0.3));
        const int steps = kind == ScheduleKind::ve ? 200 : 100;
        INFO("schedule " << name_of(kind));
        for (const double noise : {0.0, 0.5, 1.0, 2.0}) {
            SamplerSettings settings = sampler(Method::euler_maruyama, steps);
            settings.noise = noise;
            check_marginals(field, settings, 0.055);
            if (noise == 1) {
                settings.steps = 2 * steps;
                check_marginals(field, settings, 0.0275);
            }
            settings.method = Method::sde_heun;
            settings.steps = 40;
            check_marginals(field, settings, noise == 2 ? 0.028 : 0.018);
        }
    }
}

// vp-cosine is held at alpha_1 = 5.5e-4: its first even step in t goes from rho = 1,800 to 5 or 10.
// Over 200,000 paths of an independent program the methods are off by at most 0.069 with 8 steps
// and 0.015 with 16 (dpm-solver-2m); a churn step by Heun there gives 6.3 and 2.2. A standard error
// of 20,000 paths is 0.005 at most.
TEST_CASE("few steps do not blow up where the path starts from nearly nothing but noise") {
    const GaussianMixture data =
        mixture_of_components({{{-1.5, 0}, 0.3, 1, -1}, {{1.5, 0}, 0.3, 1, -1}}, 1);
    const auto deviation = [&](ScheduleKind kind, Method method, int steps, double churn,
                               double noise) {
        const ExactField field(schedule_of(kind), data);
        const Tensor starts = start_points({}, nullptr, field.schedule(), 20'000, 1, 5);
        SamplerSettings settings = sampler(method, steps);
        settings.churn = churn;
        settings.noise = noise;
        const Path path = sample(field, starts, {}, settings, make_generator(5, "noise"));
        return path.end.std().item<double>();
    };
    const double exact = std::hypot(1.5, 0.3);
    struct Run {
        Method method;
        double churn = 0, noise = 0;
    };
    for (const Run run :
         {Run{Method::churn, 0}, Run{Method::churn, 0.4}, Run{Method::dpm_solver_2m},
          Run{Method::predictor_corrector}, Run{Method::predictor_corrector, 0, 1},
          Run{Method::sde_heun}, Run{Method::heun}}) {
        for (const int steps : {8, 16}) {
            INFO(name_of(run.method) << " churn " << run.churn << " noise " << run.noise << " in "
                                     << steps << " steps");
            CHECK(deviation(ScheduleKind::vp_cosine, run.method, steps, run.churn, run.noise) ==
                  Approx(exact).margin(steps == 8 ? 0.08 : 0.03));
        }
    }
}

TEST_CASE("every other sampler has the exact marginals too") {
    const ExactField field(schedule_of(ScheduleKind::linear), two_modes(0.3));
    // Of order 1: the independent program has the variance off by 0.027 with 60 steps (Euler with
    // 100: 0.017). Of order 2: by a few thousandths; above that: by nothing that shows.
    for (const Method method : {Method::euler, Method::ddpm}) {
        check_marginals(field, sampler(method, 60), 0.03);
    }
    SamplerSettings half = sampler(Method::ddim, 60);
    half.eta = 0.5;
    check_marginals(field, half, 0.03);
    for (const Method method : {Method::midpoint, Method::heun, Method::dpm_solver_2m}) {
        check_marginals(field, sampler(method, 60), 0.005);
    }
    for (const Method method : {Method::rk4, Method::dopri5})
        check_marginals(field, sampler(method, 60), 0);
    check_marginals(field, sampler(Method::churn, 60, GridKind::karras), 0.02);
    // Langevin steps of eta = step_size sigma^2 hold a variance V that is a share eta / (4 V), at
    // most step_size / 4, too large, on top of the predictor's own error.
    SamplerSettings corrected = sampler(Method::predictor_corrector, 60);
    corrected.noise = 1;
    check_marginals(field, corrected, 0.03 + 0.05 / 4);
    // By itself it also needs a few relaxation times at each level to follow the path.
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

TEST_CASE("on the ddpm path, K - 1 even steps and the last x0hat are DDPM with K steps") {
    PathSettings path;
    path.schedule = ScheduleKind::ddpm;
    path.ddpm_steps = 20;
    const std::shared_ptr<const Schedule> schedule = make_schedule(path);
    const ExactField field(schedule, three_modes());
    SamplerSettings settings = sampler(Method::ddpm, path.ddpm_steps - 1);
    settings.t_min = 1.0 / path.ddpm_steps;
    settings.last = LastStep::denoise;
    const Tensor starts = start_points({}, nullptr, *schedule, 50, 2, 14).to(torch::kFloat64);
    const Path run = sample(field, starts, {}, settings, make_generator(14, "noise"));
    // Algorithm 2 of Ho et al. 2020, its mean by equation 7, with the posterior variance.
    torch::Generator noise = make_generator(14, "noise");
    const std::vector<double> betas = ddpm_betas(path);
    std::vector<double> kept{1};  // alpha-bar
    for (const double beta : betas)
        kept.push_back(kept.back() * (1 - beta));
    Tensor x = starts;
    for (std::size_t k = betas.size(); k > 0; --k) {
        const double beta = betas[k - 1];
        const Tensor data = field.data(x, at_time(static_cast<double>(k) / path.ddpm_steps));
        x = (std::sqrt(kept[k - 1]) * beta * data + std::sqrt(1 - beta) * (1 - kept[k - 1]) * x) /
            (1 - kept[k]);
        if (k == 1) break;
        const double variance = beta * (1 - kept[k - 1]) / (1 - kept[k]);
        x = x + std::sqrt(variance) *
                    torch::randn(x.sizes(), noise, torch::kFloat32).to(torch::kFloat64);
    }
    CHECK(run.nfe == path.ddpm_steps);
    CHECK(largest_difference(run.end, x) < 1e-9);
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
    const auto nfe = [&](Method method, int corrector_steps = 1, double noise = 0) {
        SamplerSettings settings = sampler(method, 10);
        settings.corrector_steps = corrector_steps;
        settings.noise = noise;
        const Counted counted(field);
        const Path path = sample(counted, x1, {}, settings, make_generator(1, "noise"));
        CHECK(path.nfe == counted.calls);
        CHECK(sample(field, x1, {}, settings, make_generator(1, "noise")).network_evaluations ==
              path.nfe);
        return path.nfe;
    };
    CHECK(nfe(Method::euler) == 10);
    CHECK(nfe(Method::midpoint) == 20);
    CHECK(nfe(Method::heun) == 20);
    CHECK(nfe(Method::rk4) == 40);
    CHECK(nfe(Method::ddim) == 10);
    CHECK(nfe(Method::ddpm) == 10);
    CHECK(nfe(Method::euler_maruyama) == 10);
    CHECK(nfe(Method::euler_maruyama, 1, 1) == 10);
    CHECK(nfe(Method::sde_heun) == 20);
    CHECK(nfe(Method::sde_heun, 1, 1) == 20);
    CHECK(nfe(Method::langevin) == 10);
    CHECK(nfe(Method::annealed_langevin) == 10);
    CHECK(nfe(Method::annealed_langevin, 3) == 30);
    CHECK(nfe(Method::predictor_corrector, 0) == 10);
    CHECK(nfe(Method::predictor_corrector) == 20);
    CHECK(nfe(Method::predictor_corrector, 3, 1) == 40);
    CHECK(nfe(Method::churn) == 19);  // the step from alpha = 0 is DDIM
    CHECK(nfe(Method::dpm_solver_2m) == 10);
    CHECK(nfe(Method::dopri5) > 20);
    SamplerSettings noisy = sampler(Method::euler_maruyama, 10);
    noisy.noise = 1;
    const Tensor first = sample(field, x1, {}, noisy, make_generator(1, "noise")).end;
    CHECK(torch::equal(first, sample(field, x1, {}, noisy, make_generator(1, "noise")).end));
    CHECK_FALSE(torch::equal(first, sample(field, x1, {}, noisy, make_generator(2, "noise")).end));
}

TEST_CASE("dopri5 finishes with the smallest tolerances that the scene allows") {
    const ExactField field(schedule_of(ScheduleKind::linear), three_modes());
    const Tensor x1 = start_points({}, nullptr, field.schedule(), 300, 2, 13);
    SamplerSettings settings = sampler(Method::dopri5, 1);
    settings.rtol = settings.atol = 1e-12;
    const Path path = sample(field, x1, {}, settings, {});
    CHECK_FALSE(path.diverged);
    CHECK(path.nfe < 20'000);
    const Path wide = sample(field, x1.to(torch::kFloat64), {}, settings, {});
    CHECK_FALSE(wide.diverged);
    // A velocity of float32 numbers is off by rounding / sigma, over the last sigma of the time;
    // the few starts near a ridge spread by a hundred times.
    const Tensor apart = (path.end - wide.end).norm(2, 1);
    CHECK(apart.median().item<double>() < 1e-5);
    CHECK(apart.max().item<double>() < 1e-3);
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

TEST_CASE("noise on a path whose log-SNR rises is refused by name") {
    PathSettings path;
    path.schedule = ScheduleKind::custom;
    path.knots = {{1, 0.1}, {0.5, 0.8}, {0.9, 0.1}, {0.1, 1}};
    const ExactField field(make_schedule(path), three_modes());
    const Tensor x1 = start_points({}, nullptr, field.schedule(), 10, 2, 14);
    const auto run = [&](Method method, double noise, double eta = 0, double churn = 0) {
        SamplerSettings settings = sampler(method, 20);
        settings.noise = noise;
        settings.eta = eta;
        settings.churn = churn;
        return sample(field, x1, {}, settings, make_generator(1, "noise"));
    };
    using Catch::Matchers::Contains;
    for (const Method method :
         {Method::euler_maruyama, Method::sde_heun, Method::predictor_corrector}) {
        CHECK_THROWS_WITH(run(method, 1),
                          Contains(std::string(name_of(method))) && Contains("sampler.noise"));
    }
    CHECK_THROWS_WITH(run(Method::ddpm, 0), Contains("ddpm") && Contains("log-SNR rises"));
    CHECK_THROWS_WITH(run(Method::ddim, 0, 0.5), Contains("sampler.eta"));
    CHECK_THROWS_WITH(run(Method::churn, 0, 0, 0.2), Contains("sampler.churn"));
    // The ODE is sound on it, and so are the methods that add no g.
    for (const Method method : {Method::heun, Method::ddim, Method::sde_heun, Method::churn,
                                Method::dpm_solver_2m, Method::annealed_langevin}) {
        CHECK_FALSE(run(method, 0).diverged);
    }
    const Tensor fine = sample(field, x1, {}, sampler(Method::rk4, 400), {}).end;
    for (const Method method : {Method::sde_heun, Method::heun, Method::ddim}) {
        // Of orders 2, 2 and 1 with 400 steps; distances of size 3.
        CHECK((sample(field, x1, {}, sampler(method, 400), {}).end - fine)
                  .norm(2, 1)
                  .median()
                  .item<double>() < (method == Method::ddim ? 0.05 : 5e-3));
    }
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
