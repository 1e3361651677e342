#pragma once

#include <array>
#include <limits>

#include "core/path/prediction.hpp"
#include "core/path/schedule.hpp"

namespace driftglass {

/// Means and standard deviations (one for all coordinates, in double) that make a network's input
/// and output about unit size, whatever the scale of the data, the schedule and the prediction:
/// Karras et al. 2022, section 5, written for any path.
///
/// With z0 = (x0 - data_mean) / data_std, z1 = (x1 - source_mean) / source_std, the path becomes
///     z_t = (x_t - alpha data_mean - sigma source_mean) / r = cos(theta) z0 + sin(theta) z1,
///     r^2 = alpha^2 data_std^2 + sigma^2 source_std^2,  tan(theta) = sigma source_std / (alpha
///     data_std),
/// so the network need not know the schedule, only theta in [0, pi/2]. It learns
///     F(z, theta) = E[-sin(theta) z0 + cos(theta) z1 | z_t = z],
/// the velocity d z / d theta, and every prediction is affine in z and F.
struct Normalisation {
    std::array<double, 2> data_mean{};
    double data_std = 1;
    std::array<double, 2> source_mean{};
    double source_std = 1;

    bool operator==(const Normalisation&) const = default;
};

/// The regression target a0 x0 + a1 x1 of a prediction: velocity (alpha', sigma'), noise (0, 1),
/// data (1, 0), score (0, -1 / sigma), Salimans-Ho v (-sigma, alpha). Where sigma = 0 the score has
/// no limit: sigma is taken as 1e-12 there.
struct TargetWeights {
    double x0;
    double x1;
};
TargetWeights target_weights(Prediction kind, const Coefficients& at);

/// One time's numbers: z = (x - shift) inverse_r, prediction = offset + skip z + out F.
struct Affine {
    std::array<double, 2> shift{};
    double inverse_r = 1;
    double cos = 1;  ///< of theta
    double sin = 0;
    std::array<double, 2> offset{};
    double skip = 0;
    double out = 1;
};

/// Where z0 can lie, [low, high] of each coordinate, and with it E[z0 | z_t = z] = cos z - sin F
/// whatever z: among the data. Far from all data the layers' F is an extrapolation that may lead a
/// path away for ever; held here, the field leads back ("clipping x0hat", Ho et al. 2020).
/// Unbounded to begin with.
struct Reach {
    std::array<double, 2> low{-std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity()};
    std::array<double, 2> high{std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::infinity()};
    /// Below this sin(theta) it counts as this: z0 says next to nothing of F there.
    static constexpr double least_sin = 1e-3;

    bool operator==(const Reach&) const = default;
};

/// offset = a0 data_mean + a1 source_mean, skip = a0 data_std cos + a1 source_std sin,
/// out = a1 source_std cos - a0 data_std sin.
Affine affine(const Normalisation& normalisation, const Coefficients& at, Prediction kind);

}  // namespace driftglass
