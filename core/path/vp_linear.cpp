#include <cmath>

#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// beta_t = b0 + (b1 - b0) t; log alpha = -(b0 t + (b1 - b0) t^2 / 2) / 2 (Song
/// et al. 2021).
class VpLinear final : public VariancePreserving {
public:
    VpLinear(double beta_min, double beta_max) : beta_min_(beta_min), beta_max_(beta_max) {}

private:
    double log_alpha(double t) const override {
        return -0.5 * (beta_min_ * t + 0.5 * (beta_max_ - beta_min_) * t * t);
    }
    double beta(double t) const override { return beta_min_ + (beta_max_ - beta_min_) * t; }

    double inverse_log_snr(double log_snr) const override {
        // 1 / alpha^2 = exp(int beta) = 1 + exp(-log_snr): a quadratic in t, its
        // root written so that nothing cancels where t is small.
        const double integral =
            log_snr > 0 ? std::log1p(std::exp(-log_snr)) : -log_snr + std::log1p(std::exp(log_snr));
        const double slope = beta_max_ - beta_min_;
        const double root = std::sqrt(beta_min_ * beta_min_ + 2 * slope * integral);
        return 2 * integral / (beta_min_ + root);
    }

    double beta_min_;
    double beta_max_;
};

}  // namespace

std::unique_ptr<const Schedule> make_vp_linear(const PathSettings& settings) {
    return std::make_unique<VpLinear>(settings.beta_min, settings.beta_max);
}

}  // namespace driftglass
