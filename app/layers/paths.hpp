#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "app/layers/blend.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// Which rows of a trajectory table make up its position at a time, and with what weights.
struct RowMix {
    std::array<std::int64_t, 4> row{};
    std::array<float, 4> weight{};
};

/// Trajectories as they are shown: eased from those before, and known between their rows.
class ShownPaths {
public:
    /// `smooth`: a curve (cubic Hermite with the rows' differences as slopes) between rows, for a
    /// deterministic solver with many steps; otherwise straight, as the solver really moved.
    void aim(std::shared_ptr<const Trajectories> trajectories, bool smooth, double now, bool ease);
    void advance(double now) { positions_.advance(now); }
    bool moving() const { return positions_.moving(); }

    std::int64_t count() const { return trajectories_ ? trajectories_->count : 0; }
    /// [rows], falling from noise to data.
    std::span<const double> times() const;
    bool smooth() const { return smooth_; }

    /// The mix at t; before the first or after the last row that row itself.
    RowMix mix_at(double t) const;
    /// World units; may be not finite where the solver diverged.
    std::array<float, 2> position(const RowMix& mix, std::int64_t path) const;

    /// Times to draw the paths through from `begin` down to `end` (begin >= end), both included:
    /// all rows between, at most about `most`, each interval in `split` parts where the paths are
    /// smooth.
    std::vector<double> times_between(double begin, double end, int most, int split) const;

    /// `wanted` paths of the first few that start well apart from each other and not far out: the
    /// same ones wherever the starts are the same.
    std::vector<std::int64_t> spread_out(int wanted) const;

private:
    std::shared_ptr<const Trajectories> trajectories_;
    Blend positions_;
    bool smooth_ = false;
};

}  // namespace driftglass
