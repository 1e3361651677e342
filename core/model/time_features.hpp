#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace driftglass {

constexpr int time_feature_count = 8;

/// Features of the path's angle theta in [0, pi/2], all of about unit size: the normalised log-SNR
/// 2 log(cos / sin), clamped to +-12 and scaled by 1/6, and the harmonics cos(k theta),
/// sin(k theta). theta is given by its cosine and sine.
inline void write_time_features(double cos, double sin, std::span<float, time_feature_count> out) {
    const double log_snr = 2 * (std::log(std::max(cos, 1e-30)) - std::log(std::max(sin, 1e-30)));
    out[0] = static_cast<float>(std::clamp(log_snr, -12.0, 12.0) / 6);
    out[1] = static_cast<float>(std::tanh(log_snr / 2));
    double c = 1, s = 0;
    for (int k = 0; k < (time_feature_count - 2) / 2; ++k) {
        const double next = c * cos - s * sin;
        s = s * cos + c * sin;
        c = next;
        out[2 + 2 * k] = static_cast<float>(c);
        out[3 + 2 * k] = static_cast<float>(s);
    }
}

}  // namespace driftglass
