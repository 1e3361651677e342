#include "app/layers/trajectories.hpp"

namespace driftglass {

namespace {

/// Age of the point at t when the scrubber is at `time`: 0 at the start, 1 now.
float age(double t, double time) {
    return time < 1 ? static_cast<float>(std::clamp((1 - t) / (1 - time), 0.0, 1.0)) : 1;
}

}  // namespace

void add_path_mass(LineBatch& batch, const ShownPaths& paths, int count, double time,
                   bool stochastic, const View& view, const Theme& theme, float strength,
                   bool coarse) {
    const std::int64_t drawn = std::min<std::int64_t>(count, paths.count());
    if (drawn <= 0 || strength <= 0) return;
    const float few = std::min(1.0f, std::sqrt(46.0f / static_cast<float>(drawn)));
    // Fainter than .18 they are no lines but smudges.
    const float strongest = std::max(0.46f * few * few, 0.18f) * std::min(1.0f, strength / 0.9f);
    // A stochastic path is a tangle but for its last part; of that, what is too faint to be seen is
    // left out.
    const double begin = stochastic ? std::min(1.0, time + 0.35) : 1.0;
    const double unseen = stochastic ? std::cbrt(std::min(1.0f, 0.01f / strongest)) : 0;
    const std::vector<double> times =
        paths.times_between(begin + unseen * (time - begin), time, stochastic ? 48 : 32, 2);
    if (times.size() < 2) return;
    struct Stop {
        RowMix mix;
        Ink ink;
    };
    std::vector<Stop> stops;
    for (const double t : times) {
        float fade = 1;
        if (stochastic) {
            const float s = static_cast<float>((begin - t) / std::max(begin - time, 1e-6));
            fade = s * s * s;
        }
        stops.push_back({paths.mix_at(t), {to_srgb(time_oklch(theme, t)), strongest * fade}});
    }
    const float half_width = (0.45f + 0.25f * few) * view.unit;
    std::vector<LinePoint> points(stops.size());
    for (std::int64_t i = 0; i < drawn; ++i) {
        for (std::size_t k = 0; k < stops.size(); ++k) {
            const std::array<float, 2> p = paths.position(stops[k].mix, i);
            points[k] = {view.x(p[0]), view.y(p[1]), half_width, stops[k].ink};
            points[k].ink.alpha *= clear_of_words(view, points[k].y);
        }
        batch.add(points, coarse ? 0.6f : 0.2f);
    }
}

void add_marked_paths(LineBatch& batch, const ShownPaths& paths,
                      std::span<const std::int64_t> marked, double time, bool stochastic,
                      const View& view, const Theme& theme, Rgb path_colour, float strength) {
    if (marked.empty() || strength <= 0 || paths.times().empty()) return;
    const float full = std::min(1.0f, strength / 0.9f);
    const std::array<float, 3> method = channels(path_colour);
    const std::array<float, 3> canvas = channels(theme.canvas);
    const auto line_through = [&](std::span<const double> times, std::int64_t path,
                                  std::vector<LinePoint>& points) {
        points.clear();
        for (const double t : times) {
            const std::array<float, 2> p = paths.position(paths.mix_at(t), path);
            points.push_back({view.x(p[0]), view.y(p[1]), 0, {}});
        }
    };
    const std::vector<double> past = paths.times_between(1, time, 256, 4);
    const std::vector<double> future = paths.times_between(time, 0, 256, 4);
    // Warm ground and warm line: a random path, short as it is, stands out by its lightness.
    Oklch light = to_oklch(path_colour);
    if (stochastic && theme.dark) {
        light.lightness = std::max(light.lightness, 0.86);
    } else if (stochastic) {
        light.lightness = std::min(light.lightness, 0.42);
    }
    const std::array<float, 3> past_ink = to_srgb(light);
    std::vector<LinePoint> points;
    for (const std::int64_t path : marked) {
        line_through(future, path, points);
        for (LinePoint& p : points) {
            p.half_width = 0.55f * view.unit;
            // A random future is not a promise: fainter still.
            p.ink = {method, (stochastic ? 0.22f : 0.6f) * full};
        }
        if (!stochastic || points.size() < 40) batch.add(points, 0.05f, true);
    }
    for (const std::int64_t path : marked) {
        line_through(past, path, points);
        std::vector<float> alpha;
        for (const double t : past) {
            const float s = age(t, time);
            alpha.push_back(full *
                            (stochastic ? 0.03f + 0.97f * s * s * s * s : 0.35f + 0.65f * s));
        }
        for (std::size_t k = 0; k < points.size(); ++k) {
            points[k].half_width = (stochastic ? 2.0f : 2.1f) * view.unit;
            const bool faded = age(past[k], time) < 0.6f;
            points[k].ink = {canvas, !stochastic ? 0.8f * alpha[k]
                                     : faded     ? 0
                                                 : alpha[k] * alpha[k]};
        }
        batch.add(points);
        for (std::size_t k = 0; k < points.size(); ++k) {
            points[k].half_width = (stochastic ? 1.0f : 0.85f) * view.unit;
            points[k].ink = {past_ink, alpha[k]};
        }
        batch.add(points);
    }
}

void add_chords(LineBatch& batch, const ShownPaths& paths, std::span<const std::int64_t> marked,
                const View& view, const Theme& theme, float strength) {
    if (strength <= 0 || paths.times().empty()) return;
    const Ink ink{channels(theme.conditional), std::min(1.0f, 1.4f * strength)};
    for (const std::int64_t path : marked) {
        LinePoint ends[2];
        for (const std::size_t k : {0, 1}) {
            const std::array<float, 2> p = paths.position(paths.mix_at(k == 0 ? 1 : 0), path);
            ends[k] = {view.x(p[0]), view.y(p[1]), 0.7f * view.unit, ink};
        }
        batch.add(ends);
    }
}

void add_path_ends(std::vector<Mark>& marks, const ShownPaths& paths,
                   std::span<const std::int64_t> marked, double time, bool stochastic, bool guided,
                   const View& view, const Theme& theme, Rgb path_colour, float strength) {
    if (strength <= 0 || paths.times().empty()) return;
    const float full = std::min(1.0f, strength / 0.9f);
    const float unit = view.unit * view.mark_scale();
    const Ink canvas = ink(theme.canvas, full);
    const auto add = [&](double t, auto&& make) {
        const RowMix mix = paths.mix_at(t);
        for (const std::int64_t path : marked) {
            const std::array<float, 2> p = paths.position(mix, path);
            const float x = view.x(p[0]), y = view.y(p[1]);
            if (drawable(x, y)) make(x, y);
        }
    };
    add(0, [&](float x, float y) {
        marks.push_back(mark(x, y, 3.5f * unit, {canvas.colour, 0.6f * full}));
        marks.push_back(ring(x, y, 2.6f * unit, 1.3f * unit, canvas, ink(theme.data, full)));
    });
    add(1, [&](float x, float y) {
        marks.push_back(mark(x, y, 4.2f * unit, {canvas.colour, 0.6f * full}));
        marks.push_back(ring(x, y, 3.2f * unit, 1.4f * unit, canvas, ink(theme.noise, full)));
    });
    add(time, [&](float x, float y) {
        marks.push_back(ring(x, y, 5.6f * unit, 1.2f * unit, ink(path_colour, full), canvas));
        if (stochastic && theme.dark) {
            marks.push_back(ring(x, y, 4.4f * unit, 1.2f * unit, ink(path_colour, full),
                                 ink(theme.text, full)));
        }
        if (guided) marks.push_back(mark(x, y, 1.9f * unit, canvas));
    });
}

}  // namespace driftglass
