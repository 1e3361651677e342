#pragma once

#include <cstdint>

#include "core/data/distribution.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// The points that sampling starts from at t = 1, [count, D] float32 on the CPU: a Gaussian source
/// is N(0, source_scale^2 I), the others as SourceSettings says. Read off one stream of numbers, so
/// the first k of n are the k, whatever the method and its steps. `drawn`: the law of kind `data`.
/// Throws Error for a drawn source without points.
torch::Tensor start_points(const SourceSettings& source, const Distribution* drawn,
                           const Schedule& schedule, std::int64_t count, int dimension,
                           std::uint64_t seed);

/// A CPU generator for what a seed and a purpose name ("sampling", "probes" …).
torch::Generator make_generator(std::uint64_t seed, std::string_view purpose);

}  // namespace driftglass
