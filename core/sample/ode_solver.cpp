#include "core/sample/ode_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace driftglass {

using torch::Tensor;

Tensor euler_step(const Derivative& f, const Tensor& x, double t, double r) {
    return x + (r - t) * f(x, t);
}

Tensor midpoint_step(const Derivative& f, const Tensor& x, double t, double r) {
    const double half = 0.5 * (r - t);
    return x + (r - t) * f(x + half * f(x, t), t + half);
}

Tensor heun_step(const Derivative& f, const Tensor& x, double t, double r) {
    const Tensor first = f(x, t);
    const Tensor second = f(x + (r - t) * first, r);
    return x + 0.5 * (r - t) * (first + second);
}

Tensor rk4_step(const Derivative& f, const Tensor& x, double t, double r) {
    const double h = r - t;
    const double middle = t + 0.5 * h;
    const Tensor k1 = f(x, t);
    const Tensor k2 = f(x + 0.5 * h * k1, middle);
    const Tensor k3 = f(x + 0.5 * h * k2, middle);
    const Tensor k4 = f(x + h * k3, r);
    return x + (h / 6) * (k1 + 2 * (k2 + k3) + k4);
}

namespace {

/// No smaller tolerance can be kept: some ten roundings go into an error, of numbers as large as
/// the solution's.
double rounding(const Tensor& x) {
    return x.scalar_type() == torch::kFloat64 ? 10 * std::numeric_limits<double>::epsilon()
                                              : 10 * std::numeric_limits<float>::epsilon();
}

/// Worst row of rms over columns of |error| / (atol + rtol scale), with tolerances not below
/// rounding (atol: of a mean |x|). A row that is not finite in x already is left out; one that
/// becomes so counts as an infinite error.
double worst_error(const Tensor& error, const Tensor& x, const Tensor& scale, double rtol,
                   double atol) {
    if (x.numel() == 0) return 0;
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const double least = rounding(x);
    const double size = torch::nan_to_num(x, 0, 0, 0).abs().mean().item<double>();
    const Tensor allowed = std::max(atol, least * size) + std::max(rtol, least) * scale;
    const Tensor row = (error / allowed).square().mean(1).sqrt();
    const Tensor lost = x.isfinite().all(1).logical_not();
    return torch::nan_to_num(row, infinite, infinite, infinite)
        .masked_fill(lost, 0)
        .max()
        .item<double>();
}

}  // namespace

DormandPrince::DormandPrince(Derivative f, Tensor x, double start, double end, double rtol,
                             double atol)
    : f_(std::move(f)),
      t_(start),
      end_(end),
      rtol_(rtol),
      atol_(atol),
      previous_t_(start),
      x_(std::move(x)) {}

Tensor DormandPrince::evaluate(const Tensor& x, double t) {
    ++evaluations_;
    return f_(x, t);
}

// Hairer, Norsett, Wanner, "Solving Ordinary Differential Equations I", II.4: a step over which an
// explicit Euler step and the change of slope along it stay small beside the tolerance.
void DormandPrince::start_step_size() {
    const double sign = end_ < t_ ? -1 : 1;
    const double span = std::abs(end_ - t_);
    slope_ = evaluate(x_, t_);
    const double size = worst_error(x_, x_, x_.abs(), rtol_, atol_);
    const double speed = worst_error(slope_, x_, x_.abs(), rtol_, atol_);
    double first = size < 1e-5 || speed < 1e-5 ? 1e-6 : 0.01 * size / speed;
    first = std::min(first, span);
    const Tensor moved = evaluate(x_ + sign * first * slope_, t_ + sign * first);
    const double bend = worst_error(moved - slope_, x_, x_.abs(), rtol_, atol_) / first;
    const double largest = std::max(speed, bend);
    const double second =
        largest <= 1e-15 ? std::max(1e-6, first * 1e-3) : std::pow(0.01 / largest, 0.2);
    step_ = sign * std::min({100 * first, second, span});
}

