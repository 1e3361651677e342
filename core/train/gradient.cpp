#include "core/train/gradient.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

#include "core/model/silu.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t most_workspaces = 16;
constexpr std::int64_t slice_rows = 128;

}  // namespace

void Gradient::prepare(const torch::Tensor& weights, const LayerShape& shape, std::int64_t batch) {
    const bool same_weights = weights_.defined() && weights_.data_ptr() == weights.data_ptr() &&
                              weights_.numel() == weights.numel();
    if (same_weights && shape == shape_ && batch == batch_) return;
    shape_ = shape;
    batch_ = batch;
    weights_ = weights;
    layers_ = layers_of(weights, shape);
    transposed_.clear();
    for (const Layer& layer : layers_)
        transposed_.push_back(layer.weight.t());

    rows_ = weights.is_cpu() ? std::min(batch, slice_rows) : batch;
    const std::int64_t slices = (batch + rows_ - 1) / rows_;
    const std::int64_t count = std::min(slices, most_workspaces);
    const auto options = weights.options();
    all_gradients_ = at::empty({count, shape.weight_count()}, options);
    losses_ = at::empty({count}, options);
    workspaces_.assign(count, {});
    for (std::int64_t i = 0; i < count; ++i) {
        Workspace& w = workspaces_[i];
        for (int layer = 0; layer < shape.depth; ++layer) {
            w.value.push_back(at::empty({rows_, shape.width}, options));
            w.derivative.push_back(at::empty({rows_, shape.width}, options));
        }
        w.error = at::empty({rows_, shape.outputs}, options);
        w.flow = at::empty({rows_, shape.width}, options);
        w.next_flow = at::empty({rows_, shape.width}, options);
        w.gradient = all_gradients_[i];
        w.parts = layers_of(w.gradient, shape);
    }
}

/// Adds one slice's share to the workspace's gradient and loss.
void Gradient::slice(Workspace& w, const torch::Tensor& input, const torch::Tensor& target,
                     const torch::Tensor& weight, torch::Tensor loss) {
    const std::int64_t n = input.size(0);
    const auto fit = [&](const torch::Tensor& buffer) {
        return buffer.size(0) == n ? buffer : buffer.narrow(0, 0, n);
    };
    const int last = shape_.depth;
    torch::Tensor below = input;
    for (int i = 0; i < last; ++i) {
        torch::Tensor value = fit(w.value[i]);
        torch::Tensor derivative = fit(w.derivative[i]);
        at::addmm_out(value, layers_[i].bias, below, layers_[i].weight);
        apply_silu_with_derivative(value, derivative);
        below = value;
    }
    torch::Tensor error = fit(w.error);
    at::addmm_out(error, layers_[last].bias, below, layers_[last].weight);
    error.sub_(target);
    const torch::Tensor output_gradient =
        error * weight;  // of |F - target|^2 / 2, times the weight
    loss.add_(at::dot(error.view(-1), output_gradient.view(-1)));

    w.parts[last].weight.addmm_(below.t(), output_gradient);
    w.parts[last].bias.add_(output_gradient.sum(0));
    torch::Tensor flow = fit(w.flow);
    torch::Tensor next_flow = fit(w.next_flow);
    at::mm_out(flow, output_gradient, transposed_[last]);
    for (int i = last - 1; i >= 0; --i) {
        multiply_and_sum_rows(flow, fit(w.derivative[i]), w.parts[i].bias);
        const torch::Tensor source = i == 0 ? input : fit(w.value[i - 1]);
        w.parts[i].weight.addmm_(source.t(), flow);
        if (i > 0) {
            at::mm_out(next_flow, flow, transposed_[i]);
            std::swap(flow, next_flow);
        }
    }
}

torch::Tensor Gradient::operator()(const torch::Tensor& weights, const LayerShape& shape,
                                   const torch::Tensor& input, const torch::Tensor& target,
                                   const torch::Tensor& weight, torch::Tensor& gradient) {
    const torch::NoGradGuard no_grad;
    const std::int64_t n = input.size(0);
    prepare(weights, shape, n);
    // d loss / d F = 2 weight (F - target) / N; |F - target|^2 weight / N is half of its product
    // with the error.
    const torch::Tensor scaled = weight * (2.0 / static_cast<double>(n));
    const std::int64_t slices = (n + rows_ - 1) / rows_;
    const auto count = static_cast<std::int64_t>(workspaces_.size());
    const auto work = [&](std::int64_t from, std::int64_t to) {
        const torch::NoGradGuard no_grad_here;
        for (std::int64_t i = from; i < to; ++i) {
            Workspace& w = workspaces_[i];
            w.gradient.zero_();
            torch::Tensor loss = losses_[i].zero_();
            for (std::int64_t s = i * slices / count; s < (i + 1) * slices / count; ++s) {
                const std::int64_t start = s * rows_;
                const std::int64_t rows = std::min(rows_, n - start);
                slice(w, input.narrow(0, start, rows), target.narrow(0, start, rows),
                      scaled.narrow(0, start, rows), loss);
            }
        }
    };
    if (weights.is_cpu()) {
        at::parallel_for(0, count, 1, work);
    } else {
        work(0, count);
    }
    at::sum_out(gradient, all_gradients_, 0);
    return losses_.sum().mul_(0.5);
}

}  // namespace driftglass
