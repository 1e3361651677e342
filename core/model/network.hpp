#pragma once

#include <cstdint>
#include <utility>

#include "core/model/layers.hpp"
#include "core/model/model_settings.hpp"
#include "core/model/normalisation.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// A multilayer perceptron (x, t, label) -> prediction, with all its weights in one flat tensor.
///
/// Inside, everything is of unit size (core/model/normalisation.hpp): the layers see features of
/// the normalised position z and of the path's angle theta and one column a label (a label of -1
/// leaves all columns zero, so the first bias is what "none" learns), and answer with F, the
/// normalised velocity. Hidden layers are affine maps followed by SiLU. Training sees F as it is;
/// predictions hold it within the reach of the data (normalisation.hpp).
///
/// Copies share nothing: a copy is a checkpoint.
class Network {
public:
    /// Random weights (from `seed`), last layer zero: a fresh network is the field of a Gaussian
    /// with the data's mean and standard deviation. Throws Error for settings out of range.
    Network(const ModelSettings& settings, int dimension, int labels,
            const Normalisation& normalisation, torch::Device device, std::uint64_t seed);
    Network(const Network& other);
    Network& operator=(const Network& other);
    Network(Network&&) noexcept = default;
    Network& operator=(Network&&) noexcept = default;
    ~Network() = default;

    const ModelSettings& settings() const { return settings_; }
    int dimension() const { return dimension_; }
    int labels() const { return labels_; }
    torch::Device device() const { return weights_.device(); }
    const Normalisation& normalisation() const { return normalisation_; }
    void set_normalisation(const Normalisation& normalisation) { normalisation_ = normalisation; }

    const Reach& reach() const { return reach_; }
    void set_reach(const Reach& reach) { reach_ = reach; }

    LayerShape shape() const;
    /// [P] float32, laid out as layers.hpp says: the label rows come last.
    const torch::Tensor& weights() const { return weights_; }
    /// Copies `weights` [P] into place.
    void set_weights(const torch::Tensor& weights);
    /// Makes room for labels 0 to count - 1; known rows stay as they are, new rows are zero.
    void grow_labels(int count);
    void to(torch::Device device);

    /// Prediction of `kind` [N, D] at x [N, D], t double CPU [] or [N], label int64 [N] or
    /// undefined (labels the network does not know count as none). Fast, without autograd, any N.
    torch::Tensor evaluate(Prediction kind, const Schedule& schedule, const torch::Tensor& x,
                           const torch::Tensor& t, const torch::Tensor& label = {}) const;
    /// The same, differentiable in x and, where given, in `weights` [P] that stand in for its own.
    torch::Tensor predict(Prediction kind, const Schedule& schedule, const torch::Tensor& x,
                          const torch::Tensor& t, const torch::Tensor& label = {},
                          const torch::Tensor& weights = {}) const;
    /// `predict` and its divergence in x [N], exact: D forward-mode tangents.
    std::pair<torch::Tensor, torch::Tensor> predict_with_divergence(
        Prediction kind, const Schedule& schedule, const torch::Tensor& x, const torch::Tensor& t,
        const torch::Tensor& label = {}, const torch::Tensor& weights = {}) const;

private:
    torch::Tensor evaluate_on_cpu(Prediction kind, const Schedule& schedule, const torch::Tensor& x,
                                  const torch::Tensor& t, const torch::Tensor& label) const;

    ModelSettings settings_;
    int dimension_;
    int labels_;
    Normalisation normalisation_;
    Reach reach_;
    torch::Tensor weights_;
};

/// One column a label, [N, labels]: 1 where it is the row's label; -1 and unknown labels: none.
torch::Tensor label_columns(const torch::Tensor& label, int labels);

}  // namespace driftglass
