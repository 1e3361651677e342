#pragma once

#include <cstdint>

#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// Starts of sampling from a Gaussian source, N(0, source_scale^2 I): float32 [count, D] on the CPU.
/// The first k of n are the k: starts are drawn in blocks of 1,024, each from its own seed.
torch::Tensor gaussian_starts(const Schedule& schedule, std::int64_t count, int dimension,
                              std::uint64_t seed);

/// A CPU generator for the noise of a sampler and the like.
torch::Generator make_generator(std::uint64_t seed);

}  // namespace driftglass
