#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/lab/setup.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// q_t(x) q_t(c | x)^w: what guidance with scale w towards the label c pretends to sample.
struct Tilt {
    int label = 0;
    double scale = 1;
    bool operator==(const Tilt&) const = default;
};
/// Of a view's guidance: none where nothing is guided; autoguidance asks for the label alone, w
/// = 1.
std::optional<Tilt> tilt_of(const GuidanceSettings& guidance);

/// q_t in closed form on a grid, as x_t = alpha x0 + sigma x1 with x0 from the data's law and x1
/// from N(0, I). In dimension 1 the grid is space against time (space_time.hpp), whatever `t`, and
/// each time's density is relative to its maximum. Null where there is no closed form to show:
/// another source or coupling, or no data. Near t = 0 the kernel of finite
/// data is twice as wide as they lie apart (dimension 1: as in sample_profile), else single points
/// would show.
/// With a tilt q_t q_t(c | x)^w with unit mass on the grid, q_t(c | x) taken as 1e-6 at least.
std::shared_ptr<const DensityGrid> exact_density(const Setup& setup, const Schedule& schedule,
                                                 const Rect& world, int columns, int rows, double t,
                                                 std::optional<Tilt> tilt = {});

/// Dimension 1: the same at one time, but for `samples`. Null as exact_density.
std::shared_ptr<Profile> exact_profile(const Setup& setup, const Schedule& schedule, float low,
                                       float high, int columns, double t,
                                       std::optional<Tilt> tilt = {});

/// Points of the tilted data, q_0(x) q_0(c | x)^w, from a grid round the data: float32 [count, D]
/// on the CPU. Undefined where exact_density is null.
torch::Tensor draw_tilted(const Setup& setup, Tilt tilt, std::int64_t count, std::uint64_t seed);

/// Density of points [n, 2] (row by row) at t on a grid, by a Gaussian kernel whose width follows
/// Scott's rule (n^(-1/6) of their spread; towards t = 0 a third of it: samples of several modes
/// are narrower than one).
std::shared_ptr<const DensityGrid> sample_density(const std::vector<float>& positions, double t,
                                                  const Rect& world, int columns, int rows);
/// Dimension 1: the same of the second coordinates of `positions` [n, 2], on cells of [low, high];
/// the width is n^(-1/5) of a tenth of the length that they fill.
std::vector<float> sample_profile(const std::vector<float>& positions, float low, float high,
                                  int columns);

}  // namespace driftglass
