#include <cmath>

#include "core/sample/samplers.hpp"

namespace driftglass {

using torch::Tensor;

Tensor euler_maruyama_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    const double t = run.times[i];
    const double r = run.times[i + 1];
    const double dial = run.settings.noise;
    if (dial == 0) return x + (r - t) * run.velocity(x, t);
    const Coefficients now = run.field.schedule().at(t);
    const Coefficients next = run.field.schedule().at(r);
    const auto [data, noise] = run.parts(x, t);
    const Tensor v = now.alpha_prime * data + now.sigma_prime * noise;
    const double a = dial * dial * run.log_ratio(t, r);
    return x + (r - t) * v +
           next.sigma * (std::expm1(-a) * noise + std::sqrt(-std::expm1(-2 * a)) * run.normal(x));
}

Tensor sde_heun_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    const double t = run.times[i];
    const double r = run.times[i + 1];
    const double dial = run.settings.noise;
    const Coefficients now = run.field.schedule().at(t);
    const Coefficients next = run.field.schedule().at(r);
    const double b = run.log_ratio(t, r);
    const double a = dial > 0 ? dial * dial * b : 0;
    Tensor kept = (next.sigma / now.sigma * std::exp(-a)) * x;
    if (a > 0) kept = kept + next.sigma * std::sqrt(-std::expm1(-2 * a)) * run.normal(x);
    const double pull = -next.alpha * std::expm1(-(a + b));
    const double late = a + b != 0 ? next.alpha - pull / (a + b) : 0;
    const Tensor first = run.parts(x, t).data;
    const Tensor second = run.parts(kept + pull * first, r).data;
    return kept + (pull - late) * first + late * second;
}

}  // namespace driftglass
