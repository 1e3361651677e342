#include <algorithm>
#include <cmath>

#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// alpha = 1 - t, sigma = m + (1 - m) t (Lipman et al. 2023, time reversed; m =
/// 0: rectified flow).
class Linear final : public Schedule {
public:
    explicit Linear(double sigma_min) : sigma_min_(sigma_min) {}

    Coefficients at(double t) const override {
        t = std::clamp(t, 0.0, 1.0);
        return {1 - t, sigma_min_ + (1 - sigma_min_) * t, -1, 1 - sigma_min_};
    }

private:
    double inverse_log_snr(double log_snr) const override {
        const double ratio =
            std::exp(-std::abs(log_snr) / 2);  // the smaller of the two to the larger
        const double rest = 1 - sigma_min_;
        return log_snr < 0 ? (1 - ratio * sigma_min_) / (1 + ratio * rest)
                           : (ratio - sigma_min_) / (ratio + rest);
    }

    double sigma_min_;
};

}  // namespace

std::unique_ptr<const Schedule> make_linear(const PathSettings& settings) {
    const double sigma_min = settings.sigma_min.value_or(0);
    return std::make_unique<Linear>(sigma_min);
}

}  // namespace driftglass
