#include <cmath>

#include "core/sample/samplers.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

Tensor langevin_step(SamplerRun& run, const Tensor& x, double t) {
    const double sigma = run.field.schedule().at(t).sigma;
    const double eta = run.settings.step_size * sigma * sigma;
    return x + 0.5 * eta * run.score(x, t) + std::sqrt(eta) * run.normal(x);
}

}  // namespace

Tensor langevin_sampler(SamplerRun& run, const Tensor& x, std::size_t) {
    return langevin_step(run, x, run.settings.time);
}

Tensor annealed_langevin_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    const double r = run.times[i + 1];
    const Coefficients now = run.field.schedule().at(run.times[i]);
    const Coefficients next = run.field.schedule().at(r);
    const bool kept = now.alpha == next.alpha;
    Tensor moved =
        kept ? x : x * (std::hypot(next.alpha, next.sigma) / std::hypot(now.alpha, now.sigma));
    for (int k = 0; k < run.settings.corrector_steps; ++k)
        moved = langevin_step(run, moved, r);
    return moved;
}

Tensor predictor_corrector_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    Tensor moved = euler_maruyama_sampler(run, x, i);
    for (int k = 0; k < run.settings.corrector_steps; ++k) {
        moved = langevin_step(run, moved, run.times[i + 1]);
    }
    return moved;
}

}  // namespace driftglass
