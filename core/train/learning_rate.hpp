#pragma once

#include <algorithm>
#include <cmath>

namespace driftglass {

// For a run with no fixed end, and for data that change while one draws. `age` counts the steps
// that the present data have been learnt for: it grows by one a step, and a change of data takes
// some of it away, so that the rate and the average start afresh as far as the data did.
// docs/benchmarks.md says what was measured.

constexpr double adam_beta1 = 0.9;
constexpr double adam_beta2 = 0.99;
constexpr double adam_epsilon = 1e-8;

/// `peak` for the first steps, then falling as 1 / sqrt(age).
inline double learning_rate(double peak, double age) {
    constexpr double constant_steps = 400;
    return peak * std::min(1.0, std::sqrt(constant_steps / std::max(age, 1.0)));
}

/// Decay of the moving average: short at first (a tenth of the age or so), at most `decay`.
inline double average_decay(double decay, double age) {
    return std::min(decay, (1 + age) / (10 + age));
}

/// The age after a share c of the data's mass changed: (1 - c) age / (1 + c age / 200), so a wholly
/// new data set starts from 0, small changes add up, and even a long run notices a new corner.
inline double age_after_change(double age, double share) {
    constexpr double notice = 200;
    return (1 - share) * age / (1 + share * age / notice);
}

}  // namespace driftglass
