#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// log-SNR = -2 log tan(pi t / 2) + 2 log(shift) (Nichol and Dhariwal 2021;
/// shift: Hoogeboom et al. 2023), t clamped to |log-SNR| <= 15. Shift 1: alpha
/// = cos(pi t / 2), sigma = sin(pi t / 2).
class VpCosine final : public Schedule {
public:
    explicit VpCosine(double shift)
        : shift_(shift), first_(inverse_log_snr(bound)), last_(inverse_log_snr(-bound)) {}

    Coefficients at(double t) const override {
        t = std::clamp(t, first_, last_);
        const double angle = std::numbers::pi / 2 * t;
        const double numerator = shift_ * std::cos(angle);
        const double denominator = std::sin(angle);
        const double norm = std::hypot(numerator, denominator);
        const double alpha = numerator / norm;
        const double sigma = denominator / norm;
        const double log_snr_prime = -2 * std::numbers::pi / std::sin(2 * angle);
        return {alpha, sigma, 0.5 * alpha * sigma * sigma * log_snr_prime,
                -0.5 * sigma * alpha * alpha * log_snr_prime};
    }

private:
    double inverse_log_snr(double log_snr) const override {
        return 2 / std::numbers::pi * std::atan(shift_ * std::exp(-log_snr / 2));
    }

    static constexpr double bound = 15;
    double shift_;
    double first_;
    double last_;
};

}  // namespace

std::unique_ptr<const Schedule> make_vp_cosine(const PathSettings& settings) {
    return std::make_unique<VpCosine>(settings.shift);
}

}  // namespace driftglass
