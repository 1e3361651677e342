#include "core/measure/velocity_error.hpp"

namespace driftglass {

VelocityError velocity_error(const Field& field, const ExactField& exact, double t,
                             std::int64_t draws, torch::Generator generator) {
    const torch::Tensor x =
        exact.draw(draws, t, -1, std::move(generator)).to(torch::kFloat32).to(field.device());
    const torch::Tensor known = exact.velocity(x, at_time(t));
    const torch::Tensor error = field.velocity(x, at_time(t)) - known;
    const auto mean_square = [](const torch::Tensor& v) {
        return v.to(torch::kCPU, torch::kFloat64).square().sum(1).mean().item<double>();
    };
    return {mean_square(error), mean_square(known)};
}

}  // namespace driftglass
