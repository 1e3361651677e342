#include "core/train/gradient.hpp"

#include <algorithm>
#include <utility>

#include "core/share_work.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t most_workspaces = 16;
constexpr std::int64_t slice_rows = 96;  // in the cache, and whole tiles of a product

std::size_t size_of(std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(rows * columns);
}

}  // namespace

void Gradient::prepare(const LayerShape& shape, std::int64_t batch) {
    if (shape == shape_ && batch == batch_) return;
    shape_ = shape;
    batch_ = batch;
    // For widths that are powers of two it is none: columns of rows that far apart would share few
    // places in the cache.
    stride_ = in_panels(shape.width) + panel_columns;
    const std::int64_t slices = (batch + slice_rows - 1) / slice_rows;
    const std::int64_t count = std::min(slices, most_workspaces);
    all_gradients_ = at::empty({count, shape.weight_count()});
    workspaces_.assign(static_cast<std::size_t>(count), {});
    for (std::int64_t i = 0; i < count; ++i) {
        Workspace& w = workspaces_[static_cast<std::size_t>(i)];
        const AlignedFloats activations(size_of(slice_rows, stride_));
        w.value.assign(static_cast<std::size_t>(shape.depth), activations);
        w.derivative = w.value;
        w.flow = w.next_flow = activations;
        w.error.assign(size_of(slice_rows, in_panels(shape.outputs)), 0);
        w.gradient = all_gradients_.data_ptr<float>() + i * shape.weight_count();
        w.parts = layers_of(all_gradients_[i], shape);
    }
    forward_.assign(static_cast<std::size_t>(shape.depth) + 1, {});
    backward_ = forward_;
    biases_.assign(forward_.size(), {});
}

void Gradient::pack(const torch::Tensor& weights) {
    const std::vector<Layer> layers = layers_of(weights, shape_);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const float* weight = layers[i].weight.const_data_ptr<float>();
        const std::int64_t in = layers[i].weight.size(0), out = layers[i].weight.size(1);
        forward_[i].pack(weight, out, 1, in, out);
        if (i > 0) backward_[i].pack(weight, 1, out, out, in);
        biases_[i] = padded(layers[i].bias.const_data_ptr<float>(), out);
    }
}

void Gradient::slice(Workspace& w, const float* input, const float* target, const float* weight,
                     std::int64_t count, double scale) {
    const auto last = static_cast<std::size_t>(shape_.depth);
    const std::int64_t outputs = shape_.outputs, error_row = in_panels(outputs);
    Product p;
    p.rows = count;
    p.a = input;
    p.a_row = shape_.inputs;
    for (std::size_t i = 0; i <= last; ++i) {
        p.bias = biases_[i].data();
        p.c = i < last ? w.value[i].data() : w.error.data();
        p.c_row = i < last ? stride_ : error_row;
        p.derivative = i < last ? w.derivative[i].data() : nullptr;
        p.after = i < last ? After::silu_derivative : After::store;
        multiply(p.by(forward_[i]));
        p.a = p.c;
        p.a_row = stride_;
    }
    // The gradient of weight |F - target|^2 / N takes the error's place; the loss is half of its
    // product with the error.
    for (std::int64_t row = 0; row < count; ++row) {
        const double share = scale * static_cast<double>(weight[row]);
        for (std::int64_t k = 0; k < outputs; ++k) {
            float& e = w.error[size_of(row, error_row) + static_cast<std::size_t>(k)];
            const double error =
                static_cast<double>(e) - static_cast<double>(target[row * outputs + k]);
            w.loss += 0.5 * share * error * error;
            e = static_cast<float>(share * error);
        }
    }

    // From the output down: `flow` is the gradient of what a layer gives, before its activation.
    const float* flow = w.error.data();
    std::int64_t flow_row = error_row;
    for (std::size_t i = last + 1; i-- > 0;) {
        const Layer& part = w.parts[i];
        add_rows(flow, flow_row, count, part.bias.size(0), part.bias.data_ptr<float>());
        Product g;  // the weights' gradient: what came in, transposed, times the flow
        g.a = i > 0 ? w.value[i - 1].data() : input;
        g.a_row = 1;
        g.a_k = i > 0 ? stride_ : shape_.inputs;
        g.b = flow;
        g.b_panel = panel_columns;
        g.b_k = flow_row;
        g.rows = part.weight.size(0);
        g.inner = count;
        g.columns = part.weight.size(1);
        g.c = part.weight.data_ptr<float>();
        g.c_row = part.weight.size(1);
        g.after = After::add;
        g.exact = true;
        multiply(g);
        if (i == 0) break;
        Product down;
        down.rows = count;
        down.a = flow;
        down.a_row = flow_row;
        down.c = w.next_flow.data();
        down.c_row = stride_;
        down.derivative = w.derivative[i - 1].data();
        down.after = After::multiply;
        multiply(down.by(backward_[i]));
        std::swap(w.flow, w.next_flow);
        flow = w.flow.data();
        flow_row = stride_;
    }
}

