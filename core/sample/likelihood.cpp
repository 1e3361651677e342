#include "core/sample/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "core/error.hpp"
#include "core/sample/ode_solver.hpp"
#include "core/sample/time_grid.hpp"

namespace driftglass {

using torch::Tensor;

LogDensity gaussian_log_density(const Schedule& schedule) {
    const double scale = schedule.source_scale();
    return [scale](const Tensor& x) {
        const double constant = std::log(2 * std::numbers::pi * scale * scale);
        return -0.5 * ((x / scale).square() + constant).sum(1);
    };
}

namespace {

/// log of the density at x and t_min: log p1(x_1) + int_{t_min}^1 div v dt.
Likelihood along_ode(const Field& field, const Tensor& x, double t_min, const Tensor& label,
                     const LogDensity& source, const LikelihoodSettings& settings,
                     torch::Generator generator) {
    if (settings.method != Method::dopri5 && settings.method != Method::rk4) {
        throw Error("a likelihood is integrated by dopri5 or rk4");
    }
    const torch::NoGradGuard no_grad;
    const std::int64_t dimension = x.size(1);
    const int probes = std::max(settings.probes, 1);
    const bool hutchinson = settings.divergence == DivergenceKind::hutchinson;
    std::vector<Tensor> signs;
    for (int k = 0; hutchinson && k < probes; ++k) {
        signs.push_back(torch::randint(0, 2, x.sizes(), generator, torch::kFloat32)
                            .mul_(2)
                            .sub_(1)
                            .to(x.options()));
    }

    Likelihood result;
    const auto divergence = [&](const Tensor& at, const Tensor& t) {
        if (!hutchinson) return field.divergence(at, t, label);
        Tensor total = torch::zeros({at.size(0)}, at.options());
        for (const Tensor& probe : signs)
            total += field.probed_divergence(probe, at, t, label);
        return total / probes;
    };
    // The state is [N, D + 1]: x and the integral of the divergence so far.
    const auto slope = [&](const Tensor& state, double time) {
        ++result.nfe;
        const Tensor t = at_time(time);
        const Tensor at = state.slice(1, 0, dimension).contiguous();
        return torch::cat({field.velocity(at, t, label), divergence(at, t).unsqueeze(1)}, 1);
    };

    Tensor state = torch::cat({x, torch::zeros({x.size(0), 1}, x.options())}, 1);
    if (settings.method == Method::dopri5) {
        DormandPrince solver(slope, state, t_min, 1, settings.rtol, settings.atol);
        state = solver.at(1);
    } else {
        const std::vector<double> times =
            time_grid(field.schedule(), settings.grid, settings.steps, t_min);
        for (std::size_t i = times.size() - 1; i > 0; --i) {
            state = rk4_step(slope, state, times[i], times[i - 1]);
        }
    }
    result.latent = state.slice(1, 0, dimension).contiguous();
    result.log_density = source(result.latent) + state.select(1, dimension);
    result.diverged = !result.log_density.isfinite().all().item<bool>();
    return result;
}

}  // namespace

double likelihood_t_min(const Schedule& schedule) {
    constexpr double most = 1e-4;
    const double clean = schedule.time_of_log_snr(18);
    return clean > 0 ? std::min(most, clean) : most;
}

Likelihood log_likelihood(const Field& field, const Tensor& x, const Tensor& label,
                          const LogDensity& source, const LikelihoodSettings& settings,
                          torch::Generator generator) {
    const torch::NoGradGuard no_grad;
    const double t_min = likelihood_t_min(field.schedule());
    const double alpha = field.schedule().at(t_min).alpha;
    Likelihood result =
        along_ode(field, alpha * x, t_min, label, source, settings, std::move(generator));
    result.log_density += static_cast<double>(x.size(1)) * std::log(alpha);
    return result;
}

Tensor log_density_at(const Field& field, const Tensor& x, double t, const Tensor& label) {
    const LogDensity source = gaussian_log_density(field.schedule());
    if (t > 1 - 1e-6) return source(x);  // nothing is left to be integrated
    if (t <= likelihood_t_min(field.schedule()))
        return log_likelihood(field, x, label, source).log_density;
    return along_ode(field, x, t, label, source, {}, {}).log_density;
}

}  // namespace driftglass
