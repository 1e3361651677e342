#pragma once

#include <optional>

#include "core/model/normalisation.hpp"
#include "core/torch.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

/// z1 for the rows of z0 [B, D] by the coupling of the settings: the rows of z1 [B, D], independent
/// of z0, in another order, or made from z0, whatever z1 (coupling_families.hpp); `independent`
/// leaves the batch as it was drawn. Both are normalised, costs are those of x. Rows of different
/// labels (label [B] int64, -1: none shown, or undefined) are never paired, so that the source
/// stays what it is for every label, and for none. Throws Error where a coordinate to be paired is
/// not finite.
torch::Tensor couple(const CouplingSettings& settings, const Normalisation& normalisation,
                     const torch::Tensor& z0, const torch::Tensor& z1, const torch::Tensor& label,
                     torch::Generator& generator);

/// Standard deviation of x1 where the coupling makes it from x0 alone, with the mean of x0: there
/// is no source then, and z1 above may be undefined. Unset for the others.
std::optional<double> std_of_made_x1(const CouplingSettings& settings, double data_std);

/// Labels as training shows them, a share `hidden` of them -1; undefined stays so.
torch::Tensor labels_seen(const torch::Tensor& label, double hidden, torch::Generator& generator);

}  // namespace driftglass
