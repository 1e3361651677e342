#pragma once

#include <cstdint>
#include <span>

#include "core/data/distribution.hpp"

namespace driftglass {

// Distances between two sets of n points [n, D], D = 1 or 2, each in its own file. None holds an n
// x n matrix: memory is O(n). Two empty sets are at distance 0. Each throws Error where the sizes
// differ.

/// Wasserstein-2: root mean square distance of the best pairing, exact (assignment.hpp). For
/// n = 2,000 some 0.1 s.
double w2(std::span<const float> a, std::span<const float> b, int dimension);

/// sqrt of the mean over directions of the squared 1-D W2 of the projections (Bonneel et al. 2015),
/// over `directions` evenly spaced in the half-circle: no randomness. D = 1: W2.
double sliced_w2(std::span<const float> a, std::span<const float> b, int dimension,
                 int directions = 64);

/// 2 E|X - Y| - E|X - X'| - E|Y - Y'| (Szekely and Rizzo 2013) with unbiased means over pairs of
/// different points, so it may fall a little below 0. O(n^2) time. 0 for n < 2.
double energy_distance(std::span<const float> a, std::span<const float> b, int dimension);

/// Squared maximum mean discrepancy, unbiased (Gretton et al. 2012, eq. 3), kernel
/// exp(-|x - y|^2 / (2 h^2)) with h the median distance between the points of both sets together
/// (over at most 1,000 of them, evenly taken). O(n^2) time. 0 for n < 2 or where all points are
/// equal.
double mmd(std::span<const float> a, std::span<const float> b, int dimension);

/// Mean and standard deviation over the repeats of an estimate.
struct Floor {
    double mean = 0;
    double deviation = 0;
    int draws = 0;
};

/// The W2 of two fresh draws of n points of the law: what no sample of it can be expected to go
/// below. Averaged over `draws` pairs.
Floor w2_floor(const Distribution& law, std::int64_t n, int draws, Random& random);

}  // namespace driftglass
