#pragma once

#include <cstdint>

#include "core/model/layers.hpp"
#include "core/model/normalisation.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// A small perceptron that tells the label of a noisy point: p(c | x_t = x), for guidance (Dhariwal
/// and Nichol 2021). Like the network it sees the normalised position z and features of the path's
/// angle theta, so it too serves every schedule of a Gaussian source; without the network's waves
/// through z, with which its gradient is several times as noisy:
///     log p(c | x) = log_softmax_c(log p(c) + cos(theta) F_c(z, theta)),
/// with the shares p(c) of the data. The factor cos(theta) is what the exact posterior has: towards
/// pure noise nothing is known, and the gradient goes to 0 with alpha.
///
/// Classes are the labels 0 … C - 2, and C - 1 for points that have none. A fresh one answers p(c)
/// everywhere. Copies share nothing.
class Classifier {
public:
    static constexpr int width = 64;
    static constexpr int depth = 2;

    /// log_prior [C] float32.
    Classifier(int dimension, const torch::Tensor& log_prior, const Normalisation& normalisation,
               torch::Device device, std::uint64_t seed);
    Classifier(const Classifier& other);
    Classifier& operator=(const Classifier& other);
    Classifier(Classifier&&) noexcept = default;
    Classifier& operator=(Classifier&&) noexcept = default;
    ~Classifier() = default;

    int dimension() const { return dimension_; }
    int classes() const { return static_cast<int>(log_prior_.size(0)); }
    const Normalisation& normalisation() const { return normalisation_; }
    const torch::Tensor& log_prior() const { return log_prior_; }
    void set_log_prior(const torch::Tensor& log_prior);
    const torch::Tensor& weights() const { return weights_; }
    /// Copies `weights` [P] into place.
    void set_weights(const torch::Tensor& weights);
    void to(torch::Device device);
    LayerShape shape() const;

    /// log p(c | x_t = x) [N, C]; x [N, D], t double CPU [] or [N]. Differentiable in x.
    torch::Tensor log_probability(const Schedule& schedule, const torch::Tensor& x,
                                  const torch::Tensor& t) const;
    /// grad_x log p(label | x_t = x) [N, D], label int64 [N] of at least 0.
    torch::Tensor gradient(const Schedule& schedule, const torch::Tensor& x, const torch::Tensor& t,
                           const torch::Tensor& label) const;
    /// Its divergence [N], exact.
    torch::Tensor laplacian(const Schedule& schedule, const torch::Tensor& x,
                            const torch::Tensor& t, const torch::Tensor& label) const;

private:
    int dimension_;
    Normalisation normalisation_;
    torch::Tensor log_prior_;
    torch::Tensor weights_;
};

/// log p(c | x) of a classifier from its layers: `place` and `rest` as apply_layers takes them, cos
/// [N or 1, 1].
torch::Tensor class_log_probability(const torch::Tensor& weights, const LayerShape& shape,
                                    const torch::Tensor& log_prior, const torch::Tensor& place,
                                    const torch::Tensor& rest, const torch::Tensor& cos);

/// Classes [N] of labels [N]: -1 is the last of `classes`.
torch::Tensor classes_of(const torch::Tensor& label, int classes);

}  // namespace driftglass
