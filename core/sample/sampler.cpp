#include "core/sample/sampler.hpp"

#include <string>

#include "core/error.hpp"
#include "core/key.hpp"
#include "core/sample/samplers.hpp"
#include "core/sample/time_grid.hpp"

namespace driftglass {

using torch::Tensor;

Tensor SamplerRun::velocity(const Tensor& x, double t) {
    ++nfe;
    return field.velocity(x, at_time(t), label);
}

Tensor SamplerRun::score(const Tensor& x, double t) {
    ++nfe;
    return field.score(x, at_time(t), label);
}

SamplerRun::Parts SamplerRun::parts(const Tensor& x, double t) {
    ++nfe;
    const Coefficients c = field.schedule().at(t);
    const Tensor data = field.data(x, at_time(t), label);
    return {data, (x - c.alpha * data) / c.sigma};
}

Tensor SamplerRun::normal(const Tensor& x) {
    return torch::randn(x.sizes(), noise, torch::kFloat32).to(x.device(), x.scalar_type());
}

double SamplerRun::log_ratio(double t, double r) const {
    return 0.5 * (field.schedule().log_snr(r) - field.schedule().log_snr(t));
}

void check_sampler(const SamplerSettings& settings, bool has_score) {
    check_ranges("sampler", settings);
    const MethodFacts& method = facts_of(settings.method);
    const std::string name(method.name);
    if (settings.method == Method::annealed_langevin && settings.corrector_steps < 1) {
        throw Error(
            "sampler.corrector_steps: annealed-langevin moves by these alone; set at least 1");
    }
    if (settings.noise > 0 && !has_noise_dial(settings.method)) {
        throw Error("sampler.noise: " + name +
                    " has no such dial and would ignore it; choose euler-maruyama, sde-heun or "
                    "predictor-corrector, or set it to 0");
    }
    if (has_score) return;
    if (method.needs_score) {
        throw Error(
            "sampler.method: " + name +
            " needs the score, which there is only for an independent Gaussian source and before "
            "any reflow; choose " +
            names_of_ode_solvers());
    }
    if (settings.last == LastStep::denoise) {
        throw Error(
            "sampler.last: denoise needs x0hat, which a velocity alone gives for an "
            "independent Gaussian source only; choose none");
    }
}

void check_sampler(const SamplerSettings& settings, bool has_score, const Schedule& schedule) {
    check_sampler(settings, has_score);
    const std::string key(key_of_noise(settings));
    if (key.empty()) return;
    const std::string between = schedule.rise();
    if (between.empty()) return;
    throw Error(
        "sampler." + key + ": " + std::string(name_of(settings.method)) +
        " adds noise of a size g with g^2 = -sigma^2 d/dt log-SNR, and this path's log-SNR rises "
        "between " +
        between + "; choose a method without noise, or path.knots along which it falls");
}

Path sample(const Field& field, Tensor x1, const Tensor& label, const SamplerSettings& settings,
            torch::Generator noise, bool keep_rows, const std::function<bool()>& cancelled) {
    check_sampler(settings, field.has_score(), field.schedule());
    const torch::NoGradGuard no_grad;
    const bool at_fixed_time = settings.method == Method::langevin;
    const std::vector<double> times =
        at_fixed_time
            ? std::vector<double>(static_cast<std::size_t>(settings.steps) + 1, settings.time)
            : time_grid(field.schedule(), settings.grid, settings.steps, settings.t_min);
    const std::int64_t evaluations_before = field.evaluations();
    SamplerRun run{field, label, settings, times, std::move(noise), 0, {}, {}};
    SamplerStep* const step = step_of(settings.method);

    Path path;
    std::vector<Tensor> rows;
    const auto keep = [&](const Tensor& x, double t) {
        path.end = x;
        path.times.push_back(t);
        if (keep_rows) rows.push_back(x);
    };
    keep(x1, times.front());
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
        if (cancelled && cancelled()) {
            path.cancelled = true;
            break;
        }
        keep(step(run, path.end, i), times[i + 1]);
    }
    if (settings.last == LastStep::denoise && !path.cancelled) {
        ++run.nfe;
        keep(field.data(path.end, at_time(times.back()), label), 0);
    }
    if (keep_rows) path.rows = torch::stack(rows);
    path.nfe = run.nfe;
    path.network_evaluations = field.evaluations() - evaluations_before;
    path.diverged = !path.end.isfinite().all().item<bool>();
    return path;
}

}  // namespace driftglass
