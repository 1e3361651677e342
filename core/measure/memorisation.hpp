#pragma once

#include <span>

namespace driftglass {

/// The fraction of samples [n, D] whose nearest training point [m, D] is nearer than a third of the
/// distance to the second nearest (Yoon et al. 2023): copies of a point, not of the law. D = 1
/// or 2. Training points that are equal count as one. Of points that know nothing of the training
/// set it is 3^-D where the law's density is smooth, and 1 of the training points themselves. NaN
/// with fewer than two different points or n = 0. Time O(n m): 2,000 samples among 100,000 points
/// in a tenth of a second. Memory O(m).
double memorised_fraction(std::span<const float> samples, std::span<const float> training,
                          int dimension);

}  // namespace driftglass
