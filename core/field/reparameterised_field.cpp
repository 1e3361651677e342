#include "core/field/reparameterised_field.hpp"

#include <cmath>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

/// The old field's arguments for (x, t) of the new schedule.
struct ReparameterisedField::Match {
    Tensor x;      ///< c x
    Tensor time;   ///< t', as t
    Tensor scale;  ///< c, as t on x's device: [] or [N]
    /// div v = factor * div v_old + shift, as both velocities are affine in x0hat.
    Tensor factor, shift;
};

ReparameterisedField::ReparameterisedField(std::shared_ptr<const Field> field,
                                           std::shared_ptr<const Schedule> schedule)
    : field_(std::move(field)), schedule_(std::move(schedule)) {
    if (!field_->has_score()) {
        throw Error(
            "path: a model of a source other than an independent Gaussian can be sampled on "
            "the schedule it was trained on only: there log-SNR does not fix the "
            "distribution");
    }
}

Prediction ReparameterisedField::native() const {
    const Prediction old = field_->native();
    return old == Prediction::noise || old == Prediction::score ? Prediction::noise
                                                                : Prediction::data;
}

ReparameterisedField::Match ReparameterisedField::match(const Tensor& x, const Tensor& t) const {
    const Tensor given = t.to(torch::kCPU, torch::kFloat64).contiguous();
    const std::int64_t count = given.numel();
    const Tensor numbers = torch::empty({4, count}, torch::kFloat64);
    double* out = numbers.data_ptr<double>();
    const auto dimension = static_cast<double>(field_->dimension());
    const Schedule& old_schedule = field_->schedule();
    for (std::int64_t i = 0; i < count; ++i) {
        const double time = given.data_ptr<double>()[i];
        const double old_time = old_schedule.time_of_log_snr(schedule_->log_snr(time));
        const Coefficients c = schedule_->at(time);
        const Coefficients old = old_schedule.at(old_time);
        const double scale = std::hypot(old.alpha, old.sigma) / std::hypot(c.alpha, c.sigma);
        // v = (det / sigma) x0hat' + (sigma' / sigma) x, det = alpha' sigma - alpha sigma'.
        const double det = c.alpha_prime * c.sigma - c.alpha * c.sigma_prime;
        const double old_det = old.alpha_prime * old.sigma - old.alpha * old.sigma_prime;
        // div x0hat_old = (sigma_old div v_old - D sigma_old') / det_old; x0hat(x) = x0hat_old(c
        // x).
        const double to_data = scale * det / (c.sigma * old_det);
        out[i] = old_time;
        out[count + i] = scale;
        out[2 * count + i] = to_data * old.sigma;
        out[3 * count + i] = dimension * (c.sigma_prime / c.sigma - to_data * old.sigma_prime);
    }
    const auto on_device = [&](int row) {
        const Tensor values = numbers[row].to(x.device(), x.scalar_type());
        return t.dim() == 0 ? values.squeeze(0) : values;
    };
    const Tensor time = t.dim() == 0 ? numbers[0].squeeze(0) : numbers[0];
    const Tensor scale = on_device(1);
    return {x * (scale.dim() == 0 ? scale : scale.unsqueeze(1)), time, scale, on_device(2),
            on_device(3)};
}

Tensor ReparameterisedField::native_value(const Tensor& x, const Tensor& t,
                                          const Tensor& label) const {
    const Match matched = match(x, t);
    return field_->value(native(), matched.x, matched.time, label);
}

Tensor ReparameterisedField::divergence(const Tensor& x, const Tensor& t,
                                        const Tensor& label) const {
    const Match matched = match(x, t);
    return matched.factor * field_->divergence(matched.x, matched.time, label) + matched.shift;
}

Tensor ReparameterisedField::probed_divergence(const Tensor& probe, const Tensor& x,
                                               const Tensor& t, const Tensor& label) const {
    const Match matched = match(x, t);
    const Tensor share = probe.square().sum(1) / static_cast<double>(dimension());
    return matched.factor * field_->probed_divergence(probe, matched.x, matched.time, label) +
           matched.shift * share;
}

Tensor ReparameterisedField::log_density(const Tensor& x, const Tensor& t,
                                         const Tensor& label) const {
    const Match matched = match(x, t);
    const Tensor old = field_->log_density(matched.x, matched.time, label);
    if (!old.defined()) return {};
    return old + static_cast<double>(dimension()) * matched.scale.log();
}

}  // namespace driftglass
