// A learned field where only exact ones are easy: on another schedule, and as a density.

#include "core/field/learned_field.hpp"
#include "core/field/reparameterised_field.hpp"
#include "core/sample/likelihood.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/trainer.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

/// Three modes with two labels, learnt for 400 steps on the linear path.
std::shared_ptr<const Network> learnt() {
    static const std::shared_ptr<const Network> network = [] {
        const ExactField law(schedule_of(ScheduleKind::linear), three_modes());
        PointSet points;
        for (const int label : {0, 1}) {
            // Their shares: 1 and 3 of 4.
            const Tensor x = law.draw_data(label == 0 ? 2000 : 6000, label,
                                           make_generator(std::uint64_t(label), "data"));
            points.x.insert(points.x.end(), x.const_data_ptr<float>(),
                            x.const_data_ptr<float>() + x.numel());
            points.labels.resize(points.x.size() / 2, label);
        }
        TrainingSettings training;
        training.batch = 512;
        Trainer trainer({64, 2, Prediction::velocity}, training, {},
                        schedule_of(ScheduleKind::linear), {}, points, torch::kCPU, 1);
        for (int i = 0; i < 400; ++i)
            trainer.step();
        return trainer.averaged();
    }();
    return network;
}

LearnedField learnt_on(ScheduleKind kind) {
    return {learnt(), schedule_of(kind), true};
}

/// Centres of 32 x 32 cells over [-3.2, 3.2]^2, where all but 1e-5 of the data lie. Over cells of
/// the narrowest mode's width, h = s, the sum of a Gaussian is good to 2 exp(-2 pi^2 s^2 / h^2) =
/// 5e-9.
constexpr double cell = 0.2;
Tensor grid() {
    const Tensor line = (torch::arange(32, torch::kFloat64) + 0.5) * cell - 3.2;
    const std::vector<Tensor> mesh = torch::meshgrid({line, line}, "ij");
    return torch::stack({mesh[0].flatten(), mesh[1].flatten()}, 1).to(torch::kFloat32);
}

Tensor labels(std::int64_t count, int label) {
    return torch::full({count}, label, torch::kInt64);
}

}  // namespace

TEST_CASE("a learned field on another schedule is what matching log-SNR by hand gives") {
    const auto old = std::make_shared<const LearnedField>(learnt_on(ScheduleKind::linear));
    const ReparameterisedField carried(old, schedule_of(ScheduleKind::vp_cosine));
    const LearnedField direct = learnt_on(ScheduleKind::vp_cosine);
    const Tensor z = torch::randn({200, 2}, make_generator(1, "test"));
    for (const double t : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        const Coefficients c = carried.schedule().at(t);
        const Tensor x = z * std::hypot(c.alpha, c.sigma);
        // Linear: sigma / alpha = s / (1 - s), so s = sigma / (alpha + sigma), alpha_s = alpha /
        // (alpha + sigma).
        const Tensor s = at_time(c.sigma / (c.alpha + c.sigma));
        const Tensor v = old->velocity(x / (c.alpha + c.sigma), s).to(torch::kFloat64);
        const Tensor at = x.to(torch::kFloat64) / (c.alpha + c.sigma);
        // On the linear path x0hat = x - t v and epshat = x + (1 - t) v.
        const Tensor data = at - c.sigma / (c.alpha + c.sigma) * v;
        const Tensor noise = at + c.alpha / (c.alpha + c.sigma) * v;
        const Tensor velocity = c.alpha_prime * data + c.sigma_prime * noise;
        INFO("t " << t);
        // float32: some ten operations on numbers of size 4 (epshat: divided by sigma > 0.15).
        CHECK(largest_difference(carried.data(x, at_time(t)), data) < 1e-5);
        CHECK(largest_difference(carried.noise(x, at_time(t)), noise) < 5e-5);
        CHECK(largest_difference(carried.velocity(x, at_time(t)), velocity) < 1e-4);
        // The network knows log-SNR alone, so that it may as well be asked on the new schedule.
        CHECK(largest_difference(direct.velocity(x, at_time(t)), velocity) < 5e-5);
        const Tensor divergence = direct.divergence(x, at_time(t));
        CHECK(largest_difference(carried.divergence(x, at_time(t)), divergence) < 1e-3);
    }
}

