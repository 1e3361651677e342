#include "core/model/network.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "core/key.hpp"
#include "core/model/affine_tensors.hpp"
#include "core/model/position_features.hpp"
#include "core/model/time_features.hpp"
#include "core/share_work.hpp"

namespace driftglass {
namespace {

/// The input's columns after the position: time features and labels, [N or 1, ...].
torch::Tensor rest_of_input(const torch::Tensor& features, const torch::Tensor& label, int labels) {
    if (labels == 0) return features;
    if (!label.defined()) {
        return at::cat({features, at::zeros({features.size(0), labels}, features.options())}, 1);
    }
    const torch::Tensor columns = label_columns(label.to(features.device()), labels);
    const std::int64_t n = columns.size(0) == 1 ? features.size(0) : columns.size(0);
    return at::cat({features.expand({n, features.size(1)}), columns.expand({n, labels})}, 1);
}

/// One time's numbers, and those that every row needs in float32.
struct RowNumbers {
    explicit RowNumbers(const Affine& affine)
        : exact(affine),
          shift{static_cast<float>(affine.shift[0]), static_cast<float>(affine.shift[1])},
          offset{static_cast<float>(affine.offset[0]), static_cast<float>(affine.offset[1])},
          inverse_r(static_cast<float>(affine.inverse_r)),
          cos(static_cast<float>(affine.cos)),
          sin(static_cast<float>(affine.sin)),
          skip(static_cast<float>(affine.skip)),
          out(static_cast<float>(affine.out)) {}

    Affine exact;
    std::array<float, 2> shift, offset;
    float inverse_r, cos, sin, skip, out;
};

/// F of one coordinate, so that z0 = cos z - sin F stays within [low, high].
float held(float f, float z, const RowNumbers& a, float low, float high) {
    const float z0 = a.cos * z - a.sin * f;
    if (!(z0 < low || z0 > high)) return f;
    const double nearest = z0 < low ? low : high;
    return static_cast<float>((a.exact.cos * z - nearest) /
                              std::max(a.exact.sin, Reach::least_sin));
}

/// The same of rows [N, D], with which of them were held.
struct Held {
    torch::Tensor f, outside;
    torch::Tensor slope;  ///< of those by z, [N or 1, 1]
};
Held held(const torch::Tensor& f, const torch::Tensor& z, const AffineTensors& a,
          const Reach& reach) {
    const auto row = [&](const std::array<double, 2>& numbers) {
        return torch::tensor({numbers[0], numbers[1]}, z.options()).narrow(0, 0, z.size(1));
    };
    const torch::Tensor z0 = a.cos * z - a.sin * f;
    const torch::Tensor nearest = at::minimum(at::maximum(z0, row(reach.low)), row(reach.high));
    const torch::Tensor outside = z0.ne(nearest).logical_and(z0.isfinite());
    const torch::Tensor sin = a.sin.clamp_min(Reach::least_sin);
    return {at::where(outside, (a.cos * z - nearest.detach()) / sin, f), outside, a.cos / sin};
}

}  // namespace

torch::Tensor label_columns(const torch::Tensor& label, int labels) {
    const torch::Tensor known = at::arange(labels, label.options());
    return label.unsqueeze(1).eq(known).to(torch::kFloat32);
}

Network::Network(const ModelSettings& settings, int dimension, int labels,
                 const Normalisation& normalisation, torch::Device device, std::uint64_t seed)
    : settings_(settings), dimension_(dimension), labels_(labels), normalisation_(normalisation) {
    check_ranges("model", settings);
    weights_ = random_weights(shape(), seed).to(device);
}

Network::Network(const Network& other)
    : settings_(other.settings_),
      dimension_(other.dimension_),
      labels_(other.labels_),
      normalisation_(other.normalisation_),
      reach_(other.reach_),
      weights_(other.weights_.detach().clone()) {}

Network& Network::operator=(const Network& other) {
    if (this != &other) *this = Network(other);
    return *this;
}

LayerShape Network::shape() const {
    return {position_columns(dimension_) + time_feature_count + labels_, settings_.width,
            settings_.depth, dimension_};
}

void Network::set_weights(const torch::Tensor& weights) {
    const torch::NoGradGuard no_grad;
    weights_.copy_(weights);
}

void Network::grow_labels(int count) {
    if (count <= labels_) return;
    const torch::NoGradGuard no_grad;
    const std::int64_t more = static_cast<std::int64_t>(count - labels_) * settings_.width;
    weights_ = at::cat({weights_, at::zeros({more}, weights_.options())});
    labels_ = count;
}

void Network::to(torch::Device device) {
    weights_ = weights_.to(device);
}

torch::Tensor Network::evaluate(Prediction kind, const Schedule& schedule, const torch::Tensor& x,
                                const torch::Tensor& t, const torch::Tensor& label) const {
    const torch::NoGradGuard no_grad;
    return weights_.is_cpu() ? evaluate_on_cpu(kind, schedule, x, t, label)
                             : predict(kind, schedule, x, t, label);
}

// By hand from x to the prediction: at a few hundred points the calls of operators would take as
// long as the layers.
torch::Tensor Network::evaluate_on_cpu(Prediction kind, const Schedule& schedule,
                                       const torch::Tensor& x, const torch::Tensor& t,
                                       const torch::Tensor& label) const {
    const std::int64_t n = x.size(0);
    const int d = dimension_;
    const torch::Tensor points = x.contiguous();
    const float* from = points.const_data_ptr<float>();

    const torch::Tensor times = t.to(torch::kCPU, torch::kFloat64).contiguous();
    const double* time = times.const_data_ptr<double>();
    std::vector<RowNumbers> numbers(static_cast<std::size_t>(times.numel()), RowNumbers({}));
    share_blocks(times.numel(), 256, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            numbers[static_cast<std::size_t>(i)] =
                RowNumbers(affine_at(normalisation_, kind, schedule, time[i]));
    });
    const bool one_time = times.numel() == 1;
    const auto at = [&](std::int64_t i) -> const RowNumbers& {
        return numbers[one_time ? 0 : static_cast<std::size_t>(i)];
    };

