#pragma once

#include <array>

#include "core/field/exact_field.hpp"

namespace driftglass {

/// A density on a grid of cell centres: what guidance with scale w pretends to sample.
struct TiltedDensity {
    std::array<double, 2> low{}, high{};  ///< the box (dimension 1: only [0])
    int columns = 0;
    int rows = 0;          ///< 1 in dimension 1
    torch::Tensor values;  ///< float64 [rows, columns], row 0 lowest; sum x cell = 1

    torch::Tensor mean() const;      ///< [D]
    torch::Tensor variance() const;  ///< [D], along each axis
    /// [count, D] float32: cells by their mass, uniform within a cell.
    torch::Tensor draw(std::int64_t count, torch::Generator generator) const;
};

/// q_t(x) q_t(c | x)^w / Z with w = `scale`, on a box; w = 0 is q_t, w = 1 is q_t(x | c). Finite
/// data of width 0 have no density at t = 0: take a t above, or a kernel width.
TiltedDensity tilted_density(const ExactField& field, int label, double scale, double t,
                             std::array<double, 2> low, std::array<double, 2> high, int columns,
                             int rows);

}  // namespace driftglass
