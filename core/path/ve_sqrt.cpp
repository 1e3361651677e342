#include <algorithm>
#include <cmath>

#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// alpha = 1, sigma = s sqrt(t): diffusion at constant speed, g = s.
class VeSqrt final : public Schedule {
public:
    explicit VeSqrt(double s) : s_(s) {}

    Coefficients at(double t) const override {
        const double root = std::sqrt(std::clamp(t, 0.0, 1.0));
        return {1, s_ * root, 0, 0.5 * s_ / root};
    }
    double diffusion_squared(double) const override { return s_ * s_; }
    double source_scale() const override { return s_; }

private:
    double inverse_log_snr(double log_snr) const override { return std::exp(-log_snr) / (s_ * s_); }

    double s_;
};

}  // namespace

std::unique_ptr<const Schedule> make_ve_sqrt(const PathSettings& settings) {
    return std::make_unique<VeSqrt>(settings.s);
}

}  // namespace driftglass
