#include "core/lab/reflow.hpp"

#include <algorithm>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/source_law.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {

PairMaker::PairMaker(const Setup& setup, ModelPtr model)
    : model_(std::move(model)),
      field_(model_->field()),
      sampler_(setup.scene->sampler),
      wanted_(setup.scene->reflow.pairs) {
    if (facts_of(sampler_.method).needs_score) {
        sampler_ = {};
        sampler_.method = Method::heun;
        sampler_.steps = 32;
    }
    sampler_.noise = 0;
    sampler_.last = LastStep::none;
    const Scene& scene = *setup.scene;
    starts_ = setup.starts(*setup.schedule, wanted_,
                           derive_seed(scene.seed, "pairs" + std::to_string(round())));
}

bool PairMaker::step(const std::function<bool()>& cancelled) {
    const std::int64_t n = std::min(block, wanted_ - made_);
    Path path = sample(*field_, starts_.narrow(0, made_, n).to(field_->device()), {}, sampler_,
                       make_generator(0, "none"), false, cancelled);
    if (path.cancelled) return false;
    if (path.diverged) {
        throw Error("The present model's paths are not finite: train it longer before reflow.");
    }
    ends_.push_back(path.end);
    made_ += n;
    return made_ >= wanted_;
}

Pairs PairMaker::pairs() const {
    // x_t_min stands for x0: the last hop is below what a network can tell.
    return {torch::cat(ends_), starts_.to(field_->device()), {}};
}

}  // namespace driftglass
