#pragma once

#include "core/model/network.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// Hyvarinen's objective (2005) with the exact trace, for a source N(0, I), in the noise's units:
///     sigma^2 (|s|^2 + 2 div s) + D,
/// whose expectation over x_t is that of the denoising loss |epshat - x1|^2. With epshat = sin z +
/// cos F it is |epshat|^2 - 2 sin (D sin + cos div F) + D, the divergence taken in z.
///
/// Mean over rows, weighted by weight / cos^2 (`weight` [B, 1] is that of |F - F*|^2, see
/// objective.hpp; cos is held above 0.1, so that rows that are all noise do not rule the mean), a
/// scalar, from which sin^2 (|z|^2 - D) is taken: of mean 0, it would be most of the scatter;
/// `gradient` [P] <- its gradient. input [B, inputs] as the trainer lays it out.
torch::Tensor implicit_score_matching(const Network& network, const torch::Tensor& input,
                                      const torch::Tensor& cos, const torch::Tensor& sin,
                                      const torch::Tensor& weight, torch::Tensor& gradient);

}  // namespace driftglass
