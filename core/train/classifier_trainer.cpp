#include "core/train/classifier_trainer.hpp"

#include <utility>

#include "core/train/learning_rate.hpp"

namespace driftglass {

using torch::Tensor;

ClassifierTrainer::ClassifierTrainer(Classifier start)
    : classifier_(std::move(start)),
      average_(classifier_.weights().clone()),
      momentum_(torch::zeros_like(average_)),
      variance_(torch::zeros_like(average_)),
      adam_steps_(torch::zeros({}, average_.options())) {}

void ClassifierTrainer::step(const Tensor& place, const Tensor& rest, const Tensor& cos,
                             const Tensor& label, double peak_rate, double ema) {
    Tensor gradient;
    {
        const torch::AutoGradMode with_grad(true);
        const Tensor weights = classifier_.weights().detach().requires_grad_(true);
        const Tensor log_probability = class_log_probability(
            weights, classifier_.shape(), classifier_.log_prior(), place, rest, cos);
        const Tensor loss = at::nll_loss(log_probability, classes_of(label, classifier_.classes()));
        gradient = torch::autograd::grad({loss}, {weights})[0];
    }
    // A smaller network with a noisier target than the field's: a third of the rate gives it half
    // the error.
    const double rate = learning_rate(peak_rate, age_) / 3;
    const torch::NoGradGuard no_grad;
    adam_steps_.add_(1);
    at::_fused_adam_({classifier_.weights()}, {gradient}, {momentum_}, {variance_}, {},
                     {adam_steps_}, rate, adam_beta1, adam_beta2, 0, adam_epsilon, false, false);
    average_.lerp_(classifier_.weights(), 1 - average_decay(ema, age_));
    age_ += 1;
}

void ClassifierTrainer::set_data(const Tensor& log_prior, double change) {
    classifier_.set_log_prior(log_prior);
    age_ = age_after_change(age_, change);
}

Classifier ClassifierTrainer::averaged() const {
    Classifier copy = classifier_;
    copy.set_weights(average_);
    return copy;
}

bool ClassifierTrainer::finite() const {
    return at::stack({classifier_.weights(), average_, momentum_, variance_})
        .isfinite()
        .all()
        .item<bool>();
}

ClassifierTrainer ClassifierTrainer::copy_on(torch::Device device) const {
    Classifier start = classifier_;
    start.to(device);
    ClassifierTrainer copy(std::move(start));
    copy.average_.copy_(average_);
    copy.momentum_.copy_(momentum_);
    copy.variance_.copy_(variance_);
    copy.adam_steps_.copy_(adam_steps_);
    copy.age_ = age_;
    return copy;
}

Tensor log_class_shares(const Tensor& label, int count) {
    Tensor counts = torch::zeros({count + 1}, torch::kFloat64);
    if (label.defined() && label.numel() > 0) {
        const Tensor classes = classes_of(label.to(torch::kCPU), count + 1);
        counts = at::bincount(classes, {}, count + 1).to(torch::kFloat64);
    }
    return (counts / counts.sum().clamp_min(1) + 2e-9).log().to(torch::kFloat32);
}

}  // namespace driftglass
