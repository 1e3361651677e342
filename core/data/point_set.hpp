#pragma once

#include <cstdint>
#include <vector>

namespace driftglass {

/// N points in D dimensions with optional labels; plain numbers.
struct PointSet {
    int dimension = 2;        ///< D, 1 or 2
    std::vector<float> x;     ///< [N, D], row by row
    std::vector<int> labels;  ///< [N], -1 = none; or empty: no point has a label

    std::int64_t size() const { return static_cast<std::int64_t>(x.size()) / dimension; }
    bool operator==(const PointSet&) const = default;
};

}  // namespace driftglass
