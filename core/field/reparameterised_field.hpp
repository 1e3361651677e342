#pragma once

#include <memory>

#include "core/field/field.hpp"

namespace driftglass {

/// A field of one schedule used on another without training again (Karras et al. 2022, section 2;
/// Lipman et al. 2024, section 4.6): at the time t' with the same log-SNR, and with x scaled by
/// c = alpha'/alpha = sigma'/sigma, x0hat and epshat are the same. Where the new schedule's log-SNR
/// leaves the old one's range, t' is the nearer end.
/// Throws Error where the source is not Gaussian: there log-SNR does not fix the distribution.
class ReparameterisedField final : public Field {
public:
    ReparameterisedField(std::shared_ptr<const Field> field,
                         std::shared_ptr<const Schedule> schedule);

    int dimension() const override { return field_->dimension(); }
    const Schedule& schedule() const override { return *schedule_; }
    torch::Device device() const override { return field_->device(); }
    Prediction native() const override;
    torch::Tensor native_value(const torch::Tensor& x, const torch::Tensor& t,
                               const torch::Tensor& label) const override;
    torch::Tensor divergence(const torch::Tensor& x, const torch::Tensor& t,
                             const torch::Tensor& label = {}) const override;
    torch::Tensor probed_divergence(const torch::Tensor& probe, const torch::Tensor& x,
                                    const torch::Tensor& t,
                                    const torch::Tensor& label = {}) const override;
    torch::Tensor log_density(const torch::Tensor& x, const torch::Tensor& t,
                              const torch::Tensor& label = {}) const override;
    std::int64_t evaluations() const override { return field_->evaluations(); }

private:
    struct Match;
    Match match(const torch::Tensor& x, const torch::Tensor& t) const;

    std::shared_ptr<const Field> field_;
    std::shared_ptr<const Schedule> schedule_;
};

}  // namespace driftglass
