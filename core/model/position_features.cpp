#include "core/model/position_features.hpp"

#include <cmath>
#include <numbers>

namespace driftglass {
namespace {

/// B [D, waves].
torch::Tensor wave_vectors(const torch::Tensor& like) {
    constexpr double spread = 1.5;
    const std::int64_t d = like.size(1);
    torch::Tensor waves = torch::empty({d, position_waves}, torch::kFloat64);
    for (int k = 0; k < position_waves; ++k) {
        const double quantile = (k + 0.5) / position_waves;
        const double length = spread * std::sqrt(-2 * std::log1p(-quantile));
        const double angle = std::numbers::pi * (3 - std::sqrt(5.0)) * (k + 0.5);
        waves[0][k] = length * std::cos(angle);
        if (d > 1) waves[1][k] = length * std::sin(angle);
    }
    return waves.to(like.options());
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
