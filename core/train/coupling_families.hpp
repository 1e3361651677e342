#pragma once

#include "core/torch.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

// Couplings that pair a batch anew: for each row of x0 [n, D] the row [n] (int64) of x1 [n, D],
// drawn independently of it, that becomes its partner. All finite. The registry is in coupling.cpp.

/// The permutation with the least sum of |x0 - x1|^2 (Tong et al. 2024).
torch::Tensor minibatch_ot_partners(const torch::Tensor& x0, const torch::Tensor& x1,
                                    const CouplingSettings& settings, torch::Generator& generator);

/// Drawn from each x0's row of the entropic plan of `epsilon` (Cuturi 2013); a partner may come
/// again.
torch::Tensor sinkhorn_partners(const torch::Tensor& x0, const torch::Tensor& x1,
                                const CouplingSettings& settings, torch::Generator& generator);

// Couplings that make x1 [n, D] from x0 [n, D], whatever the source, and the standard deviation of
// what they make; its mean is that of x0.

/// x1 = x0 + N(0, s^2 I).
torch::Tensor diffused(const torch::Tensor& x0, const CouplingSettings& settings,
                       torch::Generator& generator);
double diffused_std(double data_std, const CouplingSettings& settings);

}  // namespace driftglass
