#include "core/measure/path_measures.hpp"

#include <cmath>

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
    const double h = (t_min - 1) / steps;
    Tensor x = x1;
    const auto velocity = [&](const Tensor& at, double t) {
        ++result.nfe;
        return field.velocity(at, at_time(t), label);
    };
    std::vector<Tensor> velocities;
    for (int i = 0; i < steps; ++i) {
        const double t = 1 + i * h;
        const Tensor k1 = velocity(x, t);
        const Tensor k2 = velocity(x + 0.5 * h * k1, t + 0.5 * h);
        const Tensor k3 = velocity(x + 0.5 * h * k2, t + 0.5 * h);
        const Tensor k4 = velocity(x + h * k3, t + h);
        x = x + (h / 6) * (k1 + 2 * (k2 + k3) + k4);
        velocities.push_back(k1);
    }
    velocities.push_back(velocity(x, t_min));

    const Tensor displacement = (x1 - x) / (1 - t_min);
    const auto simpson = [&](const auto& f) {
        double total = 0;
        for (std::size_t i = 0; i + 2 < velocities.size(); i += 2) {
            total += (f(velocities[i]) + 4 * f(velocities[i + 1]) + f(velocities[i + 2])) /
                     (3.0 * steps);
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
