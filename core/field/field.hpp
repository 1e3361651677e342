#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/path/prediction.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// THE idea: a vector field over (x, t, label), learned or exact, that every sampler, measure and
/// picture works on. An implementation answers with one of the affine quantities (its `native()`
/// kind); this base converts it to any other by core/path/conversion.hpp.
///
/// Shapes: x float32 [N, D] on the field's device; t double on the CPU, [] or [N]; label int64 [N]
/// (-1 = none) or undefined for "no label anywhere". A field in closed form also takes x in float64
/// and then answers in it.
class Field {
public:
    virtual ~Field() = default;

    virtual int dimension() const = 0;
    virtual const Schedule& schedule() const = 0;
    virtual torch::Device device() const = 0;
    /// False where the source is not Gaussian: then only `velocity` exists.
    virtual bool has_score() const { return true; }
    virtual Prediction native() const = 0;
    /// [N, D] of the native kind. Large N is evaluated in slices by the implementation.
    virtual torch::Tensor native_value(const torch::Tensor& x, const torch::Tensor& t,
                                       const torch::Tensor& label) const = 0;

    /// [N, D] of any kind. Throws Error where only the velocity exists and another is asked for.
    /// A field that knows every kind in closed form answers without the detour over its native one.
    virtual torch::Tensor value(Prediction kind, const torch::Tensor& x, const torch::Tensor& t,
                                const torch::Tensor& label = {}) const;
    torch::Tensor velocity(const torch::Tensor& x, const torch::Tensor& t,
                           const torch::Tensor& label = {}) const {
        return value(Prediction::velocity, x, t, label);
    }
    torch::Tensor score(const torch::Tensor& x, const torch::Tensor& t,
                        const torch::Tensor& label = {}) const {
        return value(Prediction::score, x, t, label);
    }
    /// x0hat = E[x0 | x_t = x].
    torch::Tensor data(const torch::Tensor& x, const torch::Tensor& t,
                       const torch::Tensor& label = {}) const {
        return value(Prediction::data, x, t, label);
    }
    torch::Tensor noise(const torch::Tensor& x, const torch::Tensor& t,
                        const torch::Tensor& label = {}) const {
        return value(Prediction::noise, x, t, label);
    }
    /// div v [N], exact: D vector-Jacobian products; closed form where a field has one.
    virtual torch::Tensor divergence(const torch::Tensor& x, const torch::Tensor& t,
                                     const torch::Tensor& label = {}) const;
    /// probe^T (dv/dx) probe [N] for probe [N, D]: its mean over random signs is the divergence
    /// (Hutchinson 1990). One vector-Jacobian product.
    virtual torch::Tensor probed_divergence(const torch::Tensor& probe, const torch::Tensor& x,
                                            const torch::Tensor& t,
                                            const torch::Tensor& label = {}) const;
    /// log q_t(x) [N] in nats, where a closed form exists; otherwise an undefined tensor.
    virtual torch::Tensor log_density(const torch::Tensor& x, const torch::Tensor& t,
                                      const torch::Tensor& label = {}) const;

    /// How often networks, or closed forms, were evaluated for this field so far, for all rows at
    /// once each time: guidance may ask two of them for one value. A classifier's gradient is none.
    /// One thread at a time asks a field.
    virtual std::int64_t evaluations() const { return evaluations_; }

protected:
    /// For a field that evaluates a network or a closed form itself.
    void count_evaluation() const { ++evaluations_; }

private:
    mutable std::int64_t evaluations_ = 0;
};

/// A scalar time as the tensor that Field takes.
inline torch::Tensor at_time(double t) {
    return torch::scalar_tensor(t, torch::kFloat64);
}

}  // namespace driftglass
