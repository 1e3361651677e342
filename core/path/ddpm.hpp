#pragma once

#include <vector>

#include "core/path/path_settings.hpp"

namespace driftglass {

/// beta_1 … beta_K (element k - 1 is beta_k), linear from ddpm_beta_min to
/// ddpm_beta_max (Ho et al. 2020). Throws Error naming the key under `path.`
/// for a parameter out of range.
std::vector<double> ddpm_betas(const PathSettings& settings);

}  // namespace driftglass
