#include "core/lab/pane_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/data/random.hpp"
#include "core/measure/density_grid.hpp"
#include "core/measure/tilted_density.hpp"
#include "core/sample/start_points.hpp"

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

std::vector<float> points_with(const PointSet& points, int label) {
    std::vector<float> found;
    for (std::size_t i = 0; i < points.labels.size(); ++i) {
        if (points.labels[i] != label) continue;
        found.push_back(points.x[2 * i]);
        found.push_back(points.x[2 * i + 1]);
    }
    return found;
}

/// q becomes q (joint / q)^scale, of unit mass.
void tilt_by(DensityGrid& q, const DensityGrid& joint, double scale) {
    constexpr double least = 1e-6;
    std::vector<double> tilted(q.values.size());
    double sum = 0;
    for (std::size_t i = 0; i < tilted.size(); ++i) {
        const auto all = static_cast<double>(q.values[i]);
        if (!(all > 0)) continue;
        const double share = std::clamp(static_cast<double>(joint.values[i]) / all, least, 1.0);
        tilted[i] = all * std::pow(share, scale);
        sum += tilted[i];
    }
    const double unit = sum > 0 ? 1 / (sum * cell_width(q) * cell_height(q)) : 0;
    for (std::size_t i = 0; i < tilted.size(); ++i)
        q.values[i] = static_cast<float>(tilted[i] * unit);
}

}  // namespace

std::optional<Tilt> tilt_of(const GuidanceSettings& guidance) {
    if (guidance.kind == GuidanceKind::none) return std::nullopt;
    return Tilt{guidance.label, guidance.kind == GuidanceKind::autoguidance ? 1 : guidance.scale};
}

std::shared_ptr<const DensityGrid> exact_density(const Setup& setup, const Schedule& schedule,
                                                 const Rect& world, int columns, int rows, double t,
                                                 std::optional<Tilt> tilt) {
    const Scene& scene = *setup.scene;
    if (setup.data->size() == 0 || !setup.has_score() || scene.dimension != 2 ||
        !(world.x_max > world.x_min) || !(world.y_max > world.y_min)) {
        return nullptr;
    }
    std::shared_ptr<DensityGrid> grid = empty_grid(world, columns, rows);
    grid->time = t;
    const Coefficients at = schedule.at(t);
    const std::vector<MixtureComponent> components =
        scene.data.strokes.empty() ? mixture_of(scene.data, 2) : std::vector<MixtureComponent>{};
    // A mixture of many components is cheaper, and as good, as the points drawn of it.
    const bool mixture = !components.empty() && components.size() <= 256;
    const auto add_mixture = [&](DensityGrid& to, const auto& wanted) {
        for (const MixtureComponent& c : components) {
            if (!wanted(c)) continue;
            add_gaussian(at.alpha * c.mean[0], at.alpha * c.mean[1],
                         std::hypot(at.alpha * c.std, at.sigma), c.weight, to);
        }
    };
    const auto of_points = [&](const std::vector<float>& x) {
        return density_on_grid(x, at.alpha, at.sigma, scene.exact.kernel_width, box_of(*grid));
    };
    if (mixture) {
        add_mixture(*grid, [](const MixtureComponent&) { return true; });
    } else {
        grid->values = of_points(setup.data->x);
    }
    if (tilt) {
        // q_t(c | x) = p(c) q_t(x | c) / q_t(x).
        std::shared_ptr<DensityGrid> joint = empty_grid(world, columns, rows);
        if (mixture) {
            add_mixture(*joint, [&](const MixtureComponent& c) { return c.label == tilt->label; });
        } else {
            const std::vector<float> of_class = points_with(*setup.data, tilt->label);
            if (of_class.empty()) return nullptr;
            const auto share =
                static_cast<float>(of_class.size()) / static_cast<float>(setup.data->x.size());
            joint->values = of_points(of_class);
            for (float& value : joint->values)
                value *= share;
        }
        tilt_by(*grid, *joint, tilt->scale);
    }
    static constexpr double shares[] = {0.35, 0.68, 0.95};
    grid->mass_levels = mass_levels(grid->values, shares);
    return grid;
}

torch::Tensor draw_tilted(const Setup& setup, Tilt tilt, std::int64_t count, std::uint64_t seed) {
    constexpr int cells = 256;
    const std::vector<float>& x = setup.data->x;
    if (setup.scene->dimension != 2 || x.empty()) return {};
    Rect box{x[0], x[1], x[0], x[1]};
    for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
        box.x_min = std::min(box.x_min, x[i]);
        box.x_max = std::max(box.x_max, x[i]);
        box.y_min = std::min(box.y_min, x[i + 1]);
        box.y_max = std::max(box.y_max, x[i + 1]);
    }
    // A tilt by a large w lies a little outside of the points of a mixture.
    const float margin = 0.15F * std::max({box.x_max - box.x_min, box.y_max - box.y_min, 1e-3F});
    box = {box.x_min - margin, box.y_min - margin, box.x_max + margin, box.y_max + margin};
    const std::shared_ptr<const DensityGrid> grid =
        exact_density(setup, *setup.schedule, box, cells, cells, 0, tilt);
    if (!grid) return {};
    TiltedDensity density;
    density.low = {static_cast<double>(box.x_min), static_cast<double>(box.y_min)};
    density.high = {static_cast<double>(box.x_max), static_cast<double>(box.y_max)};
    density.columns = density.rows = cells;
    density.values =
        torch::tensor(grid->values, torch::kFloat32).to(torch::kFloat64).view({cells, cells});
    return density.draw(count, make_generator(seed, "tilted"));
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
