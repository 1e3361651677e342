#pragma once

#include <array>
#include <chrono>
#include <span>

#include "core/measure/assignment.hpp"

namespace driftglass {

/// Squared W2 between the two laws that a and b are draws of. Squared W2 of the draws themselves
/// lies above it, in the plane by an amount that falls as 1 / n (measured: 14.506, 14.454, 14.428
/// with n = 500, 1,000, 2,000 from a normal law to eight Gaussians); Richardson's extrapolation
/// takes it away:
///     2 W2^2(a, b) - (W2^2(a', b') + W2^2(a'', b'')) / 2,   a', a'' the halves of a.
/// What the draws have in common (the mean of |a|^2, say) cancels against a path energy or a
/// transport cost from the same starts a. Never below 0.
class LawTransport {
public:
    /// a, b [n, D], copied; n at least 4, D = 1 or 2.
    LawTransport(std::span<const float> a, std::span<const float> b, int dimension);

    /// Works for about `budget`; true when solved.
    bool run_for(std::chrono::microseconds budget);
    /// Once solved.
    double squared_w2() const;

private:
    std::array<Assignment, 3> parts_;  // all, and the halves
};

}  // namespace driftglass
