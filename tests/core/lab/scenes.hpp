#pragma once

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

}  // namespace driftglass::testing
