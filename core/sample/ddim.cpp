#include <algorithm>
#include <cmath>

#include "core/sample/samplers.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

Tensor step(SamplerRun& run, const Tensor& x, std::size_t i, double eta) {
    const double t = run.times[i];
    const double r = run.times[i + 1];
    const Coefficients next = run.field.schedule().at(r);
    const auto [data, noise] = run.parts(x, t);
    // k = eta sigma_r sqrt(1 - (rho_r / rho_t)^2), written for alpha_t = 0 as well.
    const double ratio = std::exp(-run.log_ratio(t, r));
    const double k = eta * next.sigma * std::sqrt(std::max(0.0, 1 - ratio * ratio));
    const Tensor mean =
        next.alpha * data + std::sqrt(std::max(0.0, next.sigma * next.sigma - k * k)) * noise;
    return k > 0 ? mean + k * run.normal(x) : mean;
}

}  // namespace

Tensor ddim_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    return step(run, x, i, run.settings.eta);
}

Tensor ddpm_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    return step(run, x, i, 1);
}

}  // namespace driftglass
