#pragma once

#include <array>
#include <vector>

#include "app/layers/density_field.hpp"
#include "app/layers/lines.hpp"

namespace driftglass {

/// A smooth function at [rows, columns] nodes from corner to corner of a rectangle, row 0 at y_min.
struct NodeField {
    Rect world;
    int columns = 0;
    int rows = 0;
    std::vector<float> values;
};

/// The field's B-spline with nodes about three pixels apart: straight between them looks round.
NodeField nodes_of(const DensityField& field, const View& view);

/// In world units: of one level, a list of lines.
using Outlines = std::vector<std::vector<std::array<float, 2>>>;

/// The lines where a field passes through `level`, in world units: chained by marching squares, the
/// saddle decided by the cell's mean. A closed line ends with its first point.
Outlines contour_lines(const NodeField& field, float level);

/// Lines at levels 35, 68 and 95 % of the mass, in the text colour; the inner two fade where they
/// fall into more than 16 pieces. `outlines`: over another density than their own, and stronger for
/// it.
void add_contours(LineBatch& batch, const std::vector<Outlines>& levels, const View& view,
                  const Theme& theme, float strength, bool outlines);

}  // namespace driftglass
