#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "core/torch.hpp"

namespace driftglass {

/// dx/dt at (x, t).
using Derivative = std::function<torch::Tensor(const torch::Tensor& x, double t)>;

/// One explicit step from t to r (either direction), of order 1, 2, 2 and 4.
torch::Tensor euler_step(const Derivative& f, const torch::Tensor& x, double t, double r);
torch::Tensor midpoint_step(const Derivative& f, const torch::Tensor& x, double t, double r);
torch::Tensor heun_step(const Derivative& f, const torch::Tensor& x, double t, double r);
torch::Tensor rk4_step(const Derivative& f, const torch::Tensor& x, double t, double r);

/// Dormand and Prince (1980) 5(4) with dense output of order 4 (Hairer, Norsett, Wanner 1993,
/// II.6). One step size for the whole batch, small enough that every row keeps
/// rms over its columns of |error| / (atol + rtol |x|) <= 1; rows that are not finite are ignored.
/// Neither tolerance is taken below ten roundings: rtol 1.2e-6 in float32, 2.2e-15 in float64, and
/// atol that share of the mean |x|.
/// After 20,000 evaluations it gives up: the solution is NaN from there.
class DormandPrince {
public:
    /// From x at `start` towards `end`, never past it.
    DormandPrince(Derivative f, torch::Tensor x, double start, double end, double rtol,
                  double atol);

    /// The solution at t; calls must move from start to end.
    torch::Tensor at(double t);
    /// Evaluations so far, rejected steps included.
    std::int64_t evaluations() const { return evaluations_; }

private:
    torch::Tensor evaluate(const torch::Tensor& x, double t);
    void start_step_size();
    void advance();

    Derivative f_;
    double t_, end_, rtol_, atol_;
    double step_ = 0;          ///< signed, the next one to try
    double previous_t_;        ///< the last accepted interval is [previous_t_, t_]
    torch::Tensor x_, slope_;  ///< at t_
    std::array<torch::Tensor, 5> dense_;
    bool has_interval_ = false;
    std::int64_t evaluations_ = 0;
};

}  // namespace driftglass
