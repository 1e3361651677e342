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

/// The loss of a model at each t with what it cannot go below, both over the same draws of x_t. In
/// the units of training.weighting:
///     floor(t)   = w(t) E Var(target | x_t),
///     learned(t) = w(t) E |prediction - target|^2 = floor(t) + w(t) E |prediction - E[target |
///     x_t]|^2,
/// the latter where the field is known in closed form: it has no noise of the target, which would
/// hide the gap and let it fall below 0. A slice of work is a quarter of the draws at one t.
class LossAgainstTimeJob {
public:
    /// Fixed times, so that the plot does not wander.
    static constexpr int times = 33;
    /// Fewer draws, down to 64, where the exact field has very many components.
    static constexpr std::int64_t most_draws = 512;

    /// What is wanted; begins afresh where it differs from what was made. `exact` null: no floor.
    void want(std::uint64_t problem, ModelPtr model);
    bool stale() const;
    /// Whether the problem changed, and not only the weights.
    bool stale_problem() const;
    /// In the middle of a curve.
    bool running() const { return !learned_.empty() || at_.done > 0; }
    /// Some draws at one t. True when the curve is whole.
    bool step(const Setup& setup, const ExactField* exact);

    /// Whether curve and floor are of that problem.
    bool made(std::uint64_t problem) const { return made_problem_ == problem; }
    std::shared_ptr<const LossAgainstTime> curve() const { return curve_; }
    /// Mean over the times that training draws; unset where it is not known.
    std::optional<double> mean_floor() const { return mean_floor_; }

private:
    std::uint64_t wanted_problem_ = 0, made_problem_ = 0, running_problem_ = 0;
    ModelPtr wanted_, made_, running_;
    std::vector<double> learned_;
    /// The t in work: its rows of draws, the same for every model, and sums over the rows that are
    /// done.
    struct AtTime {
        std::int64_t rows = 0, done = 0;
        torch::Tensor xt, target, label;
        double learned = 0, floor = 0;
        std::vector<torch::Tensor> means;
    };
    AtTime at_;
    /// What no weights move, by t: floor(t) and E[target | x_t] of the draws.
    struct Best {
        double floor;
        torch::Tensor mean;
    };
    std::vector<Best> best_;
    std::uint64_t best_problem_ = 0;
    bool floors_made_ = false;  ///< of this curve
    std::shared_ptr<const LossAgainstTime> curve_;
    std::optional<double> mean_floor_;
};

}  // namespace driftglass
