#pragma once

#include <optional>
#include <vector>

#include "app/layers/marks.hpp"
#include "core/data/point_set.hpp"

namespace driftglass {

/// A mark a point at its place in the world, in its label's colour and glyph (no label: the data
/// colour, a disc); where one label is `asked` for, the others' grey and faint. Not finite: left
/// out. Fainter the more of `room`, a pane's square pixels, they cover. One-dimensional points
/// stand beside the end of the time axis.
std::vector<Mark> data_point_marks(const PointSet& data, const Theme& theme, float strength,
                                   float unit, float room, std::optional<int> asked = {});

}  // namespace driftglass
