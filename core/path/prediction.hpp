#pragma once

#include <span>

#include "core/names.hpp"

namespace driftglass {

/// What a network predicts; at a fixed (x, t) all are affine in each other
/// (Gaussian source).
enum class Prediction { velocity, noise, data, score, salimans_ho };

inline std::span<const Choice<Prediction>> choices(Prediction) {
    using enum Prediction;
    static constexpr Choice<Prediction> all[] = {{velocity, "velocity"},
                                                 {noise, "noise"},
                                                 {data, "data"},
                                                 {score, "score"},
                                                 {salimans_ho, "salimans-ho"}};
    return all;
}

}  // namespace driftglass
