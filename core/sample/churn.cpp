#include <algorithm>
#include <cmath>

#include "core/sample/samplers.hpp"
#include "core/sample/time_grid.hpp"

namespace driftglass {

using torch::Tensor;

Tensor churn_sampler(SamplerRun& run, const Tensor& x, std::size_t i) {
    const Schedule& schedule = run.field.schedule();
    double t = run.times[i];
    const double r = run.times[i + 1];
    const Coefficients next = schedule.at(r);
    Coefficients now = schedule.at(t);
    Tensor start = x;
    if (run.settings.churn > 0 && now.alpha > 0 && t < 1) {
        const double wanted = schedule.log_snr(t) - 2 * std::log1p(run.settings.churn);
        const double higher = std::clamp(schedule.time_of_log_snr(wanted), t, 1.0);
        const Coefficients noisier = schedule.at(higher);
        const double kept = noisier.alpha / now.alpha;
        const double added = noisier.sigma * noisier.sigma - kept * kept * now.sigma * now.sigma;
        start = kept * x + std::sqrt(std::max(added, 0.0)) * run.normal(x);
        t = higher;
        now = noisier;
    }
    const auto [data, noise] = run.parts(start, t);
    const Tensor predicted = next.alpha * data + next.sigma * noise;
    if (is_nearly_noise(now)) return predicted;
    // y_r = y + (rho_r - rho_t) (epshat_t + epshat_r) / 2, times alpha_r.
    const Tensor noise_after = run.parts(predicted, r).noise;
    const double correction = 0.5 * (next.sigma - next.alpha * (now.sigma / now.alpha));
    return predicted + correction * (noise_after - noise);
}

}  // namespace driftglass
