#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// alpha = 1, sigma^(1 / rho) linear in t from sigma_min to sigma_max (Karras
/// et al. 2022, eq. 5).
class Edm final : public Schedule {
public:
    Edm(double sigma_min, double sigma_max, double rho)
        : rho_(rho),
          low_(std::pow(sigma_min, 1 / rho)),
          range_(std::pow(sigma_max, 1 / rho) - low_),
          sigma_max_(sigma_max) {}

    Coefficients at(double t) const override {
        const double root = low_ + range_ * std::clamp(t, 0.0, 1.0);
        const double power = std::pow(root, rho_ - 1);
        return {1, power * root, 0, rho_ * power * range_};
    }
    double source_scale() const override { return sigma_max_; }

private:
    double inverse_log_snr(double log_snr) const override {
        return (std::exp(-log_snr / (2 * rho_)) - low_) / range_;
    }

    double rho_;
    double low_;
    double range_;
    double sigma_max_;
};

}  // namespace

std::unique_ptr<const Schedule> make_edm(const PathSettings& settings) {
    const double sigma_min = settings.sigma_min.value_or(0.002);
    const double sigma_max = settings.sigma_max.value_or(80);
    if (sigma_min < 1e-6) {
        throw Error("path.sigma_min: edm spaces sigma by its logarithm; set at least 1e-06");
    }
    if (sigma_min >= sigma_max) {
        throw Error(
            "path.sigma_min: must be smaller than path.sigma_max, or the "
            "path destroys no "
            "information");
    }
    return std::make_unique<Edm>(sigma_min, sigma_max, settings.rho);
}

}  // namespace driftglass
