#include "core/measure/solver_error.hpp"

#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/sample/sampler.hpp"

namespace driftglass {

using torch::Tensor;

Tensor reference_endpoint(const Field& field, const Tensor& x1, const Tensor& label,
                          const SamplerSettings& settings, int steps,
                          const std::function<bool()>& cancelled) {
    SamplerSettings fine;
    fine.method = Method::rk4;
    fine.grid = settings.grid;
    fine.t_min = settings.t_min;
    fine.steps = steps;
    const Path path = sample(field, x1, label, fine, {}, false, cancelled);
    return path.cancelled ? Tensor() : path.end;
}

SolverErrorCurve solver_error_curve(const Field& field, const Tensor& x1, const Tensor& label,
                                    const SamplerSettings& settings, const std::vector<int>& steps,
                                    const Tensor& reference,
                                    const std::function<bool()>& cancelled) {
    if (is_stochastic(settings)) {
        throw Error("solver error compares endpoints from the same starts, and " +
                    std::string(name_of(settings.method)) +
                    " adds noise of its own; choose a deterministic method");
    }
    SolverErrorCurve curve;
    std::vector<double> nfe, median, root_mean_square;
    for (const int count : steps) {
        SamplerSettings run = settings;
        run.steps = count;
        run.last = LastStep::none;
        const Path path = sample(field, x1, label, run, {}, false, cancelled);
        if (path.cancelled) break;
        const Tensor distance = (path.end - reference).to(torch::kFloat64).square().sum(1).sqrt();
        curve.points.push_back({count, path.nfe, distance.median().item<double>(),
                                distance.square().mean().sqrt().item<double>()});
        nfe.push_back(static_cast<double>(path.nfe));
        median.push_back(curve.points.back().median);
        root_mean_square.push_back(curve.points.back().root_mean_square);
    }
    const double floor = x1.scalar_type() == torch::kFloat64 ? 1e-12 : float32_error;
    curve.median_slope = log_log_slope(nfe, median, floor);
    curve.root_mean_square_slope = log_log_slope(nfe, root_mean_square, floor);
    return curve;
}

double log_log_slope(const std::vector<double>& x, const std::vector<double>& y, double floor) {
    double count = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (x[i] < 8 || !(y[i] > floor) || !std::isfinite(y[i])) continue;
        const double a = std::log(x[i]);
        const double b = std::log(y[i]);
        count += 1;
        sum_x += a;
        sum_y += b;
        sum_xx += a * a;
        sum_xy += a * b;
    }
    const double spread = count * sum_xx - sum_x * sum_x;
    if (count < 2 || !(spread > 0)) return std::numeric_limits<double>::quiet_NaN();
    return (count * sum_xy - sum_x * sum_y) / spread;
}

}  // namespace driftglass
