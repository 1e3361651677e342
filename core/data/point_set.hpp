#pragma once

#include <cstdint>
#include <vector>

namespace driftglass {

/// What is read, drawn or painted: so many points, none further out, labels -1 (none) to this.
inline constexpr std::int64_t most_points = 1'000'000;
inline constexpr double largest_coordinate = 1e6;
inline constexpr int largest_label = 999;

/// N points in D dimensions with optional labels; plain numbers.
struct PointSet {
    int dimension = 2;        ///< D, 1 or 2
    std::vector<float> x;     ///< [N, D], row by row
    std::vector<int> labels;  ///< [N], -1 = none; or empty: no point has a label

    std::int64_t size() const { return static_cast<std::int64_t>(x.size()) / dimension; }
    bool operator==(const PointSet&) const = default;
};

}  // namespace driftglass
