#pragma once

#include <vector>

#include "core/model/dense.hpp"
#include "core/model/layers.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// The weighted squared error of a perceptron and its gradient, by hand: on a CPU each slice of
/// rows goes forward and back while its activations are in the cache, slices shared out
/// (core/share_work.hpp); every buffer is kept from step to step. The sum over slices has a fixed
/// order, so the result does not depend on the number of threads.
class Gradient {
public:
    /// loss = mean over rows of weight |F(input) - target|^2 (a scalar on the device), and
    /// `gradient` [P] <- d loss / d weights. input [N, inputs], target [N, outputs], weight [N, 1];
    /// all float32.
    torch::Tensor operator()(const torch::Tensor& weights, const LayerShape& shape,
                             const torch::Tensor& input, const torch::Tensor& target,
                             const torch::Tensor& weight, torch::Tensor& gradient);

private:
    /// What one slice is worked on in: activations of a slice, and the gradient of its rows.
    struct Workspace {
        std::vector<AlignedFloats> value, derivative;  ///< by hidden layer [rows, stride]
        AlignedFloats error;                           ///< [rows, one panel or more]
        AlignedFloats flow, next_flow;                 ///< gradients of activations [rows, stride]
        float* gradient = nullptr;                     ///< [P], a row of all_gradients_
        std::vector<Layer> parts;                      ///< views into it
        double loss = 0;
    };
    void prepare(const LayerShape& shape, std::int64_t batch);
    void pack(const torch::Tensor& weights);
    /// Adds the shares of `count` rows to the workspace's gradient and loss.
    void slice(Workspace& w, const float* input, const float* target, const float* weight,
               std::int64_t count, double scale);
    torch::Tensor on_device(const torch::Tensor& weights, const LayerShape& shape,
                            const torch::Tensor& input, const torch::Tensor& target,
                            const torch::Tensor& weight, torch::Tensor& gradient);

    LayerShape shape_{};
    std::int64_t batch_ = 0;
    std::int64_t stride_ = 0;                 ///< from row to row of activations
    std::vector<Panels> forward_, backward_;  ///< the layers' weights, and those transposed
    std::vector<std::vector<float>> biases_;
    std::vector<Workspace> workspaces_;
    torch::Tensor all_gradients_;  ///< [workspaces, P]
};

}  // namespace driftglass
