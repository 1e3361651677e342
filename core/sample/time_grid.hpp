#pragma once

#include <vector>

#include "core/path/schedule.hpp"
#include "core/sample/sampler_settings.hpp"

namespace driftglass {

/// alpha <= 1e-3 sigma: a time from which no finite rho = sigma / alpha is to be stepped.
inline bool is_nearly_noise(const Coefficients& at) {
    return at.alpha <= 1e-3 * at.sigma;
}

/// steps + 1 times, strictly falling from 1 to t_min; with s = i / steps:
///   uniform-t:        t = 1 + s (t_min - 1)
///   uniform-log-snr:  log-SNR even from lambda_1 to lambda_{t_min}
///   karras:           rho_t = sigma/alpha with rho^(1/7) even (Karras et al. 2022, eq. 5)
///   cosine:           t = t_min + (1 - t_min) (1 + cos(pi s)) / 2, dense at both ends
/// Where t = 1 is nearly noise, the two middle grids are laid out from rho = 160 (log-SNR -10.2,
/// just below vp-linear's) and the first entry is still t = 1.
/// Throws Error for t_min outside (0, 1), steps outside 1 to 100,000, and where the log-SNR does
/// not fall, so that the two middle grids do not exist.
std::vector<double> time_grid(const Schedule& schedule, GridKind kind, int steps, double t_min);

}  // namespace driftglass
