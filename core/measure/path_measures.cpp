#include "core/measure/path_measures.hpp"

#include <cmath>

#include "core/sample/ode_solver.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

double mean_square(const Tensor& rows) {
    return rows.to(torch::kFloat64).square().sum(1).mean().item<double>();
}

}  // namespace

// The displacement is known only at the end. Running sums of |v|^2 and v would do, but S would then
// be a small difference of large terms for a straight flow: the velocities are kept instead.
PathMeasures path_measures(const Field& field, const Tensor& x1, const Tensor& label, int steps,
                           double t_min) {
    const torch::NoGradGuard no_grad;
    PathMeasures result;
    steps += steps % 2;
    const auto node = [&](int i) { return static_cast<double>(steps - i) / steps; };
    const auto time = [&](double u) { return t_min + (1 - t_min) * u * u * u * (4 - 3 * u); };
    // Of the last factor: a cubic, whose integral Simpson's rule has exactly.
    const auto rate = [](double u) { return 12 * u * u * (1 - u); };
    std::vector<Tensor> velocities;  // four a step, the first of them at its start
    const auto velocity = [&](const Tensor& at, double t) {
        velocities.push_back(field.velocity(at, at_time(t), label));
        return velocities.back();
    };
    Tensor x = x1;
    for (int i = 0; i < steps; ++i)
        x = rk4_step(velocity, x, time(node(i)), time(node(i + 1)));
    result.nfe = static_cast<std::int64_t>(velocities.size());

    const Tensor displacement = (x1 - x) / (1 - t_min);
    const auto simpson = [&](const auto& f) {
        double total = 0;
        // Nothing at either end, where the rate is 0.
        for (int i = 1; i < steps; ++i) {
            const double weight = (i % 2 == 1 ? 4 : 2) * rate(node(i)) / (3 * steps);
            total += weight * f(velocities[static_cast<std::size_t>(4 * i)]);
        }
        return total;
    };
    result.straightness = simpson([&](const Tensor& v) { return mean_square(displacement - v); });
    result.path_energy = simpson([](const Tensor& v) { return mean_square(v); });
    result.transport_cost = mean_square(x1 - x);
    result.end = x;
    result.diverged = !x.isfinite().all().item<bool>();
    return result;
}

double normalised_path_energy(double path_energy, double w2_squared) {
    return std::abs(path_energy - w2_squared) / w2_squared;
}

}  // namespace driftglass
