#include "core/sample/samplers.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

template <class Step>
Tensor follow(SamplerRun& run, const Tensor& x, std::size_t i, const Step& step) {
    const auto velocity = [&](const Tensor& at, double t) { return run.velocity(at, t); };
    return step(velocity, x, run.times[i], run.times[i + 1]);
}

}  // namespace

Tensor euler_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    return follow(run, x, i, euler_step);
}

Tensor midpoint_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    return follow(run, x, i, midpoint_step);
}

Tensor heun_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    return follow(run, x, i, heun_step);
}

Tensor rk4_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    return follow(run, x, i, rk4_step);
}

Tensor dopri5_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    if (i == 0) {
        run.adaptive = std::make_unique<DormandPrince>(
            [&run](const Tensor& at, double t) { return run.velocity(at, t); }, x,
            run.times.front(), run.times.back(), run.settings.rtol, run.settings.atol);
    }
    return run.adaptive->at(run.times[i + 1]);
}

}  // namespace driftglass
