#include "core/model/classifier.hpp"

#include <algorithm>
#include <vector>

#include "core/model/affine_tensors.hpp"
#include "core/model/time_features.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

/// log p(label | x) summed over the rows, for its derivatives.
Tensor summed(const Classifier& classifier, const Schedule& schedule, const Tensor& x,
              const Tensor& t, const Tensor& label) {
    const Tensor of = classes_of(label.to(x.device()), classifier.classes());
    return classifier.log_probability(schedule, x, t).gather(1, of.unsqueeze(1)).sum();
}

}  // namespace

Classifier::Classifier(int dimension, const Tensor& log_prior, const Normalisation& normalisation,
                       torch::Device device, std::uint64_t seed)
    : dimension_(dimension),
      normalisation_(normalisation),
      log_prior_(log_prior.to(device)),
      weights_(random_weights(shape(), seed).to(device)) {}

Classifier::Classifier(const Classifier& other)
    : dimension_(other.dimension_),
      normalisation_(other.normalisation_),
      log_prior_(other.log_prior_.clone()),
      weights_(other.weights_.clone()) {}

Classifier& Classifier::operator=(const Classifier& other) {
    if (this != &other) *this = Classifier(other);
    return *this;
}

LayerShape Classifier::shape() const {
    return {dimension_ + time_feature_count, width, depth, classes()};
}

void Classifier::set_log_prior(const Tensor& log_prior) {
    log_prior_ = log_prior.to(log_prior_.device());
}

void Classifier::set_weights(const Tensor& weights) {
    const torch::NoGradGuard no_grad;
    weights_.copy_(weights);
}

void Classifier::to(torch::Device device) {
    log_prior_ = log_prior_.to(device);
    weights_ = weights_.to(device);
}

Tensor Classifier::log_probability(const Schedule& schedule, const Tensor& x,
                                   const Tensor& t) const {
    const AffineTensors a =
        affine_tensors(normalisation_, dimension_, Prediction::data, schedule, t, x.device());
    const Tensor z = (x - a.shift) * a.inverse_r;
    return class_log_probability(weights_, shape(), log_prior_, z, a.features, a.cos);
}

Tensor Classifier::gradient(const Schedule& schedule, const Tensor& x, const Tensor& t,
                            const Tensor& label) const {
    const torch::AutoGradMode with_grad(true);
    const Tensor at = x.detach().clone().requires_grad_(true);
    return torch::autograd::grad({summed(*this, schedule, at, t, label)}, {at})[0];
}

Tensor Classifier::laplacian(const Schedule& schedule, const Tensor& x, const Tensor& t,
                             const Tensor& label) const {
    const torch::AutoGradMode with_grad(true);
    const Tensor at = x.detach().clone().requires_grad_(true);
    const Tensor gradient =
        torch::autograd::grad({summed(*this, schedule, at, t, label)}, {at}, {}, true, true)[0];
    Tensor total = torch::zeros({x.size(0)}, x.options());
    for (std::int64_t d = 0; d < x.size(1); ++d) {
        total +=
            torch::autograd::grad({gradient.select(1, d).sum()}, {at}, {}, true)[0].select(1, d);
    }
    return total;
}

Tensor class_log_probability(const Tensor& weights, const LayerShape& shape,
                             const Tensor& log_prior, const Tensor& place, const Tensor& rest,
                             const Tensor& cos) {
    const Tensor answer = apply_layers(layers_of(weights, shape), place, rest);
    return at::log_softmax(log_prior + cos * answer, 1);
}

Tensor classes_of(const Tensor& label, int classes) {
    return at::where(label < 0, classes - 1, label).clamp_max(classes - 1);
}

}  // namespace driftglass
