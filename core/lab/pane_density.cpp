#include "core/lab/pane_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/measure/density_grid.hpp"

namespace driftglass {
namespace {

double cell_width(const DensityGrid& grid) {
    return (static_cast<double>(grid.world.x_max) - static_cast<double>(grid.world.x_min)) /
           grid.columns;
}
double cell_height(const DensityGrid& grid) {
    return (static_cast<double>(grid.world.y_max) - static_cast<double>(grid.world.y_min)) /
           grid.rows;
}

GridBox box_of(const DensityGrid& grid) {
    const Rect& world = grid.world;
    return {{static_cast<double>(world.x_min), static_cast<double>(world.y_min)},
            {static_cast<double>(world.x_max), static_cast<double>(world.y_max)},
            grid.columns,
            grid.rows};
}

/// weight * N(mean, sd^2 I), its value at each cell's centre.
void add_gaussian(double mean_x, double mean_y, double sd, double weight, DensityGrid& grid) {
    sd = std::max(sd, 0.8 * std::min(cell_width(grid), cell_height(grid)));
    std::vector<double> across(static_cast<std::size_t>(grid.columns));
    for (int column = 0; column < grid.columns; ++column) {
        const double x =
            static_cast<double>(grid.world.x_min) + (column + 0.5) * cell_width(grid) - mean_x;
        across[static_cast<std::size_t>(column)] = std::exp(-0.5 * x * x / (sd * sd));
    }
    const double peak = weight / (2 * std::numbers::pi * sd * sd);
    float* out = grid.values.data();
    for (int row = 0; row < grid.rows; ++row) {
        const double y =
            static_cast<double>(grid.world.y_min) + (row + 0.5) * cell_height(grid) - mean_y;
        const double here = peak * std::exp(-0.5 * y * y / (sd * sd));
        for (const double value : across)
            *out++ += static_cast<float>(here * value);
    }
}

std::shared_ptr<DensityGrid> empty_grid(const Rect& world, int columns, int rows) {
    auto grid = std::make_shared<DensityGrid>();
    grid->world = world;
    grid->columns = columns;
    grid->rows = rows;
    grid->values.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0.0F);
    return grid;
}

}  // namespace

std::shared_ptr<const DensityGrid> exact_density(const Setup& setup, const Schedule& schedule,
                                                 const Rect& world, int columns, int rows,
                                                 double t) {
    const Scene& scene = *setup.scene;
    if (setup.data->size() == 0 || !setup.has_score() || scene.dimension != 2 ||
        !(world.x_max > world.x_min) || !(world.y_max > world.y_min)) {
        return nullptr;
    }
    std::shared_ptr<DensityGrid> grid = empty_grid(world, columns, rows);
    const Coefficients at = schedule.at(t);
    const std::vector<MixtureComponent> components =
        scene.data.strokes.empty() ? mixture_of(scene.data, 2) : std::vector<MixtureComponent>{};
    // A mixture of many components is cheaper, and as good, as the points drawn of it.
    if (!components.empty() && components.size() <= 256) {
        for (const MixtureComponent& c : components) {
            add_gaussian(at.alpha * c.mean[0], at.alpha * c.mean[1],
                         std::hypot(at.alpha * c.std, at.sigma), c.weight, *grid);
        }
    } else {
        grid->values = density_on_grid(setup.data->x, at.alpha, at.sigma, scene.exact.kernel_width,
                                       box_of(*grid));
    }
    static constexpr double shares[] = {0.35, 0.68, 0.95};
    grid->mass_levels = mass_levels(grid->values, shares);
    return grid;
}

std::shared_ptr<const DensityGrid> sample_density(const std::vector<float>& positions,
                                                  const Rect& world, int columns, int rows) {
    std::vector<float> finite;
    double sum[2] = {};
    double squares[2] = {};
    for (std::size_t i = 0; i + 1 < positions.size(); i += 2) {
        if (!std::isfinite(positions[i]) || !std::isfinite(positions[i + 1])) continue;
        for (std::size_t k = 0; k < 2; ++k) {
            const auto x = static_cast<double>(positions[i + k]);
            finite.push_back(positions[i + k]);
            sum[k] += x;
            squares[k] += x * x;
        }
    }
    std::shared_ptr<DensityGrid> grid = empty_grid(world, columns, rows);
    const auto n = static_cast<double>(finite.size() / 2);
    if (n == 0) return grid;
    double variance = 0;
    for (std::size_t k = 0; k < 2; ++k) {
        variance += std::max(0.0, squares[k] / n - sum[k] * sum[k] / (n * n)) / 2;
    }
    grid->values = density_on_grid(finite, 1, std::sqrt(variance) * std::pow(n, -1.0 / 6) / 3, 0,
                                   box_of(*grid));
    return grid;
}

}  // namespace driftglass
