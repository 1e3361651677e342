#pragma once

#include <vector>

#include "core/data/random.hpp"

namespace driftglass::testing {

/// n points [n, dimension] of N(mean, scale^2 I).
inline std::vector<float> normals(int n, int dimension, Random& random, double scale = 1,
                                  double mean = 0) {
    std::vector<float> points(static_cast<std::size_t>(n * dimension));
    for (float& x : points)
        x = static_cast<float>(mean + scale * random.normal());
    return points;
}

}  // namespace driftglass::testing
