#pragma once

#include <cstdint>
#include <functional>

#include "core/field/field.hpp"
#include "core/sample/sampler_settings.hpp"

namespace driftglass {

enum class DivergenceKind { exact, hutchinson };

struct LikelihoodSettings {
    Method method = Method::dopri5;  ///< dopri5 or rk4
    int steps = 64;                  ///< rk4: on this grid, run backwards
    GridKind grid = GridKind::cosine;
    double rtol = 1e-5;
    double atol = 1e-5;
    DivergenceKind divergence = DivergenceKind::exact;
    int probes = 1;  ///< hutchinson: random sign vectors a point, kept along the path
};

struct Likelihood {
    torch::Tensor
        log_density;       ///< [N], log p0(x) in nats; over D log 2 and negated: bits a dimension
    torch::Tensor latent;  ///< [N, D], x at t = 1
    std::int64_t nfe = 0;
    bool diverged = false;
};

/// log p1 [N] of latents [N, D].
using LogDensity = std::function<torch::Tensor(const torch::Tensor& x)>;
/// N(0, source_scale^2 I), what sampling starts from.
LogDensity gaussian_log_density(const Schedule& schedule);

/// Where data enter the ODE: t = 1e-4, or earlier where the log-SNR is 18 earlier (sigma / alpha =
/// 1.2e-4), as sigma grows like sqrt(t) on some paths. 1e-4 on a path whose log-SNR starts
/// below 18.
double likelihood_t_min(const Schedule& schedule);

/// log p0(x) = log p1(x_1) + int_0^1 div v dt along the PF-ODE from data to noise (Chen et al.
/// 2018, Song et al. 2021). Needs the velocity only. x enters at likelihood_t_min as alpha x, with
/// D log(alpha) added. `generator`: hutchinson only.
Likelihood log_likelihood(const Field& field, const torch::Tensor& x, const torch::Tensor& label,
                          const LogDensity& source, const LikelihoodSettings& settings = {},
                          torch::Generator generator = {});

/// log of the density [N] that the PF-ODE from N(0, source_scale^2 I) has at x [N, D] and time t:
/// log p1(x_1) + int_t^1 div v dt, by dopri5 with the exact divergence. t up to likelihood_t_min is
/// taken as 0: log_likelihood.
torch::Tensor log_density_at(const Field& field, const torch::Tensor& x, double t,
                             const torch::Tensor& label);

}  // namespace driftglass
