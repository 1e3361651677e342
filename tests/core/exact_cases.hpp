#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "core/field/exact_field.hpp"
#include "tests/test.hpp"

namespace driftglass::testing {

inline std::shared_ptr<const Schedule> schedule_of(ScheduleKind kind) {
    PathSettings settings;
    settings.schedule = kind;
    return make_schedule(settings);
}

/// Of the default settings of every kind, and a custom one between linear and vp-cosine.
inline std::vector<std::shared_ptr<const Schedule>> every_schedule() {
    std::vector<std::shared_ptr<const Schedule>> all;
    for (const auto& kind : choices(ScheduleKind{})) {
        PathSettings settings;
        settings.schedule = kind.value;
        settings.knots = {{1, 0.01}, {0.8, 0.4}, {0.45, 0.75}, {0.01, 1.1}};
        all.push_back(make_schedule(settings));
    }
    return all;
}

inline double largest_difference(const torch::Tensor& a, const torch::Tensor& b) {
    return (a.to(torch::kFloat64) - b.to(torch::kFloat64)).abs().max().item<double>();
}

/// Modes at -1 and 1 in dimension 1: mean 0, variance 1 + std^2.
inline GaussianMixture two_modes(double std) {
    return mixture_of_components({{{-1, 0}, std, 1, 0}, {{1, 0}, std, 1, 1}}, 1);
}

/// Three unequal modes in the plane, two labels.
inline GaussianMixture three_modes() {
    return mixture_of_components(
        {{{-1, 0.5}, 0.3, 1, 0}, {{1, 0}, 0.5, 2, 1}, {{0.2, -1.2}, 0.2, 1, 1}}, 2);
}

/// W2 between equal numbers of points on the line: sorted, the optimal coupling.
inline double w2_on_line(const torch::Tensor& a, const torch::Tensor& b) {
    const torch::Tensor sorted_a = std::get<0>(a.flatten().to(torch::kFloat64).sort());
    const torch::Tensor sorted_b = std::get<0>(b.flatten().to(torch::kFloat64).sort());
    return std::sqrt((sorted_a - sorted_b).square().mean().item<double>());
}

/// Oracle by plain sums in double, Gaussian source: everything from the posterior over components.
struct DirectSum {
    std::vector<double> data;  ///< E[x0 | x]
    double log_density = 0;
    double data_variance = 0;  ///< trace of Cov(x0 | x)
};

inline DirectSum direct_sum(const GaussianMixture& mixture, const std::vector<double>& x,
                            double alpha, double sigma) {
    const std::int64_t count = mixture.size();
    const auto dimension = static_cast<std::size_t>(mixture.dimension());
    const auto mean = mixture.means.accessor<double, 2>();
    const auto std = mixture.stds.accessor<double, 1>();
    const auto weight = mixture.weights.accessor<double, 1>();
    std::vector<double> logs;
    double highest = -1e300;
    for (std::int64_t k = 0; k < count; ++k) {
        const double variance = alpha * alpha * std[k] * std[k] + sigma * sigma;
        double square = 0;
        for (std::size_t d = 0; d < dimension; ++d) {
            const double offset = x[d] - alpha * mean[k][static_cast<std::int64_t>(d)];
            square += offset * offset;
        }
        logs.push_back(std::log(weight[k]) - 0.5 * square / variance -
                       0.5 * static_cast<double>(dimension) * std::log(2 * M_PI * variance));
        highest = std::max(highest, logs.back());
    }
    DirectSum result;
    result.data.assign(dimension, 0);
    double total = 0;
    double second = 0;
    for (std::int64_t k = 0; k < count; ++k) {
        const double share = std::exp(logs[static_cast<std::size_t>(k)] - highest);
        const double variance = alpha * alpha * std[k] * std[k] + sigma * sigma;
        total += share;
        second +=
            share * static_cast<double>(dimension) * std[k] * std[k] * sigma * sigma / variance;
        for (std::size_t d = 0; d < dimension; ++d) {
            const double m = mean[k][static_cast<std::int64_t>(d)];
            const double posterior = m + alpha * std[k] * std[k] / variance * (x[d] - alpha * m);
            result.data[d] += share * posterior;
            second += share * posterior * posterior;
        }
    }
    result.log_density = highest + std::log(total);
    result.data_variance = second / total;
    for (double& value : result.data) {
        value /= total;
        result.data_variance -= value * value;
    }
    return result;
}

}  // namespace driftglass::testing
