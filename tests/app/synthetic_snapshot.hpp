#pragma once

#include <memory>

#include "core/lab/snapshot.hpp"

namespace driftglass::tests {

struct SyntheticOptions {
    Rect world{-2.6f, -2.8f, 2.6f, 2.8f};
    double time = 0.16;
    int density_cells = 160;  ///< across
    int arrow_cells = 26;     ///< across
    int particles = 900;
    int points = 3500;
    double tilt = 0;  ///< w: the exact density is q_t(x) q_t(label 1 | x)^w
};

/// What the lab would publish for a drawing of a spiral (label 0) and a smile (label 1), computed
/// here in closed form from a mixture of Gaussians on the linear path: exact q_t and velocity,
/// PF-ODE trajectories (pane 0, Heun 32) and reverse-SDE ones (pane 1, u/g = 0.5, 64 steps). The
/// same on every machine up to floating point.
std::shared_ptr<const Snapshot> synthetic_snapshot(const SyntheticOptions& options = {});

/// The same of a scene in dimension 1, one pane: two Gaussians (labels 0 and 1) on the linear path,
/// space against time, with profiles at `options.time` that are tilted by `options.tilt`.
std::shared_ptr<const Snapshot> synthetic_line(const SyntheticOptions& options = {});

}  // namespace driftglass::tests
