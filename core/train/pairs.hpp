#pragma once

#include "core/torch.hpp"

namespace driftglass {

/// Fixed pairs to train on: the start and the end of N paths. Reflow makes them of ODE solutions.
struct Pairs {
    torch::Tensor x0;     ///< [N, D] float32, data's end
    torch::Tensor x1;     ///< [N, D] float32, source's end
    torch::Tensor label;  ///< [N] int64, -1 = none, or undefined
};

}  // namespace driftglass
