#pragma once

#include <vector>

#include "app/layers/marks.hpp"
#include "core/data/point_set.hpp"

namespace driftglass {

/// A mark a point at its place in the world, in its label's colour and glyph (no label: the data
/// colour, a disc). Not finite: left out. One-dimensional points lie on y = 0.
std::vector<Mark> data_point_marks(const PointSet& data, const Theme& theme, float strength,
                                   float unit);

}  // namespace driftglass
