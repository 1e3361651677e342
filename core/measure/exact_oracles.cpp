#include "core/measure/exact_oracles.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

Estimate estimate(const Tensor& values) {
    const Tensor wide = values.to(torch::kFloat64);
    const auto count = static_cast<double>(wide.numel());
    return {wide.mean().item<double>(),
            count > 1 ? wide.std().item<double>() / std::sqrt(count) : 0.0};
}

}  // namespace

std::int64_t affordable_draws(const ExactField& field, std::int64_t wanted) {
    constexpr std::int64_t pairs = std::int64_t{1} << 23, least = 64;
    return std::min(wanted, std::max(least, pairs / field.pairs()));
}

Estimate loss_floor(const ExactField& field, Prediction kind, double t, std::int64_t draws,
                    torch::Generator generator, int label) {
    const Tensor x = field.draw(draws, t, label, generator);
    const Tensor labels = torch::full({draws}, label, torch::kInt64);
    return estimate(field.target_variance(kind, x, at_time(t), labels));
}

Estimate entropy(const ExactField& field, std::int64_t draws, torch::Generator generator,
                 int label) {
    if (!field.smooth_data()) {
        throw Error("finite data have no density, so no entropy: set exact.kernel_width above 0");
    }
    const Tensor x = field.draw_data(draws, label, generator);
    const Tensor labels = torch::full({draws}, label, torch::kInt64);
    return estimate(-field.data_log_density(x, labels));
}

}  // namespace driftglass
