#include "core/train/implicit_score_matching.hpp"

#include "core/model/position_features.hpp"

namespace driftglass {

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
    const torch::Tensor rows = noise.square().sum(1, true) - 2 * sin * trace + d;
    const torch::Tensor loss = (weight / cos.clamp_min(0.02).square() * rows).mean();
    gradient.copy_(torch::autograd::grad({loss}, {weights})[0]);
    return loss.detach();
}

}  // namespace driftglass
