#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/lab/learner.hpp"
#include "core/lab/setup.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// The loss of a model at each t with what it cannot go below, both over the same draws of x_t, so
/// that their difference is not hidden by the draws. In the units of training.weighting:
///     learned(t) = w(t) E |prediction - target|^2,   floor(t) = w(t) E Var(target | x_t).
/// A slice of work is one t.
class LossAgainstTimeJob {
public:
    /// Fixed times, so that the plot does not wander.
    static constexpr int times = 33;
    static constexpr std::int64_t draws = 1024;

    /// What is wanted; begins afresh where it differs from what was made. `exact` null: no floor.
    void want(std::uint64_t problem, ModelPtr model);
    bool stale() const;
    /// Whether the problem changed, and not only the weights.
    bool stale_problem() const;
    /// In the middle of a curve.
    bool running() const { return !learned_.empty(); }
    /// One t. True when the curve is whole.
    bool step(const Setup& setup, const ExactField* exact);

    std::shared_ptr<const LossAgainstTime> curve() const { return curve_; }
    /// Mean over the times that training draws; unset where it is not known.
    std::optional<double> mean_floor() const { return mean_floor_; }

private:
    std::uint64_t wanted_problem_ = 0, made_problem_ = 0, running_problem_ = 0;
    ModelPtr wanted_, made_, running_;
    std::vector<double> learned_, floor_;
    std::vector<double> known_floor_;  ///< of `floor_problem_`: weights do not move it
    std::uint64_t floor_problem_ = 0;
    std::shared_ptr<const LossAgainstTime> curve_;
    std::optional<double> mean_floor_;
};

}  // namespace driftglass
