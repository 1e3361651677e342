#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// alpha = 1, sigma = s_min (s_max / s_min)^t (Song and Ermon 2019; Song et al.
/// 2021).
class Ve final : public Schedule {
public:
    Ve(double s_min, double s_max) : s_min_(s_min), s_max_(s_max), rate_(std::log(s_max / s_min)) {}

    Coefficients at(double t) const override {
        const double sigma = s_min_ * std::exp(rate_ * std::clamp(t, 0.0, 1.0));
        return {1, sigma, 0, rate_ * sigma};
    }
    double source_scale() const override { return s_max_; }

private:
    double inverse_log_snr(double log_snr) const override {
        return (-log_snr / 2 - std::log(s_min_)) / rate_;
    }

    double s_min_;
    double s_max_;
    double rate_;
};

}  // namespace

std::unique_ptr<const Schedule> make_ve(const PathSettings& settings) {
    if (settings.s_min >= settings.s_max) {
        throw Error(
            "path.s_min: must be smaller than path.s_max, or the path "
            "destroys no information");
    }
    return std::make_unique<Ve>(settings.s_min, settings.s_max);
}

}  // namespace driftglass
