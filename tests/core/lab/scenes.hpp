#pragma once

#include <cmath>
#include <span>

#include "core/lab/lab.hpp"
#include "tests/test.hpp"

namespace driftglass::testing {

inline LabOptions on_cpu() {
    LabOptions options;
    options.device = "cpu";
    options.threads = 1;
    return options;
}

/// With a network and batches so small that a test costs little; the loop is the same.
inline Scene small(Scene scene) {
    scene.model.width = 16;
    scene.model.depth = 1;
    scene.training.batch = 64;
    return scene;
}

/// The default drawing, in few steps.
inline Scene small_scene() {
    Scene scene = small(default_scene());
    for (ViewSpec& view : scene.views)
        view.sampler.steps = 4;
    scene.sampler.steps = 4;
    return scene;
}

/// Two labelled Gaussians at x = -1.5 and 1.5, std 0.7, on vp-cosine: the known case of guidance.
inline Scene two_labels() {
    Scene scene;
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{-1.5, 0}, 0.7, 1, 0}, {{1.5, 0}, 0.7, 1, 1}};
    scene.path.schedule = ScheduleKind::vp_cosine;
    return scene;
}

/// Along x, of a density [rows, columns] on cells whose centres lie evenly within [low, high];
/// `height` is that of a cell, 1 for a density on a line.
struct Moments {
    double mass = 0, mean = 0, deviation = 0;
};
inline Moments moments_of(std::span<const float> density, std::size_t columns, double low,
                          double high, double height = 1) {
    const double width = (high - low) / static_cast<double>(columns);
    Moments m;
    double second = 0;
    for (std::size_t i = 0; i < density.size(); ++i) {
        const double x = low + (static_cast<double>(i % columns) + 0.5) * width;
        const double mass = static_cast<double>(density[i]) * width * height;
        m.mass += mass;
        m.mean += mass * x;
        second += mass * x * x;
    }
    m.mean /= m.mass;
    m.deviation = std::sqrt(second / m.mass - m.mean * m.mean);
    return m;
}

}  // namespace driftglass::testing
