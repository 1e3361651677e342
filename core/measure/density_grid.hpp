#pragma once

#include <array>
#include <span>
#include <vector>

namespace driftglass {

/// Where a grid lies; values belong to the centres of its cells, row 0 at low[1].
struct GridBox {
    std::array<double, 2> low{-3, -3};
    std::array<double, 2> high{3, 3};
    int columns = 160;
    int rows = 160;
};

/// The density of alpha x + sqrt(sigma^2 + alpha^2 h^2) z, x uniform among the points and z ~ N(0,
/// I): q_t of finite data with kernel width h. Points [n, 2]; values [rows, columns], 1 / area.
///
/// Each point is shared out to a grid 0.4 widths apart by the quadratic spline, which adds the same
/// variance wherever the point lies; that much less is then blurred, along one axis after the
/// other. Within 0.3 % of the maximum of the direct sum. A width below half a cell is raised to
/// that, as the grid could not show it. Time O(n + cells), whatever the width.
std::vector<float> density_on_grid(std::span<const float> points, double alpha, double sigma,
                                   double kernel_width, const GridBox& box);

/// For each share of the grid's mass the level whose super-level set holds it (ascending shares
/// give descending levels); 0 for a grid of zeros.
std::vector<float> mass_levels(std::span<const float> values, std::span<const double> shares);

}  // namespace driftglass