void DormandPrince::advance() {
    constexpr double least_step = 1e-10;
    constexpr std::int64_t most_evaluations = 20'000;
    if (step_ == 0) start_step_size();
    for (;;) {
        if (evaluations_ > most_evaluations) {
            // No smooth solution needs as many: report it as diverged rather than crawl on.
            x_ = torch::full_like(x_, std::numeric_limits<double>::quiet_NaN());
            t_ = end_;
            has_interval_ = false;
            return;
        }
        if (std::abs(step_) > std::abs(end_ - t_)) step_ = end_ - t_;
        const double h = step_;
        const Tensor& k1 = slope_;
        const Tensor k2 = evaluate(x_ + h * (1.0 / 5) * k1, t_ + h / 5);
        const Tensor k3 = evaluate(x_ + h * (3.0 / 40 * k1 + 9.0 / 40 * k2), t_ + 3 * h / 10);
        const Tensor k4 =
            evaluate(x_ + h * (44.0 / 45 * k1 - 56.0 / 15 * k2 + 32.0 / 9 * k3), t_ + 4 * h / 5);
        const Tensor k5 = evaluate(x_ + h * (19372.0 / 6561 * k1 - 25360.0 / 2187 * k2 +
                                             64448.0 / 6561 * k3 - 212.0 / 729 * k4),
                                   t_ + 8 * h / 9);
        const Tensor k6 =
            evaluate(x_ + h * (9017.0 / 3168 * k1 - 355.0 / 33 * k2 + 46732.0 / 5247 * k3 +
                               49.0 / 176 * k4 - 5103.0 / 18656 * k5),
                     t_ + h);
        const Tensor next = x_ + h * (35.0 / 384 * k1 + 500.0 / 1113 * k3 + 125.0 / 192 * k4 -
                                      2187.0 / 6784 * k5 + 11.0 / 84 * k6);
        const Tensor k7 = evaluate(next, t_ + h);
        const Tensor error = h * (71.0 / 57600 * k1 - 71.0 / 16695 * k3 + 71.0 / 1920 * k4 -
                                  17253.0 / 339200 * k5 + 22.0 / 525 * k6 - 1.0 / 40 * k7);
        const double worst =
            worst_error(error, x_, torch::maximum(x_.abs(), next.abs()), rtol_, atol_);
        const double factor = worst > 0 ? 0.9 * std::pow(worst, -0.2) : 10.0;
        if (worst > 1 && std::abs(h) > least_step) {
            step_ = h * std::max(0.2, factor);
            continue;
        }
        // Continuous extension (same book, II.6): exact at both ends, error O(h^5) in between.
        const Tensor difference = next - x_;
        const Tensor bump = h * k1 - difference;
        dense_ = {x_, difference, bump, difference - h * k7 - bump,
                  h * (-12715105075.0 / 11282082432 * k1 + 87487479700.0 / 32700410799 * k3 -
                       10690763975.0 / 1880347072 * k4 + 701980252875.0 / 199316789632 * k5 -
                       1453857185.0 / 822651844 * k6 + 69997945.0 / 29380423 * k7)};
        previous_t_ = t_;
        // At the end exactly, whatever the rounding of the sum.
        t_ = h == end_ - t_ ? end_ : t_ + h;
        x_ = next;
        slope_ = k7;
        step_ = h * std::clamp(factor, 0.2, 5.0);
        has_interval_ = true;
        return;
    }
}

Tensor DormandPrince::at(double t) {
    const bool down = end_ < previous_t_ || end_ < t_;
    while (t_ != end_ && (down ? t < t_ : t > t_))
        advance();
    if (t == t_ || !has_interval_) return x_;
    const double s = (t - previous_t_) / (t_ - previous_t_);
    const double rest = 1 - s;
    return dense_[0] + s * (dense_[1] + rest * (dense_[2] + s * (dense_[3] + rest * dense_[4])));
}

}  // namespace driftglass
