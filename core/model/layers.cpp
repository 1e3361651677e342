#include "core/model/layers.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "core/model/dense.hpp"
#include "core/share_work.hpp"

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

torch::Tensor random_weights(const LayerShape& shape, std::uint64_t seed) {
    auto generator = at::detail::createCPUGenerator(seed);
    torch::Tensor flat = torch::zeros({shape.weight_count()});
    const std::vector<Layer> layers = layers_of(flat, shape);
    for (int i = 0; i < shape.depth; ++i) {
        const double fan_in = i == 0 ? shape.inputs : shape.width;
        const double bound = 1 / std::sqrt(fan_in);
        layers[i].weight.uniform_(-bound, bound, generator);
        layers[i].bias.uniform_(-bound, bound, generator);
    }
    return flat;
}

namespace {

/// The first layer before its activation.
torch::Tensor first(const Layer& layer, const torch::Tensor& place, const torch::Tensor& rest) {
    const std::int64_t p = place.size(1);
    const torch::Tensor base =
        at::addmm(layer.bias, rest, layer.weight.narrow(0, p, layer.weight.size(0) - p));
    return at::addmm(base, place, layer.weight.narrow(0, 0, p));
}

}  // namespace

torch::Tensor apply_layers(const std::vector<Layer>& layers, const torch::Tensor& place,
                           const torch::Tensor& rest) {
    torch::Tensor h = first(layers[0], place, rest);
    for (std::size_t i = 1; i < layers.size(); ++i) {
        h = at::addmm(layers[i].bias, at::silu(h), layers[i].weight);
    }
    return h;
}

std::pair<torch::Tensor, torch::Tensor> apply_layers_with_slopes(
    const std::vector<Layer>& layers, const torch::Tensor& place,
    const std::vector<torch::Tensor>& along, const torch::Tensor& rest) {
    const auto d = static_cast<std::int64_t>(along.size());
    torch::Tensor h = first(layers[0], place, rest);
    std::vector<torch::Tensor> tangents(along.size());
    for (std::int64_t j = 0; j < d; ++j)
        tangents[j] = at::mm(along[j], layers[0].weight.narrow(0, 0, place.size(1)));
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
    return {h, at::cat(tangents, 1)};
}

namespace {

/// What a slice becomes from layer to layer.
struct Activations {
    AlignedFloats now, next;
};

/// Activations of one evaluation, one for each thread at work: a piece that is done leaves its own
/// to the next.
class Spares {
public:
    explicit Spares(std::size_t size) : size_(size) {}
    Activations take() {
        {
            const std::lock_guard lock(mutex_);
            if (!free_.empty()) {
                Activations last = std::move(free_.back());
                free_.pop_back();
                return last;
            }
        }
        return {AlignedFloats(size_), AlignedFloats(size_)};
    }
    void put(Activations activations) {
        const std::lock_guard lock(mutex_);
        free_.push_back(std::move(activations));
    }

private:
    std::size_t size_;
    std::mutex mutex_;
    std::vector<Activations> free_;
};

}  // namespace

torch::Tensor evaluate_layers(const std::vector<Layer>& layers, std::int64_t n,
                              std::int64_t columns, const std::vector<float>& rest,
                              const std::function<void(const LayerRows&)>& input,
                              const std::function<void(const LayerRows&)>& output) {
    const torch::NoGradGuard no_grad;
    const std::int64_t width = layers[0].bias.size(0), outputs = layers.back().bias.size(0);
    torch::Tensor result = at::empty({n, outputs}, layers[0].bias.options());
    if (n == 0) return result;

    std::vector<Panels> weights(layers.size());
    std::vector<std::vector<float>> biases(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::int64_t out = layers[i].bias.size(0);
        const std::int64_t in = i == 0 ? columns : layers[i].weight.size(0);
        weights[i].pack(layers[i].weight.const_data_ptr<float>(), out, 1, in, out);
        biases[i] = padded(layers[i].bias.const_data_ptr<float>(), out);
    }
    const float* shared = layers[0].weight.const_data_ptr<float>() + columns * width;
    for (const float value : rest) {
        for (std::int64_t j = 0; j < width; ++j)
            biases[0][static_cast<std::size_t>(j)] += value * shared[j];
        shared += width;
    }

    const std::int64_t stride = std::max(in_panels(width), columns);
    float* to = result.data_ptr<float>();
    constexpr std::int64_t rows = 48;                   // in the cache, and whole tiles
    const std::int64_t slices = n > 16 * rows ? 4 : 1;  // of a piece
    Spares spares(static_cast<std::size_t>(rows * stride));
    const auto piece = [&](std::int64_t begin, std::int64_t end) {
        Activations own = spares.take();
        AlignedFloats &h = own.now, &next = own.next;
        for (std::int64_t start = begin; start < end; start += rows) {
            Product p;
            p.rows = std::min(rows, end - start);
            p.a = h.data();
            p.a_row = columns;
            input({start, p.rows, h.data()});
            for (std::size_t i = 0; i < layers.size(); ++i) {
                const bool is_last = i + 1 == layers.size();
                p.bias = biases[i].data();
                p.c = is_last ? to + start * outputs : next.data();
                p.c_row = is_last ? outputs : stride;
                p.after = is_last ? After::store : After::silu;
                p.exact = is_last;
                multiply(p.by(weights[i]));
                std::swap(h, next);
                p.a = h.data();
                p.a_row = stride;
            }
            output({start, p.rows, to + start * outputs});
        }
        spares.put(std::move(own));
    };
    share_blocks(n, slices * rows, piece);
    return result;
}

}  // namespace driftglass
