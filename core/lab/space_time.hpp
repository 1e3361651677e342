#pragma once

namespace driftglass {

// One dimension is shown in the plane too: time across, from noise on the left to data on the
// right, and x upwards.

inline constexpr double time_axis = 2.4;  ///< half its length, in units of x

/// What a picture shows of it, with a margin for the marks at its ends.
inline constexpr float shown_time_axis = 1.08f * static_cast<float>(time_axis);

inline constexpr double across_at(double t) {
    return time_axis * (1 - 2 * t);
}
/// May lie outside of [0, 1].
inline constexpr double time_at(double across) {
    return (1 - across / time_axis) / 2;
}

}  // namespace driftglass
