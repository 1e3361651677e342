#pragma once

#include <iosfwd>

#include "core/data/point_set.hpp"
#include "core/lab/lab.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

// Tables as CSV: a header line, numbers that round-trip; in dimension 1 no y columns.

/// id,step,t,x,y: one path after the other, the start being step 0. Positions are [rows, count, 2]
/// whatever the dimension.
void write_trajectories(std::ostream& stream, const Trajectories& paths, int dimension);

/// id,data_x,data_y,noise_x,noise_y: the draws of (x0, x1), id being the given point's number.
void write_pairs(std::ostream& stream, const PosteriorPairs& pairs, int dimension);

/// x,y,vx,vy,score_x,… : the points and the field there. Quantities that do not exist for this
/// field are left empty; log_density is a column only where there are values.
void write_field(std::ostream& stream, const PointSet& points, const FieldTable& field);

/// The last row of every path: where it ended.
PointSet end_points(const Trajectories& paths, int dimension);

}  // namespace driftglass
