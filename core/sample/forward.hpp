#pragma once

#include <vector>

#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// The forward SDE dx = f x dt + g dW from x0 [N, D] at t = 0, seen at rising times: [T, N, D].
/// Each step is the SDE's exact transition, so it holds for any spacing and where g diverges:
///     x_r = (alpha_r / alpha_t) x_t + sqrt(sigma_r^2 - (alpha_r sigma_t / alpha_t)^2) z.
/// Throws Error where the log-SNR rises with t: no forward process has such marginals.
torch::Tensor forward_paths(const Schedule& schedule, const torch::Tensor& x0,
                            const std::vector<double>& times, torch::Generator generator);

/// x_t = alpha_t x0 + sigma_t x1 at each time: [T, N, D], for pairs [N, D].
torch::Tensor conditional_paths(const Schedule& schedule, const torch::Tensor& x0,
                                const torch::Tensor& x1, const std::vector<double>& times);

}  // namespace driftglass
