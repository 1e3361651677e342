#include "core/measure/density_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <numeric>

namespace driftglass {
namespace {

constexpr double step_in_widths = 0.4;
constexpr double reach_in_widths = 5.5;  // a Gaussian's 1e-7 of its maximum

/// One axis: the nodes that points are shared out to, and for each cell's centre the nodes within
/// reach with their Gaussian weights, as many for every cell.
struct Axis {
    Axis(double low, double high, int cells, double step, double variance)
        : cell_count(static_cast<std::size_t>(cells)) {
        const double reach = reach_in_widths * std::sqrt(variance);
        first = low - reach - step;
        nodes = static_cast<std::size_t>((high - low + 2 * reach) / step) + 5;
        taps = static_cast<std::size_t>(2 * reach / step) + 1;
        for (std::size_t cell = 0; cell < cell_count; ++cell) {
            const double part = (static_cast<double>(cell) + 0.5) / cells;
            const double centre = low + (high - low) * part;
            const double begin = std::ceil((centre - reach - first) / step);
            starts.push_back(static_cast<std::size_t>(begin));
            for (std::size_t k = 0; k < taps; ++k) {
                const double off = centre - first - (begin + static_cast<double>(k)) * step;
                weights.push_back(std::exp(-0.5 * off * off / variance) /
                                  std::sqrt(2 * std::numbers::pi * variance));
            }
        }
    }

    double first = 0;
    std::size_t nodes = 0;
    std::size_t taps = 0;
    std::size_t cell_count;
    std::vector<std::size_t> starts;
    std::vector<double> weights;  ///< [cells, taps]
};

/// The quadratic spline's shares of a point for the nodes at -1, 0 and 1 from the nearest, `off` in
/// [-1/2, 1/2] from it.
std::array<double, 3> spline_shares(double off) {
    return {0.5 * (0.5 - off) * (0.5 - off), 0.75 - off * off, 0.5 * (0.5 + off) * (0.5 + off)};
}

}  // namespace

std::vector<float> density_on_grid(std::span<const float> points, double alpha, double sigma,
                                   double kernel_width, const GridBox& box) {
    const std::size_t columns = static_cast<std::size_t>(box.columns);
    const std::size_t rows = static_cast<std::size_t>(box.rows);
    std::vector<float> values(columns * rows, 0.0f);
    if (points.empty() || values.empty()) return values;
    const double cell =
        std::max((box.high[0] - box.low[0]) / box.columns, (box.high[1] - box.low[1]) / box.rows);
    const double width = std::max(std::hypot(sigma, alpha * kernel_width), cell / 2);
    const double step = step_in_widths * width;
    const double variance = width * width - step * step / 4;
    const Axis x(box.low[0], box.high[0], box.columns, step, variance);
    const Axis y(box.low[1], box.high[1], box.rows, step, variance);

    const std::size_t count = points.size() / 2;
    std::vector<double> mass(x.nodes * y.nodes, 0.0);
    for (std::size_t i = 0; i < count; ++i) {
        const double px = (alpha * points[2 * i] - x.first) / step;
        const double py = (alpha * points[2 * i + 1] - y.first) / step;
        const bool inside = px >= 1 && py >= 1 && px < static_cast<double>(x.nodes) - 2 &&
                            py < static_cast<double>(y.nodes) - 2;
        if (!inside) continue;
        const std::size_t column = static_cast<std::size_t>(px + 0.5);
        const std::size_t row = static_cast<std::size_t>(py + 0.5);
        const auto across = spline_shares(px - static_cast<double>(column));
        const auto up = spline_shares(py - static_cast<double>(row));
        for (std::size_t r = 0; r < 3; ++r) {
            double* nodes = &mass[(row + r - 1) * x.nodes + column - 1];
            for (std::size_t c = 0; c < 3; ++c)
                nodes[c] += up[r] * across[c];
        }
    }

    std::vector<double> blurred(y.nodes * columns);
    for (std::size_t row = 0; row < y.nodes; ++row) {
        for (std::size_t c = 0; c < columns; ++c) {
            const double* nodes = &mass[row * x.nodes + x.starts[c]];
            const double* weights = &x.weights[c * x.taps];
            blurred[row * columns + c] = std::inner_product(nodes, nodes + x.taps, weights, 0.0);
        }
    }
    std::vector<double> sums(columns);
    for (std::size_t r = 0; r < rows; ++r) {
        std::fill(sums.begin(), sums.end(), 0.0);
        for (std::size_t k = 0; k < y.taps; ++k) {
            const double weight = y.weights[r * y.taps + k];
            const double* row = &blurred[(y.starts[r] + k) * columns];
            for (std::size_t c = 0; c < columns; ++c)
                sums[c] += weight * row[c];
        }
        for (std::size_t c = 0; c < columns; ++c) {
            values[r * columns + c] = static_cast<float>(sums[c] / static_cast<double>(count));
        }
    }
    return values;
}

std::vector<float> mass_levels(std::span<const float> values, std::span<const double> shares) {
    std::vector<float> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const double total = std::accumulate(sorted.begin(), sorted.end(), 0.0);
    std::vector<float> levels;
    for (const double share : shares) {
        double sum = 0;
        float level = 0;
        for (const float value : sorted) {
            if (total <= 0 || sum >= share * total) break;
            sum += value;
            level = value;
        }
        levels.push_back(level);
    }
    return levels;
}

}  // namespace driftglass
