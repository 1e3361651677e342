#include "app/layers/particles.hpp"

namespace driftglass {

namespace {

// Of t, and in how many of the solver's steps at most. A random path's older steps are a tangle,
// and long: trails are most of a picture's cost.
constexpr double trail_span = 0.13, stochastic_trail_span = 0.06;
constexpr int trail_steps = 4, stochastic_trail_steps = 2;

constexpr float uncrowded = 4;  ///< in a square of 10 pixels

/// More paths than the design's 900 get fainter, so that the picture keeps its tone.
float crowding(std::int64_t count) {
    return std::clamp(std::sqrt(900.0f / static_cast<float>(std::max<std::int64_t>(count, 1))),
                      0.3f, 1.0f);
}

}  // namespace

void add_trails(LineBatch& batch, const ShownPaths& paths, double time, bool stochastic,
                const View& view, const Theme& theme, float strength) {
    if (paths.count() == 0 || strength <= 0) return;
    const double span = stochastic ? stochastic_trail_span : trail_span;
    const std::vector<double> times = paths.times_between(
        time + span, time, stochastic ? stochastic_trail_steps : trail_steps, 1);
    if (times.size() < 2) return;
    const float strongest =
        (stochastic ? 0.26f : 0.52f) * std::min(1.0f, strength / 0.8f) * crowding(paths.count());
    struct Stop {
        RowMix mix;
        Ink ink;
    };
    std::vector<Stop> stops;
    for (const double t : times) {
        const float a = static_cast<float>(std::clamp(1 - (t - time) / span, 0.0, 1.0));
        stops.push_back({paths.mix_at(t), {to_srgb(time_oklch(theme, t)), strongest * a * a}});
    }
    std::vector<LinePoint> points(stops.size());
    for (std::int64_t i = 0; i < paths.count(); ++i) {
        for (std::size_t k = 0; k < stops.size(); ++k) {
            const std::array<float, 2> p = paths.position(stops[k].mix, i);
            points[k] = {view.x(p[0]), view.y(p[1]), 0.6f * view.unit, stops[k].ink};
        }
        batch.add(points, 0.5f);
    }
}

void add_particles(std::vector<Mark>& marks, const ShownPaths& paths, double time, const View& view,
                   const Theme& theme, Rgb path_colour, float strength) {
    if (paths.count() == 0 || strength <= 0) return;
    const double hue = to_oklch(path_colour).hue;
    const Oklch pale = theme.dark ? Oklch{0.92, 0.055, hue} : Oklch{0.42, 0.09, hue};
    const float radius = theme.dark ? 1.2f : 1.0f;
    const float alpha = (theme.dark ? 0.72f : 0.5f) * std::min(1.0f, strength / 0.8f) *
                        std::sqrt(crowding(paths.count()));
    const std::array<float, 3> colour = to_srgb(pale);
    const RowMix mix = paths.mix_at(time);
    struct Place {
        float x, y;
        std::size_t cell;
    };
    // Where many crowd they would be one white blot: there each is the fainter.
    const float side = 10 * view.unit;
    const int columns = static_cast<int>(static_cast<float>(view.width) / side) + 1;
    const int rows = static_cast<int>(static_cast<float>(view.height) / side) + 1;
    std::vector<int> crowd(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    std::vector<Place> places;
    places.reserve(static_cast<std::size_t>(paths.count()));
    for (std::int64_t i = 0; i < paths.count(); ++i) {
        const std::array<float, 2> p = paths.position(mix, i);
        const float x = view.x(p[0]), y = view.y(p[1]);
        if (!drawable(x, y)) continue;
        const int column = std::clamp(static_cast<int>(x / side), 0, columns - 1);
        const int row = std::clamp(static_cast<int>(y / side), 0, rows - 1);
        const std::size_t cell = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                                 static_cast<std::size_t>(column);
        ++crowd[cell];
        places.push_back({x, y, cell});
    }
    for (const Place& place : places) {
        const float few = std::min(1.0f, uncrowded / static_cast<float>(crowd[place.cell]));
        marks.push_back(mark(place.x, place.y, radius * view.unit,
                             {colour, alpha * few * clear_of_words(view, place.y)}));
    }
}

}  // namespace driftglass
