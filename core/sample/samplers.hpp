#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/field/field.hpp"
#include "core/sample/ode_solver.hpp"
#include "core/sample/sampler_settings.hpp"

namespace driftglass {

/// What the steps of one run share. Counts the field evaluations.
struct SamplerRun {
    const Field& field;
    const torch::Tensor& label;
    const SamplerSettings& settings;
    const std::vector<double>& times;  ///< [K + 1], falling from 1 to t_min
    torch::Generator noise;

    std::int64_t nfe = 0;
    torch::Tensor previous_data;              ///< dpm-solver-2m: x0hat of the step before
    std::unique_ptr<DormandPrince> adaptive;  ///< dopri5

    torch::Tensor velocity(const torch::Tensor& x, double t);
    torch::Tensor score(const torch::Tensor& x, double t);
    /// x0hat and epshat from one evaluation.
    struct Parts {
        torch::Tensor data, noise;
    };
    Parts parts(const torch::Tensor& x, double t);
    /// Standard normal numbers of x's shape.
    torch::Tensor normal(const torch::Tensor& x);
    /// log(rho_t / rho_r) with rho = sigma / alpha: half of the gain in log-SNR, +inf from alpha =
    /// 0.
    double log_ratio(double t, double r) const;
};

/// One step of a method from t = times[i] to r = times[i + 1] < t.
using SamplerStep = torch::Tensor(SamplerRun& run, const torch::Tensor& x, std::size_t i);
/// Of the method's row in methods.cpp.
SamplerStep* step_of(Method method);

// z: standard normal numbers.

/// PF-ODE dx/dt = v by the explicit steps of ode_solver.hpp, NFE 1, 2, 2, 4; dopri5 as many as its
/// tolerance asks for.
torch::Tensor euler_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
torch::Tensor midpoint_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
torch::Tensor heun_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
torch::Tensor rk4_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
torch::Tensor dopri5_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);

/// Song, Meng and Ermon 2021: x_r = alpha_r x0hat + sqrt(sigma_r^2 - k^2) epshat + k z with
/// k = eta (sigma_r / sigma_t) sqrt(sigma_t^2 - (alpha_t / alpha_r)^2 sigma_r^2). NFE 1.
torch::Tensor ddim_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
/// Ho, Jain and Abbeel 2020, ancestral with the posterior variance: DDIM with eta = 1. NFE 1.
torch::Tensor ddpm_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);

/// dx = [-v + (u^2 / 2) s] d tau + u dW with u = noise * g. The drift -v by an Euler step; the rest
/// is a Langevin (Ornstein-Uhlenbeck) part, solved exactly over the step with x0hat held:
///     x_r = x + (r - t) v + sigma_r [(e^-A - 1) epshat + sqrt(1 - e^-2A) z],
///     A = int u^2 / (2 sigma^2) d tau = noise^2 log(rho_t / rho_r).
/// For small A this is Euler-Maruyama, and it stays finite and keeps the marginals where g diverges
/// (linear at t = 1: A = inf, a fresh z). Weak order 1. noise = 0: euler. NFE 1.
torch::Tensor euler_maruyama_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
/// The same SDE in x / sigma, where all but x0hat is linear and solved exactly:
///     x_r = (sigma_r / sigma_t) e^-A x + (P - Q) x0hat_t + Q x0hat_r + sigma_r sqrt(1 - e^-2A) z,
///     B = log(rho_t / rho_r), A = noise^2 B, C = A + B,
///     P = alpha_r (1 - e^-C), Q = alpha_r - P / C:
/// x0hat is linear in log rho over the step, x0hat_r being taken at the end predicted with Q = 0
/// and the same z. Heun's method in exponential form: weak order 2 for additive noise (Kloeden and
/// Platen 1992, 14.2; SDE-DPM-Solver++, Lu et al. 2022). NFE 2.
torch::Tensor sde_heun_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);

/// Langevin at the fixed t = settings.time with eta = step_size sigma_t^2:
///     x + (eta / 2) s + sqrt(eta) z. NFE 1.
torch::Tensor langevin_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
/// Song and Ermon 2019: corrector_steps Langevin steps at each level r. Between levels x is scaled
/// with sqrt(alpha^2 + sigma^2), the spread of x_t for data of unit variance; kept where alpha does
/// not change, as there. NFE corrector_steps.
torch::Tensor annealed_langevin_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);
/// Song et al. 2021: an euler-maruyama step (with the dial `noise`), then corrector_steps Langevin
/// steps at r. NFE 1 + corrector_steps.
torch::Tensor predictor_corrector_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);

/// Karras et al. 2022, algorithm 2, in y = x / alpha and rho: noise is added up to
/// min(rho_t (1 + churn), rho_1), then one Heun step of dy/d rho = epshat to rho_r. Where that
/// start is nearly noise (rho infinite, or a thousand beside rho_r) an Euler step, which is DDIM:
/// the mean of two slopes over such a step is far worse than one. NFE 2 (1 from there).
torch::Tensor churn_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);

/// DPM-Solver++(2M), Lu et al. 2022, algorithm 2: with h = log(rho_t / rho_r) and h' that of the
/// step before, x_r = (sigma_r / sigma_t) x + alpha_r (1 - e^-h) [x0hat + (h / 2h') (x0hat -
/// x0hat')]; the first step is DDIM. NFE 1.
torch::Tensor dpm_solver_2m_sampler(SamplerRun& run, const torch::Tensor& x, std::size_t i);

}  // namespace driftglass
