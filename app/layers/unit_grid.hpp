#pragma once

#include "app/layers/lines.hpp"

namespace driftglass {

/// Lines at whole world units; farther apart (2, 5, 10 …) where they would stand too close. With
/// `space_time` (core/lab/space_time.hpp) the upright ones stand at quarters of the time.
void add_unit_grid(LineBatch& batch, const View& view, const Theme& theme, bool space_time);

}  // namespace driftglass
