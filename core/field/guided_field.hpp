#pragma once

#include <functional>
#include <memory>

#include "core/field/field.hpp"
#include "core/field/field_settings.hpp"

namespace driftglass {

/// s_w = s(none) + w [s(c) - s(none)]: w = 0 unconditional, 1 conditional, above 1 extrapolates
/// (Ho and Salimans 2022, with w shifted by one). The same on every affine kind, so it is done on
/// the native one.
///   cfg: both from one field.
///   autoguidance (Karras et al. 2024): the weaker field of the same label in place of `none`.
///   classifier (Dhariwal and Nichol 2021): s(none) + w grad log p(c | x_t).
/// Outside settings.interval_low <= t <= interval_high the conditional field (w = 1) is used.
/// A row's own label is the class; where no label is given, settings.label. A row with label -1 is
/// not guided.
class GuidedField final : public Field {
public:
    /// grad log p(label | x_t = x) [N, D]; same shapes as a field's.
    using ClassifierGradient = std::function<torch::Tensor(
        const torch::Tensor& x, const torch::Tensor& t, const torch::Tensor& label)>;

    /// A classifier's part: its gradient and that one's divergence [N] (null: the guided field has
    /// no divergence either).
    struct ClassifierParts {
        ClassifierGradient gradient, laplacian;
    };

    /// `weaker`: autoguidance only; `classifier`: that kind only. Throws Error for a kind without
    /// its part, a scale that is not finite, or a classifier on a field that has no score.
    GuidedField(std::shared_ptr<const Field> field, const GuidanceSettings& settings,
                std::shared_ptr<const Field> weaker = nullptr, ClassifierParts classifier = {});

    int dimension() const override { return field_->dimension(); }
    const Schedule& schedule() const override { return field_->schedule(); }
    torch::Device device() const override { return field_->device(); }
    bool has_score() const override { return field_->has_score(); }
    Prediction native() const override { return field_->native(); }
    torch::Tensor native_value(const torch::Tensor& x, const torch::Tensor& t,
                               const torch::Tensor& label) const override;
    torch::Tensor value(Prediction kind, const torch::Tensor& x, const torch::Tensor& t,
                        const torch::Tensor& label = {}) const override;
    torch::Tensor divergence(const torch::Tensor& x, const torch::Tensor& t,
                             const torch::Tensor& label = {}) const override;
    torch::Tensor probed_divergence(const torch::Tensor& probe, const torch::Tensor& x,
                                    const torch::Tensor& t,
                                    const torch::Tensor& label = {}) const override;

    std::int64_t evaluations() const override {
        return field_->evaluations() + (weaker_ ? weaker_->evaluations() : 0);
    }

private:
    template <class Evaluate>
    torch::Tensor combine(const torch::Tensor& x, const torch::Tensor& t,
                          const torch::Tensor& label, const Evaluate& evaluate) const;
    torch::Tensor classifier_factor(const torch::Tensor& x, const torch::Tensor& t,
                                    const torch::Tensor& wanted) const;
    torch::Tensor classifier_data(const torch::Tensor& x, const torch::Tensor& t,
                                  const torch::Tensor& label) const;
    torch::Tensor classifier_divergence(const torch::Tensor& x, const torch::Tensor& t,
                                        const torch::Tensor& label) const;
    torch::Tensor scales(const torch::Tensor& x, const torch::Tensor& t,
                         const torch::Tensor& label) const;
    torch::Tensor classes(const torch::Tensor& x, const torch::Tensor& label) const;

    std::shared_ptr<const Field> field_;
    std::shared_ptr<const Field> weaker_;
    GuidanceSettings settings_;
    ClassifierParts classifier_;
};

}  // namespace driftglass
