#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "app/layers/blend.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// A cubic B-spline on a uniform grid, its coefficients being values at the cells' centres
/// (repeated beyond the edge), at every pair of coordinates in units of cells: x from 0 at the
/// grid's left edge to `columns` at its right, y likewise. [y.size(), x.size()]; 0 outside the
/// grid. It blurs the grid by a standard deviation of 0.58 cells and has continuous curvature: no
/// cell shows.
std::vector<float> sample_b_spline(std::span<const float> values, int columns, int rows,
                                   std::span<const float> x, std::span<const float> y);

/// What a grid's values are divided by to give m, 0 to 1: the level above which 1 % of the mass
/// lies, so that one spike does not darken all the rest. 0 where nothing is positive and finite.
float density_scale(const DensityGrid& grid);

/// A density grid as it is shown: m = q / scale, eased from the one before.
class DensityField {
public:
    /// Takes the grid (null: nothing is shown). Eases where the new one has the same shape and
    /// place.
    void aim(std::shared_ptr<const DensityGrid> grid, double now, bool ease);
    void advance(double now);

    bool empty() const { return grid_ == nullptr; }
    bool moving() const { return values_.moving(); }
    /// Grows with every change of what is shown.
    std::int64_t version() const { return version_; }

    const Rect& world() const { return grid_->world; }
    int columns() const { return grid_->columns; }
    int rows() const { return grid_->rows; }
    /// m, [rows, columns].
    std::span<const float> values() const { return values_.shown(); }
    /// The grid's mass levels in units of m.
    std::span<const float> levels() const { return levels_.shown(); }

private:
    std::shared_ptr<const DensityGrid> grid_;
    Blend values_;
    Blend levels_;
    std::int64_t version_ = 0;
};

}  // namespace driftglass
