#include "core/lab/pane_density.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/data/random.hpp"
#include "core/lab/space_time.hpp"
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

/// Points alone have no density, and at small noise a picture of q_t would be one of single points:
/// their width is twice their distance from each other, as the cells that they lie in tell, and at
/// most two cells.
double least_width(const std::vector<float>& points, double alpha, const DensityGrid& grid) {
    std::vector<bool> taken(grid.values.size());
    std::int64_t inside = 0;
    for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
        const double column =
            (alpha * static_cast<double>(points[i]) - static_cast<double>(grid.world.x_min)) /
            cell_width(grid);
        const double row =
            (alpha * static_cast<double>(points[i + 1]) - static_cast<double>(grid.world.y_min)) /
            cell_height(grid);
        if (!(column >= 0 && column < grid.columns && row >= 0 && row < grid.rows)) continue;
        ++inside;
        taken[static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.columns) +
              static_cast<std::size_t>(column)] = true;
    }
    if (inside == 0) return 0;
    const auto cells = static_cast<double>(std::count(taken.begin(), taken.end(), true));
    return 2 *
           std::sqrt(cell_width(grid) * cell_height(grid) * cells / static_cast<double>(inside));
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

/// joint / q, between 1e-6 and 1; 0 where q is.
std::vector<float> shares(const std::vector<float>& q, const std::vector<float>& joint) {
    constexpr float least = 1e-6F;
    std::vector<float> share(q.size());
    for (std::size_t i = 0; i < q.size(); ++i)
        if (q[i] > 0) share[i] = std::clamp(joint[i] / q[i], least, 1.0F);
    return share;
}

/// q share^scale, of unit mass on cells of size `cell`.
std::vector<float> tilted(const std::vector<float>& q, const std::vector<float>& share,
                          double scale, double cell) {
    std::vector<double> values(q.size());
    double sum = 0;
    for (std::size_t i = 0; i < q.size(); ++i) {
        if (!(q[i] > 0)) continue;
        values[i] = static_cast<double>(q[i]) * std::pow(static_cast<double>(share[i]), scale);
        sum += values[i];
    }
    const double unit = sum > 0 ? 1 / (sum * cell) : 0;
    std::vector<float> result(q.size());
    for (std::size_t i = 0; i < q.size(); ++i)
        result[i] = static_cast<float>(values[i] * unit);
    return result;
}

/// A mixture of many components is cheaper, and as good, as the points drawn of it.
std::vector<MixtureComponent> few_components(const Scene& scene) {
    if (!scene.data.strokes.empty()) return {};
    std::vector<MixtureComponent> components = mixture_of(scene.data, scene.dimension);
    if (components.size() > 256) components.clear();
    return components;
}

/// q_t of one dimension on a line of cells, and the part of it with a label.
class LineDensity {
public:
    /// `shown`: in a picture, where points alone are no density.
    LineDensity(const Setup& setup, double low, double high, int columns, bool shown)
        : components_(few_components(*setup.scene)),
          kernel_width_(setup.scene->exact.kernel_width),
          low_(low),
          cell_((high - low) / columns),
          columns_(columns),
          shown_(shown) {
        if (components_.empty()) data_ = setup.data;
    }

    double cell() const { return cell_; }

    /// Of all points, or of those with a label times their share.
    std::vector<float> at(const Coefficients& at, std::optional<int> label = {}) const {
        const auto wanted = [&](int of) { return !label || of == *label; };
        std::vector<float> values(static_cast<std::size_t>(columns_));
        for (const MixtureComponent& c : components_) {
            if (!wanted(c.label)) continue;
            const double sd = std::max(std::hypot(at.alpha * c.std, at.sigma), 0.8 * cell_);
            for (int i = 0; i < columns_; ++i) {
                const double off = (low_ + (i + 0.5) * cell_ - at.alpha * c.mean[0]) / sd;
                values[static_cast<std::size_t>(i)] += static_cast<float>(
                    c.weight * std::exp(-0.5 * off * off) / (sd * std::sqrt(2 * std::numbers::pi)));
            }
        }
        if (!components_.empty()) return values;
        const std::vector<float>& all = data_->x;
        std::vector<float> labelled;
        for (std::size_t i = 0; label && i < all.size(); ++i)
            if (i < data_->labels.size() && wanted(data_->labels[i])) labelled.push_back(all[i]);
        const std::vector<float>& x = label ? labelled : all;
        if (x.empty()) return values;
        const double width =
            std::max(std::hypot(at.sigma, at.alpha * kernel_width_),
                     shown_ ? least_line_width(all, at.alpha, low_, cell_, columns_) : 0);
        values = on_line(x, at.alpha, width, low_, cell_, columns_);
        const float share = static_cast<float>(x.size()) / static_cast<float>(all.size());
        for (float& value : values)
            value *= share;
        return values;
    }

