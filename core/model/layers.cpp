#include "core/model/layers.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "core/model/silu.hpp"

namespace driftglass {

std::int64_t LayerShape::weight_count() const {
    const std::int64_t w = width;
    return (depth - 1) * (w + 1) * w + (w + 1) * outputs + (inputs + 1) * w;
}

std::vector<Layer> layers_of(const torch::Tensor& flat, const LayerShape& shape) {
    std::vector<Layer> layers(shape.depth + 1);
    std::int64_t offset = 0;
    const auto take = [&](std::int64_t in, std::int64_t out, bool bias_first) {
        Layer layer;
        const auto bias = [&] {
            layer.bias = flat.narrow(0, offset, out);
            offset += out;
        };
        if (bias_first) bias();
        layer.weight = flat.narrow(0, offset, in * out).view({in, out});
        offset += in * out;
        if (!bias_first) bias();
        return layer;
    };
    for (int i = 1; i < shape.depth; ++i)
        layers[i] = take(shape.width, shape.width, false);
    layers[shape.depth] = take(shape.width, shape.outputs, false);
    layers[0] = take(shape.inputs, shape.width, true);
    return layers;
}

namespace {

/// The first layer before its activation.
torch::Tensor first(const Layer& layer, const torch::Tensor& z, const torch::Tensor& rest) {
    const std::int64_t d = z.size(1);
    const torch::Tensor base =
        at::addmm(layer.bias, rest, layer.weight.narrow(0, d, layer.weight.size(0) - d));
    return at::addmm(base, z, layer.weight.narrow(0, 0, d));
}

}  // namespace

torch::Tensor apply_layers(const std::vector<Layer>& layers, const torch::Tensor& z,
                           const torch::Tensor& rest) {
    torch::Tensor h = first(layers[0], z, rest);
    for (std::size_t i = 1; i < layers.size(); ++i) {
        h = at::addmm(layers[i].bias, at::silu(h), layers[i].weight);
    }
    return h;
}

std::pair<torch::Tensor, torch::Tensor> apply_layers_with_divergence(
    const std::vector<Layer>& layers, const torch::Tensor& z, const torch::Tensor& rest) {
    const std::int64_t d = z.size(1);
    torch::Tensor h = first(layers[0], z, rest);
    std::vector<torch::Tensor> tangents(d);
    for (std::int64_t j = 0; j < d; ++j)
        tangents[j] = layers[0].weight.narrow(0, j, 1);
    for (std::size_t i = 1; i < layers.size(); ++i) {
        const torch::Tensor s = at::sigmoid(h);
        const torch::Tensor value = h * s;
        const torch::Tensor slope = s + value * (1 - s);
        const bool last = i + 1 == layers.size();
        for (std::int64_t j = 0; j < d; ++j) {
            const torch::Tensor& weight = layers[i].weight;
            tangents[j] = at::mm(slope * tangents[j], last ? weight.narrow(1, j, 1) : weight);
        }
        h = at::addmm(layers[i].bias, value, layers[i].weight);
    }
    torch::Tensor divergence = tangents[0];
    for (std::int64_t j = 1; j < d; ++j)
        divergence = divergence + tangents[j];
    return {h, divergence.squeeze(1)};
}

torch::Tensor evaluate_layers(const std::vector<Layer>& layers, const torch::Tensor& z,
                              const torch::Tensor& rest) {
    const torch::NoGradGuard no_grad;
    const std::int64_t n = z.size(0);
    const std::int64_t d = z.size(1);
    const std::int64_t width = layers[0].bias.size(0);
    torch::Tensor result = at::empty({n, layers.back().bias.size(0)}, z.options());
    if (n == 0) return result;
    const bool one_rest = rest.size(0) == 1;
    const torch::Tensor z_weight = layers[0].weight.narrow(0, 0, d);
    const torch::Tensor rest_weight = layers[0].weight.narrow(0, d, rest.size(1));
    const torch::Tensor shared_base =
        one_rest ? at::addmm(layers[0].bias, rest, rest_weight) : torch::Tensor{};
    const std::int64_t cached = std::clamp<std::int64_t>(65536 / width, 32, 512);
    const std::int64_t rows = z.is_cpu() ? std::min(n, cached) : n;
    const auto evaluate = [&](std::int64_t from_slice, std::int64_t to_slice) {
        const torch::NoGradGuard no_grad_here;
        torch::Tensor all_h = at::empty({rows, width}, z.options());
        torch::Tensor all_next = at::empty({rows, width}, z.options());
        for (std::int64_t slice = from_slice; slice < to_slice; ++slice) {
            const std::int64_t start = slice * rows;
            const std::int64_t count = std::min(rows, n - start);
            torch::Tensor h = all_h.narrow(0, 0, count);
            torch::Tensor next = all_next.narrow(0, 0, count);
            const torch::Tensor z_here = z.narrow(0, start, count);
            if (one_rest) {
                at::addmm_out(h, shared_base, z_here, z_weight);
            } else {
                at::addmm_out(next, layers[0].bias, rest.narrow(0, start, count), rest_weight);
                at::addmm_out(h, next, z_here, z_weight);
            }
            for (std::size_t i = 1; i < layers.size(); ++i) {
                apply_silu(h);
                if (i + 1 == layers.size()) {
                    torch::Tensor out = result.narrow(0, start, count);
                    at::addmm_out(out, layers[i].bias, h, layers[i].weight);
                } else {
                    at::addmm_out(next, layers[i].bias, h, layers[i].weight);
                    std::swap(h, next);
                }
            }
        }
    };
    const std::int64_t slices = (n + rows - 1) / rows;
    if (z.is_cpu()) {
        at::parallel_for(0, slices, 1, evaluate);
    } else {
        evaluate(0, slices);
    }
    return result;
}

}  // namespace driftglass
