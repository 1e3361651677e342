#pragma once

#include <cstdint>
#include <stop_token>

#include "core/field/field.hpp"

namespace driftglass {

/// Another field, which must outlive this one, as long work evaluates it: in slices of at most
/// `rows` rows, and where `stop` is asked for, the next slice throws Stopped instead.
class StoppableField final : public Field {
public:
    StoppableField(const Field& field, std::int64_t rows, std::stop_token stop);

    int dimension() const override { return field_.dimension(); }
    const Schedule& schedule() const override { return field_.schedule(); }
    torch::Device device() const override { return field_.device(); }
    bool has_score() const override { return field_.has_score(); }
    Prediction native() const override { return field_.native(); }
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

    /// Of one slice of each call, which stands for all rows.
    std::int64_t evaluations() const override { return evaluations_; }

private:
    /// `evaluate(rows)` for one slice of all rows after the other, put together.
    template <class Evaluate>
    torch::Tensor in_slices(std::int64_t count, const Evaluate& evaluate) const;

    const Field& field_;
    std::int64_t rows_;
    std::stop_token stop_;
    mutable std::int64_t evaluations_ = 0;
};

}  // namespace driftglass
