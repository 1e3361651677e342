#pragma once

#include "core/model/normalisation.hpp"
#include "core/torch.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

/// z1 for the rows of z0 [B, D] by the coupling of the settings: the rows of z1 [B, D], independent
/// of z0, in another order, or made from z0, whatever z1 (coupling_families.hpp); `independent`
/// leaves the batch as it was drawn. Both are normalised, costs are those of x. Rows of different
/// labels (label [B] int64, -1: none shown, or undefined) are never paired, so that the source
/// stays what it is for every label, and for none. z1 may be undefined where
/// makes_x1(settings.kind). Throws Error where a coordinate to be paired is not finite.
torch::Tensor couple(const CouplingSettings& settings, const Normalisation& normalisation,
                     const torch::Tensor& z0, const torch::Tensor& z1, const torch::Tensor& label,
                     torch::Generator& generator);

/// Standard deviation of x1 where makes_x1(settings.kind), from that of x0; its mean is that of x0.
double made_x1_std(const CouplingSettings& settings, double data_std);

/// Labels as training shows them, a share `hidden` of them -1; undefined stays so.
torch::Tensor labels_seen(const torch::Tensor& label, double hidden, torch::Generator& generator);

}  // namespace driftglass
