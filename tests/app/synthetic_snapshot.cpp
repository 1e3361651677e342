#include "tests/app/synthetic_snapshot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>

#include "core/lab/space_time.hpp"

namespace driftglass::tests {

namespace {

using Vec = std::array<double, 2>;

constexpr double spread = 0.085;  // of each component
constexpr double t_min = 0.001;

struct Component {
    Vec mean;
    int label;
};

std::vector<Component> drawing() {
    std::vector<Component> all;
    const int turns = 46;
    for (int i = 0; i < turns; ++i) {
        const double s = std::sqrt((i + 0.5) / turns);
        const double angle = 0.6 + 1.75 * 2 * std::numbers::pi * s;
        const double radius = 0.08 + 0.92 * s;
        all.push_back({{-0.75 + radius * std::cos(angle), 0.65 + radius * std::sin(angle)}, 0});
    }
    for (int i = 0; i < 26; ++i) {
        const double angle = std::numbers::pi * (1.08 + 0.84 * (i + 0.5) / 26);
        all.push_back({{1.0 + 0.85 * std::cos(angle), -0.65 + 0.85 * std::sin(angle)}, 1});
    }
    for (int i = 0; i < 4; ++i) {
        const double y = 0.02 + 0.07 * i;
        all.push_back({{0.78, y - 0.05}, 1});
        all.push_back({{1.38, y}, 1});
    }
    return all;
}

struct Moment {
    double density;   ///< q_t(x)
    Vec data, noise;  ///< posterior means
    double share;     ///< q_t(label 1 | x)
};

/// Of the path x_t = (1 - t) x0 + t x1.
Moment posterior(const std::vector<Component>& mixture, Vec x, double t) {
    const double alpha = 1 - t;
    const double variance = alpha * alpha * spread * spread + t * t;
    double total = 0, labelled = 0;
    Vec data{};
    double nearest = 1e300;
    for (const Component& c : mixture) {
        const double dx = x[0] - alpha * c.mean[0], dy = x[1] - alpha * c.mean[1];
        nearest = std::min(nearest, dx * dx + dy * dy);
    }
    for (const Component& c : mixture) {
        const double dx = x[0] - alpha * c.mean[0], dy = x[1] - alpha * c.mean[1];
        const double p = std::exp(-0.5 * (dx * dx + dy * dy - nearest) / variance);
        total += p;
        if (c.label == 1) labelled += p;
        const double gain = alpha * spread * spread / variance;
        data[0] += p * (c.mean[0] + gain * dx);
        data[1] += p * (c.mean[1] + gain * dy);
    }
    data = {data[0] / total, data[1] / total};
    const double density = total * std::exp(-0.5 * nearest / variance) /
                           (2 * std::numbers::pi * variance * static_cast<double>(mixture.size()));
    return {density,
            data,
            {(x[0] - alpha * data[0]) / t, (x[1] - alpha * data[1]) / t},
            labelled / total};
}

Vec velocity(const std::vector<Component>& mixture, Vec x, double t) {
    const Moment m = posterior(mixture, x, t);
    return {m.noise[0] - m.data[0], m.noise[1] - m.data[1]};
}

/// Standard normal numbers that are the same with every standard library.
class Normal {
public:
    explicit Normal(unsigned seed) : engine_(seed) {}
    double operator()() {
        const double u = (engine_() + 1.0) / 4294967297.0;
        const double v = engine_() / 4294967296.0;
        return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
    }

private:
    std::mt19937 engine_;
};

std::shared_ptr<Trajectories> sample(const std::vector<Component>& mixture, int count, int steps,
                                     double noise) {
    auto table = std::make_shared<Trajectories>();
    table->count = count;
    table->nfe = noise > 0 ? steps : 2 * steps;
    for (int k = 0; k <= steps; ++k)
        table->times.push_back(1 + (t_min - 1) * k / steps);
    table->positions.resize(static_cast<std::size_t>(steps + 1) * count * 2);
    Normal start(1), kick(2);
    for (int i = 0; i < count; ++i) {
        Vec x{start(), start()};
        for (int k = 0; k <= steps; ++k) {
            const std::size_t at = (static_cast<std::size_t>(k) * count + i) * 2;
            table->positions[at] = static_cast<float>(x[0]);
            table->positions[at + 1] = static_cast<float>(x[1]);
            if (k == steps) break;
            const double t = table->times[k], h = t - table->times[k + 1];
            if (noise > 0) {
                // g^2 = 2 t / (1 - t) on this path; capped where it diverges.
                const double u2 = noise * noise * std::min(2 * t / std::max(1 - t, 1e-9), 1 / h);
                const Moment m = posterior(mixture, x, t);
                for (int d = 0; d < 2; ++d) {
                    const double v = m.noise[d] - m.data[d];
                    x[d] += h * (-v - 0.5 * u2 * m.noise[d] / t) + std::sqrt(u2 * h) * kick();
                }
            } else {
                const Vec v = velocity(mixture, x, t);
                const Vec w = velocity(mixture, {x[0] - h * v[0], x[1] - h * v[1]}, t - h);
                x = {x[0] - h * (v[0] + w[0]) / 2, x[1] - h * (v[1] + w[1]) / 2};
            }
        }
    }
    return table;
}

std::shared_ptr<DensityGrid> exact_density(const std::vector<Component>& mixture,
                                           const SyntheticOptions& options) {
    auto grid = std::make_shared<DensityGrid>();
    grid->world = options.world;
    grid->columns = options.density_cells;
    const double cell = (options.world.x_max - options.world.x_min) / grid->columns;
    grid->rows = static_cast<int>(std::lround((options.world.y_max - options.world.y_min) / cell));
    for (int j = 0; j < grid->rows; ++j) {
        for (int i = 0; i < grid->columns; ++i) {
            const Vec x{options.world.x_min + (i + 0.5) * cell,
                        options.world.y_min + (j + 0.5) * cell};
            const Moment m = posterior(mixture, x, std::max(options.time, t_min));
            grid->values.push_back(static_cast<float>(m.density * std::pow(m.share, options.tilt)));
        }
    }
    std::vector<float> sorted = grid->values;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    const double total = std::accumulate(sorted.begin(), sorted.end(), 0.0);
    for (const double share : {0.35, 0.68, 0.95}) {
        double sum = 0;
        std::size_t k = 0;
        while (k + 1 < sorted.size() && sum < share * total)
            sum += sorted[k++];
        grid->mass_levels.push_back(sorted[k]);
    }
    return grid;
}

std::shared_ptr<DensityGrid> density_of(const Trajectories& table, const DensityGrid& like,
                                        double time) {
    auto grid = std::make_shared<DensityGrid>(like);
    grid->mass_levels.clear();
    std::fill(grid->values.begin(), grid->values.end(), 0.0f);
    std::size_t row = 0;
    while (row + 1 < table.times.size() && table.times[row] > time)
        ++row;
    const double width = 0.1;
    for (std::int64_t p = 0; p < table.count; ++p) {
        const float* x = &table.positions[(row * table.count + p) * 2];
        for (int j = 0; j < grid->rows; ++j) {
            const double y =
                like.world.y_min + (j + 0.5) * (like.world.y_max - like.world.y_min) / like.rows;
            if (std::abs(y - x[1]) > 4 * width) continue;
            for (int i = 0; i < grid->columns; ++i) {
                const double at = like.world.x_min +
                                  (i + 0.5) * (like.world.x_max - like.world.x_min) / like.columns;
                const double r2 = (at - x[0]) * (at - x[0]) + (y - x[1]) * (y - x[1]);
                if (r2 > 16 * width * width) continue;
                grid->values[static_cast<std::size_t>(j) * grid->columns + i] += static_cast<float>(
                    std::exp(-0.5 * r2 / (width * width)) /
                    (2 * std::numbers::pi * width * width * static_cast<double>(table.count)));
            }
        }
    }
    return grid;
}

std::shared_ptr<ArrowGrid> arrows(const std::vector<Component>& mixture,
                                  const SyntheticOptions& options) {
    auto grid = std::make_shared<ArrowGrid>();
    grid->world = options.world;
    grid->columns = options.arrow_cells;
    const double cell = (options.world.x_max - options.world.x_min) / grid->columns;
    grid->rows = static_cast<int>(std::lround((options.world.y_max - options.world.y_min) / cell));
    const double t = std::max(options.time, 0.01);
    for (int j = 0; j < grid->rows; ++j) {
        for (int i = 0; i < grid->columns; ++i) {
            const Vec x{options.world.x_min + (i + 0.5) * cell,
                        options.world.y_min + (j + 0.5) * cell};
            const Vec v = velocity(mixture, x, t);
            grid->velocity.push_back(static_cast<float>(v[0]));
            grid->velocity.push_back(static_cast<float>(v[1]));
            grid->weight.push_back(static_cast<float>(posterior(mixture, x, t).density));
        }
    }
    const float most = *std::max_element(grid->weight.begin(), grid->weight.end());
    for (float& w : grid->weight)
        w /= most;
    return grid;
}

}  // namespace

std::shared_ptr<const Snapshot> synthetic_snapshot(const SyntheticOptions& options) {
    const std::vector<Component> mixture = drawing();
    auto snapshot = std::make_shared<Snapshot>();
    auto scene = std::make_shared<Scene>();
    scene->views.resize(2);
    scene->views[1].sampler.method = Method::euler_maruyama;
    scene->views[1].sampler.steps = 64;
    scene->views[1].sampler.noise = 0.5;
    snapshot->scene = scene;

    auto data = std::make_shared<PointSet>();
    Normal draw(3);
    for (int i = 0; i < options.points; ++i) {
        const Component& c = mixture[static_cast<std::size_t>(i) % mixture.size()];
        data->x.push_back(static_cast<float>(c.mean[0] + spread * draw()));
        data->x.push_back(static_cast<float>(c.mean[1] + spread * draw()));
        data->labels.push_back(c.label);
    }
    snapshot->data = data;

    const auto density = exact_density(mixture, options);
    const auto field = arrows(mixture, options);
    snapshot->panes.resize(2);
    for (int pane = 0; pane < 2; ++pane) {
        PaneSnapshot& shown = snapshot->panes[static_cast<std::size_t>(pane)];
        const auto table = pane == 0 ? sample(mixture, options.particles, 32, 0)
                                     : sample(mixture, options.particles, 64, 0.5);
        shown.trajectories = table;
        shown.density_exact = density;
        shown.density_samples = density_of(*table, *density, options.time);
        shown.arrows = field;
    }
    return snapshot;
}

namespace {

constexpr double line_spread = 0.3;

/// q_t of labels 0 and 1, the two Gaussians of the line.
std::array<double, 2> parts_at(double x, double t) {
    const double variance = std::pow((1 - t) * line_spread, 2) + t * t;
    std::array<double, 2> parts{};
    for (const int label : {0, 1}) {
        const double off = x - (1 - t) * (label == 0 ? -1.3 : 1.3);
        parts[static_cast<std::size_t>(label)] = 0.5 * std::exp(-0.5 * off * off / variance) /
                                                 std::sqrt(2 * std::numbers::pi * variance);
    }
    return parts;
}

/// E[x1 - x0 | x]: each part has it from the line through its means.
double line_velocity(double x, double t) {
    const std::array<double, 2> parts = parts_at(x, t);
    const double alpha = 1 - t;
    const double variance = std::pow(alpha * line_spread, 2) + t * t;
    double sum = 0;
    for (const int label : {0, 1}) {
        const double mean = label == 0 ? -1.3 : 1.3;
        const double slope = (t - alpha * line_spread * line_spread) / variance;
        sum += parts[static_cast<std::size_t>(label)] * (slope * (x - alpha * mean) - mean);
    }
    return sum / (parts[0] + parts[1]);
}

}  // namespace

std::shared_ptr<const Snapshot> synthetic_line(const SyntheticOptions& options) {
    auto snapshot = std::make_shared<Snapshot>();
    auto scene = std::make_shared<Scene>();
    scene->dimension = 1;
    scene->views.resize(1);
    snapshot->scene = scene;
    auto data = std::make_shared<PointSet>();
    data->dimension = 1;
    Normal draw(3), start(1);
    for (int i = 0; i < options.points; ++i) {
        data->x.push_back(static_cast<float>((i % 2 == 0 ? -1.3 : 1.3) + line_spread * draw()));
        data->labels.push_back(i % 2);
    }
    snapshot->data = data;
    PaneSnapshot& shown = snapshot->panes.emplace_back();

    auto table = std::make_shared<Trajectories>();
    constexpr int steps = 32;
    table->count = options.particles;
    for (int k = 0; k <= steps; ++k)
        table->times.push_back(1 - static_cast<double>(k) / steps);
    table->positions.resize(static_cast<std::size_t>(steps + 1) * options.particles * 2);
    for (int i = 0; i < options.particles; ++i) {
        double x = start();
        for (int k = 0; k <= steps; ++k) {
            const double t = table->times[k];
            const std::size_t at = (static_cast<std::size_t>(k) * options.particles + i) * 2;
            table->positions[at] = static_cast<float>(across_at(t));
            table->positions[at + 1] = static_cast<float>(x);
            constexpr double h = 1.0 / steps;
            const double v = line_velocity(x, t);
            if (k < steps) x -= h * (v + line_velocity(x - h * v, t - h)) / 2;
        }
    }
    shown.trajectories = table;

    auto ground = std::make_shared<DensityGrid>();
    ground->world = options.world;
    ground->columns = ground->rows = options.density_cells;
    ground->time = options.time;
    ground->values.assign(static_cast<std::size_t>(ground->columns) * ground->rows, 0.0f);
    const Rect& world = options.world;
    for (int i = 0; i < ground->columns; ++i) {
        const double t =
            time_at(world.x_min + (i + 0.5) * (world.x_max - world.x_min) / ground->columns);
        if (t < 0 || t > 1) continue;
        std::vector<double> column;
        for (int j = 0; j < ground->rows; ++j) {
            const double x = world.y_min + (j + 0.5) * (world.y_max - world.y_min) / ground->rows;
            const std::array<double, 2> parts = parts_at(x, t);
            column.push_back(parts[0] + parts[1]);
        }
        const double most = *std::max_element(column.begin(), column.end());
        for (int j = 0; j < ground->rows; ++j)
            ground->values[static_cast<std::size_t>(j) * ground->columns + i] =
                static_cast<float>(column[j] / most);
    }
    shown.density_exact = ground;

    auto profile = std::make_shared<Profile>();
    profile->time = options.time;
    profile->low = world.y_min;
    profile->high = world.y_max;
    constexpr int cells = 200;
    double mass = 0;
    for (int i = 0; i < cells; ++i) {
        const double x = world.y_min + (i + 0.5) * (world.y_max - world.y_min) / cells;
        const std::array<double, 2> parts = parts_at(x, options.time);
        const double share = parts[1] / (parts[0] + parts[1]);
        profile->density.push_back(static_cast<float>(parts[0] + parts[1]));
        profile->share.push_back(static_cast<float>(share));
        profile->tilted.push_back(
            static_cast<float>((parts[0] + parts[1]) * std::pow(share, options.tilt)));
        mass += profile->tilted.back() * (world.y_max - world.y_min) / cells;
    }
    for (float& value : profile->tilted)
        value = static_cast<float>(value / mass);
    shown.profile = profile;
    return snapshot;
}

}  // namespace driftglass::tests
