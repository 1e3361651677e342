#pragma once

#include <memory>
#include <vector>

#include "core/field/field.hpp"
#include "core/field/gaussian_mixture.hpp"

namespace driftglass {

/// The field of x_t = alpha x0 + sigma x1 in closed form, with x0 and x1 independent and both
/// mixtures of Gaussians. For a pair k of components, x_t ~ N(mu, V I) with
///     mu = alpha m + sigma n,   V = alpha^2 s_0^2 + sigma^2 s_1^2,
/// and E[p x0 + q x1 | x, k] = p m + q n + (p alpha s_0^2 + q sigma s_1^2) / V (x - mu); the field
/// is the mean of those under the pairs' responsibilities (softmax of log densities).
///
/// A label >= 0 restricts x0 to the components with that label; -1 takes all. A label that no
/// component has is an Error. t is clamped to [1e-9, 1 - 1e-9], where everything is finite.
///
/// Works in tiles of 65,536 pairs, so N x K may be any size and memory is O(N + K); in float32
/// where that is as good, in float64 where a component at t is narrower than 1 % of the extent, and
/// for x in float64 (never on MPS, which has none).
class ExactField final : public Field {
public:
    /// Source N(0, I) (ve and edm too: their sigma carries the scale).
    ExactField(std::shared_ptr<const Schedule> schedule, const GaussianMixture& data,
               torch::Device device = torch::kCPU);
    /// Any mixture as the source: velocity only. Throws Error where both have components of width 0
    /// (no density in between) or with more than 1,000,000 pairs of components.
    ExactField(std::shared_ptr<const Schedule> schedule, const GaussianMixture& data,
               const GaussianMixture& source, torch::Device device = torch::kCPU);

    int dimension() const override { return dimension_; }
    const Schedule& schedule() const override { return *schedule_; }
    torch::Device device() const override { return device_; }
    bool has_score() const override { return gaussian_source_; }
    Prediction native() const override {
        return gaussian_source_ ? Prediction::data : Prediction::velocity;
    }
    torch::Tensor native_value(const torch::Tensor& x, const torch::Tensor& t,
                               const torch::Tensor& label) const override;
    torch::Tensor value(Prediction kind, const torch::Tensor& x, const torch::Tensor& t,
                        const torch::Tensor& label = {}) const override;
    torch::Tensor divergence(const torch::Tensor& x, const torch::Tensor& t,
                             const torch::Tensor& label = {}) const override;
    torch::Tensor probed_divergence(const torch::Tensor& probe, const torch::Tensor& x,
                                    const torch::Tensor& t,
                                    const torch::Tensor& label = {}) const override;
    torch::Tensor log_density(const torch::Tensor& x, const torch::Tensor& t,
                              const torch::Tensor& label = {}) const override;

    /// Var(target | x_t = x) [N], summed over the D coordinates, of the regression target of a kind
    /// (velocity: alpha' x0 + sigma' x1; score: -x1 / sigma).
    torch::Tensor target_variance(Prediction kind, const torch::Tensor& x, const torch::Tensor& t,
                                  const torch::Tensor& label = {}) const;

    /// Draws of (x0, x1) given x_t = x, for each row of x: both [N, D].
    struct Pairs {
        torch::Tensor x0, x1;
    };
    Pairs posterior_pairs(const torch::Tensor& x, double t, const torch::Tensor& label,
                          torch::Generator generator) const;
    /// Fresh draws of x0 [count, D]; label -1 takes all components.
    torch::Tensor draw_data(std::int64_t count, int label, torch::Generator generator) const;

    /// Fresh draws of x_t = alpha x0 + sigma x1 at t, [count, D].
    torch::Tensor draw(std::int64_t count, double t, int label, torch::Generator generator) const;
    /// log p0(x) [N] of the data themselves, not of x_t at a small t: with smooth_data() only.
    torch::Tensor data_log_density(const torch::Tensor& x, const torch::Tensor& label = {}) const;
    /// True where the data have a density: every width is above 0.
    bool smooth_data() const;

    /// Pairs of a component of the data and one of the source: what an evaluation costs at a point.
    std::int64_t pairs() const;
    /// The labels >= 0 that occur, ascending.
    const std::vector<int>& labels() const { return labels_; }
    /// log of the share of the data that has this label, log p(c).
    double log_share(int label) const;
    /// log p(label | x_t = x) [N]: the exact soft classifier, log q_t(x | c) + log p(c) - log
    /// q_t(x).
    torch::Tensor log_class_probability(const torch::Tensor& x, const torch::Tensor& t,
                                        int label) const;

private:
    struct Components;
    struct Times;
    struct Tile;

    void set_up(const GaussianMixture& data, const GaussianMixture& source);
    const Components& components(int label) const;
    Times times(const torch::Tensor& t) const;
    /// [N, columns] float64: `read(tile)` of every tile, rows grouped by label.
    template <class Read>
    torch::Tensor read_tiles(const torch::Tensor& x, const Times& all_times,
                             const torch::Tensor& label, std::int64_t columns, bool precise,
                             const Read& read) const;
    torch::Tensor draw_mixture(const Components& parts, double alpha, double sigma,
                               std::int64_t count, torch::Generator generator) const;
    torch::Tensor jacobian_form(const torch::Tensor& probe, const torch::Tensor& x,
                                const torch::Tensor& t, const torch::Tensor& label) const;

    std::shared_ptr<const Schedule> schedule_;
    torch::Device device_;
    int dimension_;
    bool gaussian_source_;
    torch::ScalarType wide_;  ///< float64 where the device has it
    std::vector<int> labels_;
    /// One for all components, then one a label.
    std::vector<std::shared_ptr<const Components>> components_;
};

}  // namespace driftglass
