#include "core/measure/ddpm_bound.hpp"

#include <cmath>
#include <numbers>
#include <numeric>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

double DdpmBound::total() const {
    return std::accumulate(kl.begin(), kl.end(), prior + reconstruction);
}

DdpmBound ddpm_bound(const Field& field, const Tensor& x0, const Tensor& label, int levels,
                     torch::Generator generator) {
    const Schedule& schedule = field.schedule();
    const Coefficients last = schedule.at(1);
    if (std::abs(last.alpha * last.alpha + last.sigma * last.sigma - 1) > 1e-6) {
        throw Error("DDPM's bound is that of a variance-preserving path: choose ddpm");
    }
    const auto mean_square = [](const Tensor& rows) {
        return rows.to(torch::kCPU, torch::kFloat64).square().sum(1).mean().item<double>();
    };
    const auto dimension = static_cast<double>(x0.size(1));
    DdpmBound bound;
    const double variance = last.sigma * last.sigma;
    bound.prior = 0.5 * (dimension * (variance - 1 - std::log(variance)) +
                         last.alpha * last.alpha * mean_square(x0));
    double snr_before = 0;
    for (int k = 1; k <= levels; ++k) {
        const double t = static_cast<double>(k) / levels;
        const Coefficients at = schedule.at(t);
        const Tensor z = torch::randn(x0.sizes(), generator, torch::kFloat32).to(x0.options());
        const Tensor x = at.alpha * x0 + at.sigma * z;
        const double error = mean_square(x0 - field.data(x, at_time(t), label));
        const double snr = std::pow(at.alpha / at.sigma, 2);
        if (k == 1) {
            const double beta = at.sigma * at.sigma;
            bound.reconstruction =
                0.5 * dimension * std::log(2 * std::numbers::pi * beta) + error / (2 * beta);
        } else {
            bound.kl.push_back(0.5 * (snr_before - snr) * error);
        }
        snr_before = snr;
    }
    return bound;
}

}  // namespace driftglass
