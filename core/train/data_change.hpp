#pragma once

#include "core/data/point_set.hpp"

namespace driftglass {

/// Share of the mass, 0 to 1, that is elsewhere after a change of data. Points that stay are known
/// by their bits; the rest is compared on a coarse grid (16 cells a side over three standard
/// deviations), where what two independent draws of one distribution would differ by counts as
/// nothing: a preset drawn anew has hardly changed. From or to no points: 1. Labels do not count.
double changed_share(const PointSet& before, const PointSet& after);

}  // namespace driftglass