    /// density_on_grid along a line: on a row of the plane that goes through all points.
    static std::vector<float> on_line(const std::vector<float>& x, double alpha, double width,
                                      double low, double cell, int columns) {
        std::vector<float> lifted;
        lifted.reserve(2 * x.size());
        for (const float place : x)
            lifted.insert(lifted.end(), {place, 0.0F});
        const GridBox row{{low, -cell / 2}, {low + columns * cell, cell / 2}, columns, 1};
        std::vector<float> values = density_on_grid(lifted, alpha, width, 0, row);
        for (float& value : values)
            value *=
                static_cast<float>(std::max(width, cell / 2) * std::sqrt(2 * std::numbers::pi));
        return values;
    }

    /// Of a density of points: n^(-1/5) of a tenth of the length that they fill, in whole cells,
    /// and no less than the cells can show.
    static double least_line_width(const std::vector<float>& x, double alpha, double low,
                                   double cell, int columns) {
        std::vector<bool> taken(static_cast<std::size_t>(columns));
        for (const float place : x) {
            const double at = (alpha * static_cast<double>(place) - low) / cell;
            if (at >= 0 && at < columns) taken[static_cast<std::size_t>(at)] = true;
        }
        const auto filled = static_cast<double>(std::count(taken.begin(), taken.end(), true));
        const double width = 0.1 * filled * std::pow(static_cast<double>(x.size()), -1.0 / 5);
        return cell * std::max(width, 0.8);
    }

private:
    std::vector<MixtureComponent> components_;
    std::shared_ptr<const PointSet> data_;  ///< where there are no components
    double kernel_width_, low_, cell_;
    int columns_;
    bool shown_;
};

bool has_label(const Setup& setup, int label) {
    const std::vector<int>& labels = setup.data->labels;
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

bool has_closed_form(const Setup& setup) {
    return setup.data->size() > 0 && setup.has_score();
}

std::shared_ptr<const DensityGrid> space_time_density(const Setup& setup, const Schedule& schedule,
                                                      const Rect& world, int columns, int rows,
                                                      std::optional<Tilt> tilt) {
    if (tilt && !has_label(setup, tilt->label)) return nullptr;
    std::shared_ptr<DensityGrid> grid = empty_grid(world, columns, rows);
    const LineDensity line(setup, static_cast<double>(world.y_min),
                           static_cast<double>(world.y_max), rows, true);
    for (int column = 0; column < columns; ++column) {
        const double t =
            time_at(static_cast<double>(world.x_min) + (column + 0.5) * cell_width(*grid));
        if (t < 0 || t > 1) continue;
        const Coefficients at = schedule.at(t);
        std::vector<float> q = line.at(at);
        if (tilt) q = tilted(q, shares(q, line.at(at, tilt->label)), tilt->scale, line.cell());
        const float most = *std::max_element(q.begin(), q.end());
        for (int row = 0; most > 0 && row < rows; ++row) {
            grid->values[static_cast<std::size_t>(row * columns + column)] =
                q[static_cast<std::size_t>(row)] / most;
        }
    }
    return grid;
}

/// exact_density in the plane, null where there is none; `shown` as of LineDensity.
std::shared_ptr<DensityGrid> plane_density(const Setup& setup, const Schedule& schedule,
                                           const Rect& world, int columns, int rows, double t,
                                           std::optional<Tilt> tilt, bool shown) {
    const Scene& scene = *setup.scene;
    std::shared_ptr<DensityGrid> grid = empty_grid(world, columns, rows);
    grid->time = t;
    const Coefficients at = schedule.at(t);
    const std::vector<MixtureComponent> components = few_components(scene);
    const bool mixture = !components.empty();
    const auto add_mixture = [&](DensityGrid& to, const auto& wanted) {
        for (const MixtureComponent& c : components) {
            if (!wanted(c)) continue;
            add_gaussian(at.alpha * c.mean[0], at.alpha * c.mean[1],
                         std::hypot(at.alpha * c.std, at.sigma), c.weight, to);
        }
    };
    const double width =
        std::max(std::hypot(at.sigma, at.alpha * scene.exact.kernel_width),
                 !shown || mixture ? 0 : least_width(setup.data->x, at.alpha, *grid));
    const auto of_points = [&](const std::vector<float>& x) {
        return density_on_grid(x, at.alpha, width, 0, box_of(*grid));
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
        grid->values = tilted(grid->values, shares(grid->values, joint->values), tilt->scale,
                              cell_width(*grid) * cell_height(*grid));
    }
    return grid;
}

/// exact_profile, null where there is none; `shown` as of LineDensity.
std::shared_ptr<Profile> line_profile(const Setup& setup, const Schedule& schedule, float low,
                                      float high, int columns, double t, std::optional<Tilt> tilt,
                                      bool shown) {
    if (!has_closed_form(setup) || setup.scene->dimension != 1 || !(high > low) || columns < 1 ||
        (tilt && !has_label(setup, tilt->label))) {
        return nullptr;
    }
    auto profile = std::make_shared<Profile>();
    profile->time = t;
    profile->low = low;
    profile->high = high;
    const LineDensity line(setup, static_cast<double>(low), static_cast<double>(high), columns,
                           shown);
    const Coefficients at = schedule.at(t);
    profile->density = line.at(at);
    if (tilt) {
        profile->share = shares(profile->density, line.at(at, tilt->label));
        profile->tilted = tilted(profile->density, profile->share, tilt->scale, line.cell());
    }
    return profile;
}

}  // namespace

