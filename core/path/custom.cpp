#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// Cubic Hermite spline through equally spaced values on [0, 1] that is
/// monotone wherever the values are (Fritsch and Carlson 1980).
class MonotoneSpline {
public:
    explicit MonotoneSpline(std::vector<double> values)
        : values_(std::move(values)), slopes_(values_.size()) {
        const std::size_t intervals = values_.size() - 1;
        std::vector<double> secants(intervals);
        for (std::size_t i = 0; i < intervals; ++i) {
            secants[i] = (values_[i + 1] - values_[i]) * static_cast<double>(intervals);
        }
        slopes_.front() = secants.front();
        slopes_.back() = secants.back();
        for (std::size_t i = 1; i < intervals; ++i) {
            const bool turns = secants[i - 1] * secants[i] <= 0;
            slopes_[i] = turns ? 0 : 0.5 * (secants[i - 1] + secants[i]);
        }
        for (std::size_t i = 0; i < intervals; ++i) {
            if (secants[i] == 0) {
                slopes_[i] = slopes_[i + 1] = 0;
                continue;
            }
            const double length = std::hypot(slopes_[i], slopes_[i + 1]) / std::abs(secants[i]);
            if (length > 3) {
                slopes_[i] *= 3 / length;
                slopes_[i + 1] *= 3 / length;
            }
        }
    }

    /// Value and derivative in t.
    std::pair<double, double> at(double t) const {
        const double intervals = static_cast<double>(values_.size() - 1);
        const double place = std::clamp(t, 0.0, 1.0) * intervals;
        const std::size_t i = std::min(static_cast<std::size_t>(place), values_.size() - 2);
        const double u = place - static_cast<double>(i);
        const double h = 1 / intervals;
        const double rise = values_[i + 1] - values_[i];
        const double start = slopes_[i] * h;
        const double end = slopes_[i + 1] * h;
        // From the nearer knot, so that a value of 0 at a knot is approached
        // without cancellation.
        const double c2 = 3 * rise - 2 * start - end;
        const double c3 = start + end - 2 * rise;
        const double derivative = (start + u * (2 * c2 + 3 * u * c3)) * intervals;
        if (u <= 0.5) return {values_[i] + u * (start + u * (c2 + u * c3)), derivative};
        const double w = 1 - u;
        const double d2 = -3 * rise + 2 * end + start;
        return {values_[i + 1] + w * (-end + w * (d2 - w * c3)), derivative};
    }

private:
    std::vector<double> values_;
    std::vector<double> slopes_;
};

class Custom final : public Schedule {
public:
    Custom(MonotoneSpline alpha, MonotoneSpline sigma)
        : alpha_(std::move(alpha)), sigma_(std::move(sigma)) {}

    Coefficients at(double t) const override {
        const auto [alpha, alpha_prime] = alpha_.at(t);
        const auto [sigma, sigma_prime] = sigma_.at(t);
        return {alpha, sigma, alpha_prime, sigma_prime};
    }
    double source_scale() const override { return sigma_.at(1).first; }

private:
    MonotoneSpline alpha_;
    MonotoneSpline sigma_;
};

}  // namespace

std::unique_ptr<const Schedule> make_custom(const PathSettings& settings) {
    const std::size_t count = settings.knots.size();
    if (count < 2 || count > 1000) {
        throw Error("path.knots: expected 2 to 1000 pairs [alpha, sigma], found " +
                    std::to_string(count));
    }
    std::vector<double> alpha;
    std::vector<double> sigma;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string key = "knots[" + std::to_string(i) + "]";
        alpha.push_back(settings.knots[i][0]);
        sigma.push_back(settings.knots[i][1]);
        if (alpha[i] == 0 && i + 1 < count) {
            throw Error("path." + key + "[0]: alpha may be 0 only at the last knot (t = 1)");
        }
        if (sigma[i] == 0 && i > 0) {
            throw Error("path." + key + "[1]: sigma may be 0 only at the first knot (t = 0)");
        }
    }
    return std::make_unique<Custom>(MonotoneSpline(std::move(alpha)),
                                    MonotoneSpline(std::move(sigma)));
}

}  // namespace driftglass
