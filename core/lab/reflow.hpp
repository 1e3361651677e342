#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/lab/learner.hpp"
#include "core/lab/setup.hpp"
#include "core/train/pairs.hpp"

namespace driftglass {

/// Makes the pairs of a round of reflow, (x1, ODE(x1)) by the present model from fresh starts, in
/// slices (Liu et al. 2023). The solver is the scene's where it is deterministic, else Heun.
class PairMaker {
public:
    PairMaker(const Setup& setup, ModelPtr model);

    /// Another block of pairs; true when all are made. `cancelled` stops it at the next step and
    /// the block is made again.
    bool step(const std::function<bool()>& cancelled);
    /// The round that the pairs are for.
    int round() const { return model_->round + 1; }
    double done() const { return static_cast<double>(made_); }
    double total() const { return static_cast<double>(wanted_); }
    Pairs pairs() const;

private:
    static constexpr std::int64_t block = 1024;

    ModelPtr model_;
    std::shared_ptr<const Field> field_;
    SamplerSettings sampler_;
    torch::Tensor starts_;
    std::vector<torch::Tensor> ends_;
    std::int64_t made_ = 0;
    std::int64_t wanted_ = 0;
};

}  // namespace driftglass