    torch::Tensor labels;
    if (labels_ > 0 && label.defined()) labels = label.to(torch::kCPU, torch::kInt64).contiguous();
    const bool one_label = !labels.defined() || labels.size(0) == 1;
    // The columns after the position's.
    const auto write_rest = [&](std::int64_t i, float* to) {
        const Affine& a = at(i).exact;
        write_time_features(a.cos, a.sin,
                            std::span<float, time_feature_count>(to, time_feature_count));
        to += time_feature_count;
        std::fill(to, to + labels_, 0.0F);
        if (!labels.defined()) return;
        const std::int64_t wanted = labels.const_data_ptr<std::int64_t>()[one_label ? 0 : i];
        if (wanted >= 0 && wanted < labels_) to[wanted] = 1;
    };
    const std::int64_t places = position_columns(d);
    const bool shared = one_time && one_label;
    std::vector<float> rest;
    if (shared) {
        rest.resize(static_cast<std::size_t>(time_feature_count + labels_));
        write_rest(0, rest.data());
    }
    const std::int64_t columns = shared ? places : shape().inputs;

    const auto position = [&](const RowNumbers& a, std::int64_t i, int k) {
        return (from[i * d + k] - a.shift[static_cast<std::size_t>(k)]) * a.inverse_r;
    };
    const auto input = [&](const LayerRows& rows) {
        for (std::int64_t i = 0; i < rows.count; ++i) {
            float* row = rows.values + i * columns;
            const RowNumbers& a = at(rows.first + i);
            for (int k = 0; k < d; ++k)
                row[k] = position(a, rows.first + i, k);
            if (!shared) write_rest(rows.first + i, row + places);
        }
        write_position_waves(rows.values, columns, rows.count, d);
    };
    const std::array low{static_cast<float>(reach_.low[0]), static_cast<float>(reach_.low[1])};
    const std::array high{static_cast<float>(reach_.high[0]), static_cast<float>(reach_.high[1])};
    const auto output = [&](const LayerRows& rows) {
        for (std::int64_t i = 0; i < rows.count; ++i) {
            float* row = rows.values + i * d;
            const RowNumbers& a = at(rows.first + i);
            for (int k = 0; k < d; ++k) {
                const auto axis = static_cast<std::size_t>(k);
                const float z = position(a, rows.first + i, k);
                row[k] =
                    held(row[k], z, a, low[axis], high[axis]) * a.out + z * a.skip + a.offset[axis];
            }
        }
    };
    return evaluate_layers(layers_of(weights_, shape()), n, columns, rest, input, output);
}

torch::Tensor Network::predict(Prediction kind, const Schedule& schedule, const torch::Tensor& x,
                               const torch::Tensor& t, const torch::Tensor& label,
                               const torch::Tensor& weights) const {
    const AffineTensors a = affine_tensors(normalisation_, dimension_, kind, schedule, t, device());
    const torch::Tensor z = (x - a.shift) * a.inverse_r;
    const torch::Tensor rest = rest_of_input(a.features, label, labels_);
    const torch::Tensor& used = weights.defined() ? weights : weights_;
    const torch::Tensor f = apply_layers(layers_of(used, shape()), position_features(z), rest);
    return a.offset + a.skip * z + a.out * held(f, z, a, reach_).f;
}

std::pair<torch::Tensor, torch::Tensor> Network::predict_with_divergence(
    Prediction kind, const Schedule& schedule, const torch::Tensor& x, const torch::Tensor& t,
    const torch::Tensor& label, const torch::Tensor& weights) const {
    const AffineTensors a = affine_tensors(normalisation_, dimension_, kind, schedule, t, device());
    const torch::Tensor z = (x - a.shift) * a.inverse_r;
    const torch::Tensor rest = rest_of_input(a.features, label, labels_);
    const torch::Tensor& used = weights.defined() ? weights : weights_;
    const auto [f, slopes] = apply_layers_with_slopes(
        layers_of(used, shape()), position_features(z), position_tangents(z), rest);
    const Held within = held(f, z, a, reach_);
    const torch::Tensor divergence =
        at::where(within.outside, within.slope, slopes).sum(1, /*keepdim=*/true);
    return {a.offset + a.skip * z + a.out * within.f,
            ((dimension_ * a.skip + a.out * divergence) * a.inverse_r).squeeze(1)};
}

}  // namespace driftglass
