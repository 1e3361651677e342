#include "core/model/position_features.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace driftglass {
namespace {

/// B [2, waves]; in one dimension its first row.
std::array<double, 2 * position_waves> wave_numbers() {
    constexpr double spread = 1.5;
    std::array<double, 2 * position_waves> waves{};
    for (std::size_t k = 0; k < position_waves; ++k) {
        const double place = static_cast<double>(k) + 0.5;
        const double length = spread * std::sqrt(-2 * std::log1p(-place / position_waves));
        const double angle = std::numbers::pi * (3 - std::sqrt(5.0)) * place;
        waves[k] = length * std::cos(angle);
        waves[position_waves + k] = length * std::sin(angle);
    }
    return waves;
}

/// B [D, waves] of z's kind and device.
torch::Tensor wave_vectors(const torch::Tensor& z) {
    static const std::array<double, 2 * position_waves> numbers = wave_numbers();
    return torch::tensor(at::ArrayRef<double>(numbers.data(), numbers.size()), torch::kFloat64)
        .view({2, position_waves})
        .narrow(0, 0, z.size(1))
        .to(z.options());
}

}  // namespace

torch::Tensor position_features(const torch::Tensor& z) {
    const torch::Tensor phase = at::mm(z, wave_vectors(z));
    return at::cat({z, phase.sin(), phase.cos()}, 1);
}

std::vector<torch::Tensor> position_tangents(const torch::Tensor& z) {
    const torch::Tensor waves = wave_vectors(z);
    const torch::Tensor phase = at::mm(z, waves);
    const torch::Tensor sin = phase.sin(), cos = phase.cos();
    std::vector<torch::Tensor> tangents;
    for (std::int64_t j = 0; j < z.size(1); ++j) {
        torch::Tensor along = torch::zeros_like(z);
        along.select(1, j).fill_(1);
        const torch::Tensor wave = waves.narrow(0, j, 1);
        tangents.push_back(at::cat({along, cos * wave, -sin * wave}, 1));
    }
    return tangents;
}

}  // namespace driftglass
