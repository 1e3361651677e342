#pragma once

#include <memory>

#include "core/field/field.hpp"
#include "core/model/network.hpp"

namespace driftglass {

/// The field that a network has learnt. Its native kind is the model's prediction, or velocity
/// where the source is not Gaussian or not independent of the data (then no score exists).
/// Evaluated without autograd in slices of about 2,048 rows on a CPU; divergence exact.
class LearnedField : public Field {
public:
    LearnedField(std::shared_ptr<const Network> network, std::shared_ptr<const Schedule> schedule,
                 bool has_score = true);

    int dimension() const override { return network_->dimension(); }
    const Schedule& schedule() const override { return *schedule_; }
    torch::Device device() const override { return network_->device(); }
    bool has_score() const override { return has_score_; }
    Prediction native() const override;
    torch::Tensor native_value(const torch::Tensor& x, const torch::Tensor& t,
                               const torch::Tensor& label) const override;
    torch::Tensor value(Prediction kind, const torch::Tensor& x, const torch::Tensor& t,
                        const torch::Tensor& label = {}) const override;
    torch::Tensor divergence(const torch::Tensor& x, const torch::Tensor& t,
                             const torch::Tensor& label = {}) const override;
    torch::Tensor probed_divergence(const torch::Tensor& probe, const torch::Tensor& x,
                                    const torch::Tensor& t,
                                    const torch::Tensor& label = {}) const override;

    const Network& network() const { return *network_; }

private:
    std::shared_ptr<const Network> network_;
    std::shared_ptr<const Schedule> schedule_;
    bool has_score_;
};

}  // namespace driftglass
