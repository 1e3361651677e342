#pragma once

#include "core/torch.hpp"

namespace driftglass {

// SiLU, x sigmoid(x) (Elfwing et al. 2018), fused so that a value passes through the cache once.
// The exponential is Cephes' degree-5 polynomial: relative error below 2e-7.
// All tensors float32, contiguous, of one size; other devices than the CPU take torch's operators.

/// x <- silu(x).
void apply_silu(torch::Tensor& x);
/// value <- silu(value), derivative <- silu'(value before).
void apply_silu_with_derivative(torch::Tensor& value, torch::Tensor& derivative);
/// gradient [N, C] <- gradient * derivative, and sum [C] += its sum over rows.
void multiply_and_sum_rows(torch::Tensor& gradient, const torch::Tensor& derivative,
                           torch::Tensor& sum);

}  // namespace driftglass
