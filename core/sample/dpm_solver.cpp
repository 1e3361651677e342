#include <cmath>

#include "core/sample/samplers.hpp"

namespace driftglass {

using torch::Tensor;

Tensor dpm_solver_2m_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    const double t = run.times[i];
    const double r = run.times[i + 1];
    const Coefficients now = run.field.schedule().at(t);
    const Coefficients next = run.field.schedule().at(r);
    const double h = run.log_ratio(t, r);
    const Tensor data = run.parts(x, t).data;
    Tensor extrapolated = data;
    if (i > 0) {
        // From alpha = 0 the step before is infinite and its x0hat weighs nothing.
        const double before = run.log_ratio(run.times[i - 1], t);
        const double weight = before > 0 ? 0.5 * h / before : 0;
        extrapolated = data + weight * (data - run.previous_data);
    }
    run.previous_data = data;
    return (next.sigma / now.sigma) * x - next.alpha * std::expm1(-h) * extrapolated;
}

}  // namespace driftglass
