#pragma once

#include <cstdint>
#include <vector>

#include "core/torch.hpp"

namespace driftglass {

// What the layers see of a normalised position z: itself, and sines and cosines of a few fixed
// waves through it (Fourier features, Tancik et al. 2020). With them sharp edges are learnt in half
// the steps (docs/benchmarks.md). The wave vectors are spread like a Gaussian of standard deviation
// 1.5: golden-angle directions, lengths at a Rayleigh law's quantiles; the same for every network.

constexpr int position_waves = 16;
constexpr int position_columns(int dimension) {
    return dimension + 2 * position_waves;
}

/// [N, position_columns(D)] of z [N, D]: z, sin(z B), cos(z B). Differentiable.
torch::Tensor position_features(const torch::Tensor& z);
/// The same on a CPU, without autograd: `rows` begin `stride` apart and hold z in their first D
/// columns; the other columns of the features are written after them. Within 2e-6 of the above.
void write_position_waves(float* rows, std::int64_t stride, std::int64_t count, int dimension);
/// Their derivatives by each coordinate of z, D times [N, position_columns(D)].
std::vector<torch::Tensor> position_tangents(const torch::Tensor& z);

}  // namespace driftglass