TEST_CASE("samples of a learned field on another schedule are as good as its own") {
    const auto own = std::make_shared<const LearnedField>(learnt_on(ScheduleKind::linear));
    const ReparameterisedField carried(own, schedule_of(ScheduleKind::vp_cosine));
    constexpr std::int64_t count = 2000;
    const auto ends = [&](const Field& field, double noise, std::uint64_t seed) {
        SamplerSettings settings;
        settings.method = Method::sde_heun;
        settings.steps = 60;
        settings.noise = noise;
        settings.grid = GridKind::uniform_log_snr;
        const Tensor x1 = start_points({}, nullptr, field.schedule(), count, 2, seed);
        return sample(field, x1, {}, settings, make_generator(seed, "noise")).end;
    };
    // The ODE joins the same starts to the same ends: what is left is the solver's error and t_min,
    // where sigma is 1e-3 on the one path and 1.6e-3 on the other.
    const Tensor apart = (ends(*own, 0, 1) - ends(carried, 0, 1)).norm(2, 1);
    CHECK(apart.median().item<double>() < 5e-3);
    // The reverse SDE draws anew: first and second moments within four standard errors, from the
    // samples' own variance.
    const auto moments = [&](const Tensor& x) {
        const Tensor w = x.to(torch::kFloat64);
        return torch::cat({w, w.square(), w.select(1, 0).mul(w.select(1, 1)).unsqueeze(1)}, 1);
    };
    const Tensor a = moments(ends(*own, 1, 2)), b = moments(ends(carried, 1, 3));
    const Tensor error = ((a.var(0) + b.var(0)) / double(count)).sqrt();
    CHECK(((a.mean(0) - b.mean(0)).abs() / error).max().item<double>() < 4);
}

TEST_CASE("the density of a learned field integrates to 1, with a label and without") {
    const LearnedField field = learnt_on(ScheduleKind::linear);
    const Tensor x = grid();
    LikelihoodSettings settings;
    settings.method = Method::rk4;
    for (const int label : {-1, 0, 1}) {
        const Likelihood found = log_likelihood(field, x, labels(x.size(0), label),
                                                gaussian_log_density(field.schedule()), settings);
        CHECK_FALSE(found.diverged);
        const double mass =
            found.log_density.to(torch::kFloat64).exp().sum().item<double>() * cell * cell;
        INFO("label " << label);
        // A flow keeps mass whatever it has learnt: what is left are learned ripples finer than the
        // grid and the error of 64 steps of order 4.
        CHECK(mass == Approx(1).margin(0.005));
    }
}

TEST_CASE("a learned likelihood falls short of the exact one by what is not learnt") {
    const ExactField law(schedule_of(ScheduleKind::linear), three_modes());
    const LearnedField field = learnt_on(ScheduleKind::linear);
    const LogDensity source = gaussian_log_density(field.schedule());
    constexpr std::int64_t count = 400;
    for (const int label : {-1, 0, 1}) {
        const Tensor x = law.draw_data(count, label, make_generator(5, "x"));
        const Tensor own = labels(count, label);
        const Tensor learned =
            log_likelihood(field, x, own, source).log_density.to(torch::kFloat64);
        const Tensor gap = law.data_log_density(x, own).to(torch::kFloat64) - learned;
        const double error = gap.std().item<double>() / std::sqrt(double(count));
        // The mean is a Kullback-Leibler divergence: above 0, and small where 400 steps are enough.
        INFO("label " << label << ": " << gap.mean().item<double>() << " +- " << error);
        CHECK(gap.mean().item<double>() > -4 * error);
        CHECK(gap.mean().item<double>() < 0.1);
        if (label < 0) continue;
        // The other label's density of the same points is far lower.
        const Tensor other = log_likelihood(field, x, labels(count, 1 - label), source).log_density;
        CHECK((learned - other).mean().item<double>() > 1);
    }
}

TEST_CASE("Hutchinson's likelihood of a learned field agrees within its standard error") {
    const ExactField law(schedule_of(ScheduleKind::linear), three_modes());
    const LearnedField field = learnt_on(ScheduleKind::linear);
    const LogDensity source = gaussian_log_density(field.schedule());
    const Tensor x = law.draw_data(300, -1, make_generator(6, "x"));
    const Tensor exact = log_likelihood(field, x, {}, source).log_density.to(torch::kFloat64);
    LikelihoodSettings random;
    random.divergence = DivergenceKind::hutchinson;
    random.probes = 2;
    const Tensor noisy = log_likelihood(field, x, {}, source, random, make_generator(7, "probes"))
                             .log_density.to(torch::kFloat64);
    const Tensor gap = noisy - exact;
    const double error = gap.std().item<double>() / std::sqrt(300.0);
    CHECK(error > 0);
    CHECK(std::abs(gap.mean().item<double>()) < 4 * error);
}
