#pragma once

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
/// Their derivatives by each coordinate of z, D times [N, position_columns(D)].
std::vector<torch::Tensor> position_tangents(const torch::Tensor& z);

}  // namespace driftglass
