#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>

#include "core/model/model_settings.hpp"
#include "core/model/normalisation.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// A multilayer perceptron (x, t, label) -> prediction, with all its weights in one flat tensor.
///
/// Inside, everything is of unit size (core/model/normalisation.hpp): the layers see the normalised
/// position z, features of the path's angle theta and one column a label (a label of -1 leaves all
/// columns zero, so the first bias is what "none" learns), and answer with F, the normalised
/// velocity. Hidden layers are affine maps followed by SiLU.
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

    const ModelSettings& settings() const { return settings_; }
    int dimension() const { return dimension_; }
    int labels() const { return labels_; }
    torch::Device device() const { return weights_.device(); }
    const Normalisation& normalisation() const { return normalisation_; }
    void set_normalisation(const Normalisation& normalisation) { normalisation_ = normalisation; }

    /// [P] float32. The label rows come last.
    const torch::Tensor& weights() const { return weights_; }
    /// Takes the values of `weights` [P] (copied into place).
    void set_weights(const torch::Tensor& weights);
    /// Makes room for labels 0..count-1; known rows stay as they are, new rows are zero.
    void grow_labels(int count);
    void to(torch::Device device);

    /// Prediction of `kind` [N, D] at x [N, D], t double CPU [] or [N], label int64 [N] or undefined.
    /// Differentiable in x where autograd is on; no slicing here.
    torch::Tensor predict(Prediction kind, const Schedule& schedule, const torch::Tensor& x,
                          const torch::Tensor& t, const torch::Tensor& label = {}) const;
    /// The same, and its divergence in x [N], exact: D forward-mode tangents.
    std::pair<torch::Tensor, torch::Tensor> predict_with_divergence(
        Prediction kind, const Schedule& schedule, const torch::Tensor& x, const torch::Tensor& t,
        const torch::Tensor& label = {}) const;

    /// The layers alone. `input` [N, inputs()] as `write_inputs` lays it out; F [N, D].
    /// `weights` [P] instead of the network's own, for autograd through the weights.
    torch::Tensor layers(const torch::Tensor& input, const torch::Tensor& weights = {}) const;
    /// Columns of the input: D positions, time features, one a label.
    int inputs() const;

    /// Atomic (temporary name, then renamed). Throws Error.
    void save(const std::filesystem::path& file) const;
    /// Throws Error in one sentence: no such file, not a file of weights, or made for another
    /// width, depth, dimension or prediction than `settings` and `dimension` say.
    static Network load(const std::filesystem::path& file, const ModelSettings& settings,
                        int dimension, torch::Device device);

private:
    ModelSettings settings_;
    int dimension_;
    int labels_;
    Normalisation normalisation_;
    torch::Tensor weights_;
};

}  // namespace driftglass
