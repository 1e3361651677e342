#pragma once

#include <cstdint>

#include "core/field/exact_field.hpp"

namespace driftglass {

/// Over x ~ q_t of the exact field, no labels.
struct VelocityError {
    double mean_square = 0;  ///< E |v_field(x, t) - v(x, t)|^2; its floor is 0
    /// E |v(x, t)|^2 of the exact field: next to nothing where marginals hardly move, as those of
    /// centred data of unit variance on a variance-preserving path near t = 1.
    double velocity = 0;
    double relative() const { return mean_square / velocity; }
};

/// With `draws` x. Both fields on the same path.
VelocityError velocity_error(const Field& field, const ExactField& exact, double t,
                             std::int64_t draws, torch::Generator generator);

}  // namespace driftglass
