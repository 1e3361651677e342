#include "core/train/implicit_score_matching.hpp"

#include "core/model/position_features.hpp"

namespace driftglass {

// The scatter of the gradient grows as 1 / cos where the error itself does not.
constexpr double least_cos = 0.1;

torch::Tensor implicit_score_matching(const Network& network, const torch::Tensor& input,
                                      const torch::Tensor& cos, const torch::Tensor& sin,
                                      const torch::Tensor& weight, torch::Tensor& gradient) {
    const torch::AutoGradMode with_grad(true);
    const int d = network.dimension();
    const torch::Tensor weights = network.weights().detach().requires_grad_();
    const torch::Tensor z = input.narrow(1, 0, d);
    const std::int64_t places = position_columns(d);
    const auto [f, slopes] = apply_layers_with_slopes(
        layers_of(weights, network.shape()), input.narrow(1, 0, places), position_tangents(z),
        input.narrow(1, places, input.size(1) - places));
    const torch::Tensor noise = sin * z + cos * f;
    const torch::Tensor trace = d * sin + cos * slopes.sum(1, true);
    // sin^2 (|z|^2 - d) has the mean 0, no gradient, and most of the scatter near t = 1.
    const torch::Tensor rows = noise.square().sum(1, true) - 2 * sin * trace + d -
                               sin.square() * (z.square().sum(1, true) - d);
    const torch::Tensor loss = (weight / cos.clamp_min(least_cos).square() * rows).mean();
    gradient.copy_(torch::autograd::grad({loss}, {weights})[0]);
    return loss.detach();
}

}  // namespace driftglass
