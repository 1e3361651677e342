#pragma once

#include "core/model/normalisation.hpp"
#include "core/torch.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

/// Re-pairs a batch: rows of z1 [B, D], independent of z0 [B, D], in the order that pairs them with
/// z0's rows; both normalised, the cost is |x0 - x1|^2.
///   minibatch_ot  the exact assignment of least total cost (Tong et al. 2024), in blocks of at
///                 most 2,048 rows
///   sinkhorn      each x0's partner drawn from its row of the entropic plan of `epsilon`, in
///                 blocks of at most 512 rows; from row to row a partner may come again
/// Rows of different labels (label [B] int64, -1: none shown, or undefined) never mix, so that the
/// source stays what it is for every label, and for none. Throws Error for a coordinate that is not
/// finite.
torch::Tensor couple(const CouplingSettings& settings, const Normalisation& normalisation,
                     const torch::Tensor& z0, const torch::Tensor& z1, const torch::Tensor& label,
                     torch::Generator& generator);

/// Labels as training shows them, a share `hidden` of them -1; undefined stays so.
torch::Tensor labels_seen(const torch::Tensor& label, double hidden, torch::Generator& generator);

}  // namespace driftglass
