#pragma once

#include "core/path/prediction.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// alpha_t, sigma_t and their derivatives as float32 tensors, [] for one time
/// or [N, 1] for N times, so that they multiply [N, D]. An infinite derivative
/// (vp-linear at t = 0) is held as 1e18, so that its product with 0 stays 0.
struct PathTensors {
    torch::Tensor alpha;
    torch::Tensor sigma;
    torch::Tensor alpha_prime;
    torch::Tensor sigma_prime;
};

/// From times t, double on the CPU, [] or [N]; evaluated in double, then
/// rounded.
PathTensors path_tensors(const Schedule& schedule, const torch::Tensor& t, torch::Device device);

/// The value [N, D] of one kind at x [N, D], as another kind. With x = alpha
/// x0hat + sigma epshat:
///   score = -epshat / sigma, velocity = alpha' x0hat + sigma' epshat,
///   Salimans-Ho v = alpha epshat - sigma x0hat (Salimans and Ho 2022),
/// each pair by the form that divides by as little as it can: from a velocity
/// by alpha sigma' - alpha' sigma > 0 only. Where sigma = 0 a value of x0hat
/// says nothing about epshat, and where alpha = 0 epshat says nothing about
/// x0hat: the unknown one counts as 0, so the result is finite. A value
/// converted to its own kind is returned as it is.
torch::Tensor convert(const torch::Tensor& value, Prediction from, Prediction to,
                      const torch::Tensor& x, const PathTensors& path);

}  // namespace driftglass
