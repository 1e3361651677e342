#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/lab/setup.hpp"

namespace driftglass {

/// Rows of a batch as training pairs them, on the CPU.
struct PairedDraws {
    torch::Tensor x0, x1;  ///< float32 [count, D]; x1 of unit scale for a Gaussian source
    torch::Tensor
        label;  ///< int64 [count], as training shows them; undefined where no point has one
};
/// How a batch lies on data and source: by independent draws, or spread evenly over the points and
/// a Gaussian source, so that means over the batch scatter less.
enum class Spread { random, even };
PairedDraws paired_draws(const Setup& setup, std::int64_t count, std::uint64_t seed, Spread spread);

/// Lines from data to their noise, both [N, D], as [N, 4]: x0, y0, x1, y1; in one dimension from
/// end to end of the time axis (space_time.hpp).
std::vector<float> lines_between(torch::Tensor data, torch::Tensor noise);
/// Those of a batch as round 0 draws it, paired by `coupling`. Empty where there are no data.
std::vector<float> pairing_lines(const Setup& setup, const CouplingSettings& coupling,
                                 std::int64_t count);

}  // namespace driftglass
