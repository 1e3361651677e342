#include "core/sample/sampler.hpp"

#include <cmath>
#include <sstream>
#include <string>

#include "core/error.hpp"
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

namespace {

using Step = Tensor (*)(SamplerRun& run, const Tensor& x, std::size_t i);

struct Entry {
    Method method;
    Step step;
    bool needs_score;
    bool reads_noise;
};

/// A method is its step and this row; its formula is in samplers.hpp.
constexpr Entry registry[] = {
    {Method::euler, euler_sampler, false, false},
    {Method::midpoint, midpoint_sampler, false, false},
    {Method::heun, heun_sampler, false, false},
    {Method::rk4, rk4_sampler, false, false},
    {Method::dopri5, dopri5_sampler, false, false},
    {Method::ddim, ddim_sampler, true, false},
    {Method::ddpm, ddpm_sampler, true, false},
    {Method::euler_maruyama, euler_maruyama_sampler, true, true},
    {Method::sde_heun, sde_heun_sampler, true, true},
    {Method::langevin, langevin_sampler, true, false},
    {Method::annealed_langevin, annealed_langevin_sampler, true, false},
    {Method::predictor_corrector, predictor_corrector_sampler, true, true},
    {Method::churn, churn_sampler, true, false},
    {Method::dpm_solver_2m, dpm_solver_2m_sampler, true, false},
};

const Entry& entry(Method method) {
    for (const Entry& candidate : registry) {
        if (candidate.method == method) return candidate;
    }
    throw Error("sampler.method: expected one of " + names_of_all<Method>());
}

void check_range(const char* key, double value, double low, double high) {
    if (value >= low && value <= high) return;
    std::ostringstream text;
    text << "sampler." << key << ": expected " << low << " to " << high << ", found " << value;
    throw Error(text.str());
}

/// The key that asks for noise of the forward process's g; empty: none is added.
std::string key_of_noise(const SamplerSettings& settings) {
    if (settings.noise > 0 && entry(settings.method).reads_noise) return "sampler.noise";
    if (settings.method == Method::ddpm) return "sampler.method";
    if (settings.method == Method::ddim && settings.eta > 0) return "sampler.eta";
    if (settings.method == Method::churn && settings.churn > 0) return "sampler.churn";
    return {};
}

}  // namespace

bool needs_score(const SamplerSettings& settings) {
    return entry(settings.method).needs_score || settings.last == LastStep::denoise;
}

bool reads_noise(Method method) {
    return entry(method).reads_noise;
}

bool is_stochastic(const SamplerSettings& settings) {
    switch (settings.method) {
        case Method::euler:
        case Method::midpoint:
        case Method::heun:
        case Method::rk4:
        case Method::dopri5:
        case Method::dpm_solver_2m:
            return false;
        case Method::ddim:
            return settings.eta > 0;
        case Method::euler_maruyama:
        case Method::sde_heun:
            return settings.noise > 0;
        case Method::predictor_corrector:
            return settings.noise > 0 || settings.corrector_steps > 0;
        case Method::churn:
            return settings.churn > 0;
        case Method::ddpm:
        case Method::langevin:
        case Method::annealed_langevin:
            return true;
    }
    return false;
}

void check_sampler(const SamplerSettings& settings, bool has_score) {
    const std::string name(name_of(settings.method));
    const Entry& method = entry(settings.method);
    check_range("steps", settings.steps, 1, 10'000);
    if (!(settings.t_min > 0 && settings.t_min < 1)) {
        std::ostringstream text;
        text << "sampler.t_min: expected a number above 0 and below 1, found " << settings.t_min;
        throw Error(text.str());
    }
    check_range("noise", settings.noise, 0, 4);
    check_range("eta", settings.eta, 0, 1);
    check_range("rtol", settings.rtol, 1e-12, 1);
    check_range("atol", settings.atol, 1e-12, 1);
    check_range("step_size", settings.step_size, 1e-6, 2);
    check_range("corrector_steps", settings.corrector_steps, 0, 1000);
    check_range("churn", settings.churn, 0, 0.41421356237309515);  // sqrt(2) - 1
    check_range("time", settings.time, 1e-6, 1);
    if (settings.method == Method::annealed_langevin && settings.corrector_steps < 1) {
        throw Error(
            "sampler.corrector_steps: annealed-langevin moves by these alone; set at least 1");
    }
    if (settings.noise > 0 && !method.reads_noise) {
        throw Error("sampler.noise: " + name +
                    " has no such dial and would ignore it; choose euler-maruyama, sde-heun or "
                    "predictor-corrector, or set it to 0");
    }
    if (has_score) return;
    if (method.needs_score) {
        throw Error(
            "sampler.method: " + name +
            " needs the score, which there is only for an independent Gaussian source and before "
            "any reflow; choose euler, midpoint, heun, rk4 or dopri5");
    }
    if (settings.last == LastStep::denoise) {
        throw Error(
            "sampler.last: denoise needs x0hat, which a velocity alone gives for an "
            "independent Gaussian source only; choose none");
    }
}

void check_sampler(const SamplerSettings& settings, bool has_score, const Schedule& schedule) {
    check_sampler(settings, has_score);
    const std::string key = key_of_noise(settings);
    if (key.empty()) return;
    const std::string between = schedule.rise();
    if (between.empty()) return;
    throw Error(
        key + ": " + std::string(name_of(settings.method)) +
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
    SamplerRun run{field, label, settings, times, std::move(noise), 0, {}, {}};
    const Step step = entry(settings.method).step;

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
    path.diverged = !path.end.isfinite().all().item<bool>();
    return path;
}

}  // namespace driftglass
