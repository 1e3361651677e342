#pragma once

#include <cstdint>

#include "core/field/exact_field.hpp"

namespace driftglass {

/// E |v_field(x, t) - v(x, t)|^2 / E |v(x, t)|^2 over `draws` x ~ q_t of the exact field, no
/// labels; its floor is 0. Both on the same path.
double relative_velocity_error(const Field& field, const ExactField& exact, double t,
                               std::int64_t draws, torch::Generator generator);

}  // namespace driftglass
