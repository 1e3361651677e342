#pragma once

#include <functional>
#include <vector>

#include "core/field/field.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

/// Distance of a solver's endpoints to a fine solution from the same starts.
struct SolverError {
    int steps = 0;
    std::int64_t nfe = 0;
    double median = 0;            ///< of |x - reference|
    double root_mean_square = 0;  ///< ruled by the few starts near the ridge between modes
};

struct SolverErrorCurve {
    std::vector<SolverError> points;  ///< ascending steps
    /// Slope of log(error) against log(NFE) by least squares over the points whose error is above
    /// `floor` (float32 rounding) and not among the coarsest, NFE < 8; NaN with fewer than two.
    double median_slope = 0;
    double root_mean_square_slope = 0;
};

/// What float32 positions of size 1 and a few hundred sums leave: no error below it means anything.
inline constexpr double float32_error = 3e-6;

/// The endpoint at t_min by RK4 with `steps` steps on the settings' grid; undefined: cancelled.
torch::Tensor reference_endpoint(const Field& field, const torch::Tensor& x1,
                                 const torch::Tensor& label, const SamplerSettings& settings,
                                 int steps, const std::function<bool()>& cancelled = {});

/// Runs `settings` with each number of steps. Throws Error for a stochastic method: its endpoints
/// are not a function of the starts.
SolverErrorCurve solver_error_curve(const Field& field, const torch::Tensor& x1,
                                    const torch::Tensor& label, const SamplerSettings& settings,
                                    const std::vector<int>& steps, const torch::Tensor& reference,
                                    const std::function<bool()>& cancelled = {});

/// -1, -2, -4 … : slope of log(y) against log(x) by least squares over the points with y > floor.
double log_log_slope(const std::vector<double>& x, const std::vector<double>& y, double floor);

}  // namespace driftglass
