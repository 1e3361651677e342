#include <algorithm>
#include <cmath>

#include "core/path/schedule_families.hpp"

namespace driftglass {

Coefficients VariancePreserving::at(double t) const {
    t = std::clamp(t, 0.0, 1.0);
    const double log_a = log_alpha(t);
    const double rate = beta(t);
    const double alpha = std::exp(log_a);
    const double sigma = std::sqrt(-std::expm1(2 * log_a));
    return {alpha, sigma, -0.5 * rate * alpha, 0.5 * rate * alpha * alpha / sigma};
}

double VariancePreserving::log_snr(double t) const {
    const double log_a = log_alpha(std::clamp(t, 0.0, 1.0));
    return 2 * log_a - std::log(-std::expm1(2 * log_a));
}

double VariancePreserving::drift_rate(double t) const {
    return -0.5 * beta(std::clamp(t, 0.0, 1.0));
}

double VariancePreserving::diffusion_squared(double t) const {
    return beta(std::clamp(t, 0.0, 1.0));
}

}  // namespace driftglass