torch::Tensor Gradient::on_device(const torch::Tensor& weights, const LayerShape& shape,
                                  const torch::Tensor& input, const torch::Tensor& target,
                                  const torch::Tensor& weight, torch::Tensor& gradient) {
    const std::vector<Layer> layers = layers_of(weights, shape);
    std::vector<torch::Tensor> value{input}, derivative;
    for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
        const torch::Tensor x = at::addmm(layers[i].bias, value.back(), layers[i].weight);
        const torch::Tensor s = at::sigmoid(x);
        value.push_back(x * s);
        derivative.push_back(s + value.back() * (1 - s));
    }
    const torch::Tensor error =
        at::addmm(layers.back().bias, value.back(), layers.back().weight).sub_(target);
    torch::Tensor flow = error * (weight * (2.0 / static_cast<double>(input.size(0))));
    const torch::Tensor loss = at::dot(error.view(-1), flow.view(-1)).mul_(0.5);
    std::vector<Layer> parts = layers_of(gradient, shape);
    for (std::size_t i = layers.size(); i-- > 0;) {
        at::mm_out(parts[i].weight, value[i].t(), flow);
        at::sum_out(parts[i].bias, flow, {0});
        if (i > 0) flow = at::mm(flow, layers[i].weight.t()).mul_(derivative[i - 1]);
    }
    return loss;
}

torch::Tensor Gradient::operator()(const torch::Tensor& weights, const LayerShape& shape,
                                   const torch::Tensor& input, const torch::Tensor& target,
                                   const torch::Tensor& weight, torch::Tensor& gradient) {
    const torch::NoGradGuard no_grad;
    if (!weights.is_cpu()) return on_device(weights, shape, input, target, weight, gradient);
    const std::int64_t n = input.size(0);
    prepare(shape, n);
    pack(weights);
    const std::int64_t slices = (n + slice_rows - 1) / slice_rows;
    const auto count = static_cast<std::int64_t>(workspaces_.size());
    const torch::Tensor whole[] = {input.contiguous(), target.contiguous(), weight.contiguous()};
    const float* inputs = whole[0].const_data_ptr<float>();
    const float* targets = whole[1].const_data_ptr<float>();
    const float* row_weights = whole[2].const_data_ptr<float>();
    share_work(count, [&](std::int64_t i) {
        Workspace& w = workspaces_[static_cast<std::size_t>(i)];
        std::fill_n(w.gradient, shape.weight_count(), 0.0F);
        w.loss = 0;
        for (std::int64_t s = i * slices / count; s < (i + 1) * slices / count; ++s) {
            const std::int64_t start = s * slice_rows;
            slice(w, inputs + start * shape.inputs, targets + start * shape.outputs,
                  row_weights + start, std::min(slice_rows, n - start),
                  2.0 / static_cast<double>(n));
        }
    });
    const std::int64_t numbers = shape.weight_count();
    float* total = gradient.data_ptr<float>();
    share_blocks(numbers, 4096, [&](std::int64_t first, std::int64_t last) {
        std::copy(workspaces_[0].gradient + first, workspaces_[0].gradient + last, total + first);
        if (count == 1) return;
        add_rows(workspaces_[1].gradient + first, numbers, count - 1, last - first, total + first);
    });
    double loss = 0;
    for (const Workspace& w : workspaces_)
        loss += w.loss;
    return torch::scalar_tensor(loss, weights.options());
}

}  // namespace driftglass
