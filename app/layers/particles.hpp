#pragma once

#include "app/layers/lines.hpp"
#include "app/layers/marks.hpp"
#include "app/layers/paths.hpp"

namespace driftglass {

/// Where every path was over the last 0.13 of t (0.06 where random), in the time colour of that
/// past, fading.
void add_trails(LineBatch& batch, const ShownPaths& paths, double time, bool stochastic,
                const View& view, const Theme& theme, float strength);

/// Every path's position at `time`, in the hue of the pane's method: pale on dark, deep on light.
void add_particles(std::vector<Mark>& marks, const ShownPaths& paths, double time, const View& view,
                   const Theme& theme, Rgb path_colour, float strength);

}  // namespace driftglass
