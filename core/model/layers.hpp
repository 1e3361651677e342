#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/torch.hpp"

namespace driftglass {

/// The sizes of a perceptron and where its weights lie in the flat tensor: the second to the last
/// layer, then the first, whose last rows are the labels', so that labels can be added at the end.
struct LayerShape {
    int inputs;  ///< columns of the input: position features, time features, labels
    int width;
    int depth;  ///< hidden layers
    int outputs;

    std::int64_t weight_count() const;
    bool operator==(const LayerShape&) const = default;
};

/// Views into a flat tensor. Weight [in, out]: a layer is h weight + bias.
struct Layer {
    torch::Tensor weight;
    torch::Tensor bias;
};
/// First layer first; `flat` [P]. Keeps autograd's history.
std::vector<Layer> layers_of(const torch::Tensor& flat, const LayerShape& shape);

/// Random weights [P] on the CPU, hidden layers as torch has them by default (Kaiming uniform with
/// a = sqrt 5: weights and biases within 1 / sqrt(fan in)), the last layer zero.
torch::Tensor random_weights(const LayerShape& shape, std::uint64_t seed);

/// F [N, outputs] of the input in two parts: what depends on the position, `place` [N, P], and the
/// other columns [N or 1, inputs - P]. Plain operators: differentiable in everything.
torch::Tensor apply_layers(const std::vector<Layer>& layers, const torch::Tensor& place,
                           const torch::Tensor& rest);
/// The same and the derivative of each F_k by its own coordinate, [N, D], whose sum is the
/// divergence: one forward-mode tangent a coordinate, `along` being the derivatives of `place` by
/// each. Differentiable too.
std::pair<torch::Tensor, torch::Tensor> apply_layers_with_slopes(
    const std::vector<Layer>& layers, const torch::Tensor& place,
    const std::vector<torch::Tensor>& along, const torch::Tensor& rest);

/// A slice of rows on its way through evaluate_layers.
struct LayerRows {
    std::int64_t first, count;
    float* values;  ///< to write the input to [count, columns], or to change the output in
};
/// The same as apply_layers without autograd, on the CPU in float32, fast: slices that stay in the
/// cache, shared out (core/share_work.hpp). `input` writes the first `columns` columns of a slice's
/// input, `rest` [inputs - columns] stands for the others in all rows; `output` may change F [N,
/// outputs]. Both are called from several threads.
torch::Tensor evaluate_layers(const std::vector<Layer>& layers, std::int64_t n,
                              std::int64_t columns, const std::vector<float>& rest,
                              const std::function<void(const LayerRows&)>& input,
                              const std::function<void(const LayerRows&)>& output);

}  // namespace driftglass