std::optional<Tilt> tilt_of(const GuidanceSettings& guidance) {
    if (guidance.kind == GuidanceKind::none) return std::nullopt;
    return Tilt{guidance.label, guidance.kind == GuidanceKind::autoguidance ? 1 : guidance.scale};
}

std::shared_ptr<const DensityGrid> exact_density(const Setup& setup, const Schedule& schedule,
                                                 const Rect& world, int columns, int rows, double t,
                                                 std::optional<Tilt> tilt) {
    if (!has_closed_form(setup) || !(world.x_max > world.x_min) || !(world.y_max > world.y_min)) {
        return nullptr;
    }
    if (setup.scene->dimension == 1)
        return space_time_density(setup, schedule, world, columns, rows, tilt);
    const std::shared_ptr<DensityGrid> grid =
        plane_density(setup, schedule, world, columns, rows, t, tilt, true);
    static constexpr double masses[] = {0.35, 0.68, 0.95};
    if (grid) grid->mass_levels = mass_levels(grid->values, masses);
    return grid;
}

std::shared_ptr<Profile> exact_profile(const Setup& setup, const Schedule& schedule, float low,
                                       float high, int columns, double t,
                                       std::optional<Tilt> tilt) {
    return line_profile(setup, schedule, low, high, columns, t, tilt, true);
}

torch::Tensor draw_tilted(const Setup& setup, Tilt tilt, std::int64_t count, std::uint64_t seed) {
    constexpr int cells = 256;
    const std::vector<float>& x = setup.data->x;
    if (x.empty() || !has_closed_form(setup)) return {};
    if (setup.scene->dimension == 1) {
        constexpr int fine = 4096;
        const auto [least, most] = std::minmax_element(x.begin(), x.end());
        const float margin = 0.15F * std::max(*most - *least, 1e-3F);
        const std::shared_ptr<const Profile> profile = line_profile(
            setup, *setup.schedule, *least - margin, *most + margin, fine, 0, tilt, false);
        if (!profile) return {};
        TiltedDensity density;
        density.low[0] = static_cast<double>(profile->low);
        density.high[0] = static_cast<double>(profile->high);
        density.columns = fine;
        density.rows = 1;
        density.values =
            torch::tensor(profile->tilted, torch::kFloat32).to(torch::kFloat64).view({1, fine});
        return density.draw(count, make_generator(seed, "tilted"));
    }
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
        plane_density(setup, *setup.schedule, box, cells, cells, 0, tilt, false);
    if (!grid) return {};
    TiltedDensity density;
    density.low = {static_cast<double>(box.x_min), static_cast<double>(box.y_min)};
    density.high = {static_cast<double>(box.x_max), static_cast<double>(box.y_max)};
    density.columns = density.rows = cells;
    density.values =
        torch::tensor(grid->values, torch::kFloat32).to(torch::kFloat64).view({cells, cells});
    return density.draw(count, make_generator(seed, "tilted"));
}

std::shared_ptr<const DensityGrid> sample_density(const std::vector<float>& positions, double t,
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
    grid->time = t;
    const auto n = static_cast<double>(finite.size() / 2);
    if (n == 0) return grid;
    double variance = 0;
    for (std::size_t k = 0; k < 2; ++k) {
        variance += std::max(0.0, squares[k] / n - sum[k] * sum[k] / (n * n)) / 2;
    }
    // Modes are narrower than their spread together, until the noise has covered them.
    const double narrower = std::lerp(1.0 / 3, 1.0, t * t);
    grid->values = density_on_grid(
        finite, 1, narrower * std::sqrt(variance) * std::pow(n, -1.0 / 6), 0, box_of(*grid));
    return grid;
}

std::vector<float> sample_profile(const std::vector<float>& positions, float low, float high,
                                  int columns) {
    std::vector<float> finite;
    for (std::size_t i = 1; i < positions.size(); i += 2)
        if (std::isfinite(positions[i])) finite.push_back(positions[i]);
    if (finite.empty() || !(high > low) || columns < 1) return {};
    const auto from = static_cast<double>(low);
    const double cell = (static_cast<double>(high) - from) / columns;
    const double width = LineDensity::least_line_width(finite, 1, from, cell, columns);
    return LineDensity::on_line(finite, 1, width, from, cell, columns);
}

}  // namespace driftglass
