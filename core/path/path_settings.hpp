#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/names.hpp"

namespace driftglass {

struct Key;

/// The schedules of the table in docs/mathematics.md; each has a row in schedule.cpp.
enum class ScheduleKind { linear, vp_linear, vp_cosine, ve, ve_sqrt, edm, ddpm, custom };

std::span<const Choice<ScheduleKind>> choices(ScheduleKind);
/// The keys under `path.` that a schedule reads.
std::span<const std::string_view> keys_read_by(ScheduleKind kind);

/// Scene keys `path.*`. A schedule reads only its own parameters.
struct PathSettings {
    ScheduleKind schedule = ScheduleKind::linear;
    double beta_min = 0.1;  ///< vp-linear: beta(0), in (0, 100]
    double beta_max = 20;   ///< vp-linear: beta(1), in (0, 100]
    double shift = 1;       ///< vp-cosine: adds 2 log(shift) to the log-SNR, in [0.01, 100]
    std::optional<double> sigma_min;  ///< linear: sigma_0, in [0, 0.5], unset 0 · edm: unset 0.002
    std::optional<double> sigma_max;  ///< edm: sigma_1, unset 80
    double s_min = 0.02;              ///< ve: sigma_0
    double s_max = 10;                ///< ve: sigma_1
    double s = 5;                     ///< ve-sqrt: sigma_t = s sqrt(t)
    double rho = 7;                   ///< edm: the spacing's exponent
    int ddpm_steps = 1000;            ///< ddpm: K, in [2, 100000]
    double ddpm_beta_min = 1e-4;      ///< ddpm: beta_1
    double ddpm_beta_max = 0.02;      ///< ddpm: beta_K
    /// custom: (alpha, sigma) at equally spaced t from 0 to 1, joined by a
    /// monotone cubic spline.
    std::vector<std::array<double, 2>> knots;

    bool operator==(const PathSettings&) const = default;
};
std::vector<Key> keys_of(PathSettings& settings);

}  // namespace driftglass
