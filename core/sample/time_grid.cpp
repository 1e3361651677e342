#include "core/sample/time_grid.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <numbers>
#include <sstream>
#include <string>

#include "core/error.hpp"

namespace driftglass {
namespace {

/// log of rho_t = sigma_t / alpha_t at t = 1, or of 160 where that is nearly noise.
double highest_log_ratio(const Schedule& schedule) {
    const double at_end = -0.5 * schedule.log_snr(1);
    return is_nearly_noise(schedule.at(1)) ? std::min(at_end, std::log(160.0)) : at_end;
}

}  // namespace

std::vector<double> time_grid(const Schedule& schedule, GridKind kind, int steps, double t_min) {
    if (!(t_min > 0 && t_min < 1)) {
        throw Error("sampler.t_min: expected a number above 0 and below 1, found " +
                    std::to_string(t_min));
    }
    if (steps < 1 || steps > 100'000) {
        throw Error("sampler.steps: expected 1 to 100000, found " + std::to_string(steps));
    }
    double high = 0;
    double low = 0;
    if (kind == GridKind::uniform_log_snr || kind == GridKind::karras) {
        high = highest_log_ratio(schedule);
        low = -0.5 * schedule.log_snr(t_min);
    }
    constexpr double exponent = 7;
    const auto time = [&](double s) {
        switch (kind) {
            case GridKind::uniform_t:
                return 1 + s * (t_min - 1);
            case GridKind::cosine:
                return t_min + (1 - t_min) * 0.5 * (1 + std::cos(std::numbers::pi * s));
            case GridKind::uniform_log_snr:
                return schedule.time_of_log_snr(-2 * (high + s * (low - high)));
            case GridKind::karras: {
                const double root =
                    std::exp(high / exponent) * (1 - s) + std::exp(low / exponent) * s;
                return schedule.time_of_log_snr(-2 * exponent * std::log(root));
            }
        }
        return 0.0;
    };
    std::vector<double> times(static_cast<std::size_t>(steps) + 1);
    times.front() = 1;
    for (int i = 1; i < steps; ++i)
        times[static_cast<std::size_t>(i)] = time(double(i) / steps);
    times.back() = t_min;
    for (std::size_t i = 1; i < times.size(); ++i) {
        if (times[i] < times[i - 1]) continue;
        if (kind == GridKind::uniform_t || kind == GridKind::cosine) {
            std::ostringstream text;
            text << "sampler.t_min: " << std::setprecision(17) << t_min
                 << " is so near 1 that no distinct times lie between for " << steps
                 << " steps; lower it";
            throw Error(text.str());
        }
        throw Error("sampler.grid = " + std::string(name_of(kind)) + ": " + std::to_string(steps) +
                    " steps down to t_min " + std::to_string(t_min) +
                    " are not distinct on this path, whose log-SNR does not fall enough there; "
                    "choose uniform-t or cosine");
    }
    return times;
}

}  // namespace driftglass
