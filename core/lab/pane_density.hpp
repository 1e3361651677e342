#pragma once

#include <memory>
#include <vector>

#include "core/lab/setup.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// q_t in closed form on a grid, as x_t = alpha x0 + sigma x1 with x0 from the data's law and x1
/// from N(0, I); dimension 2. Null where there is no closed form to show: another source or
/// coupling, or no data. Near t = 0 finite data are as wide as the grid can show.
std::shared_ptr<const DensityGrid> exact_density(const Setup& setup, const Schedule& schedule,
                                                 const Rect& world, int columns, int rows,
                                                 double t);

/// Density of points [n, 2] (row by row) on a grid, by a Gaussian kernel whose width follows
/// Scott's rule (n^(-1/6) of their spread, at a third: samples of several modes are narrower than
/// one).
std::shared_ptr<const DensityGrid> sample_density(const std::vector<float>& positions,
                                                  const Rect& world, int columns, int rows);

}  // namespace driftglass
