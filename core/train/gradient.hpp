#pragma once

#include <vector>

#include "core/model/layers.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// The weighted squared error of a perceptron and its gradient, by hand: on a CPU each slice of
/// rows goes forward and back while its activations are in the cache, slices on all threads; every
/// buffer is kept from step to step. The sum over slices has a fixed order, so the result does not
/// depend on the number of threads beyond what the matrix product itself does.
class Gradient {
public:
    /// loss = mean over rows of weight |F(input) - target|^2 (a scalar on the device), and
    /// `gradient` [P] <- d loss / d weights. input [N, inputs], target [N, outputs], weight [N, 1];
    /// all float32.
    torch::Tensor operator()(const torch::Tensor& weights, const LayerShape& shape,
                             const torch::Tensor& input, const torch::Tensor& target,
                             const torch::Tensor& weight, torch::Tensor& gradient);

private:
    /// What one thread works in: activations of a slice, and the gradient of its rows.
    struct Workspace {
        std::vector<torch::Tensor> value;       ///< hidden activations [rows, width]
        std::vector<torch::Tensor> derivative;  ///< of the activation, there
        torch::Tensor error;                    ///< [rows, outputs]
        torch::Tensor flow, next_flow;          ///< gradients of activations
        torch::Tensor gradient;                 ///< [P]
        std::vector<Layer> parts;               ///< views into it
    };
    void prepare(const torch::Tensor& weights, const LayerShape& shape, std::int64_t rows);
    void slice(Workspace& w, const torch::Tensor& input, const torch::Tensor& target,
               const torch::Tensor& weight, torch::Tensor loss);

    LayerShape shape_{};
    std::int64_t batch_ = 0;
    std::int64_t rows_ = 0;  ///< of a slice
    torch::Tensor weights_;  ///< the tensor that layers_ look into
    std::vector<Layer> layers_;
    std::vector<torch::Tensor> transposed_;  ///< of the layers' weights, views
    std::vector<Workspace> workspaces_;
    torch::Tensor all_gradients_;  ///< [workspaces, P]
    torch::Tensor losses_;         ///< [workspaces]
};

}  // namespace driftglass
