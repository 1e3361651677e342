#pragma once

#include <span>

#include "app/layers/lines.hpp"
#include "app/layers/marks.hpp"
#include "app/layers/paths.hpp"

namespace driftglass {

/// The first `count` paths up to `time` as a thin mass in the time colours; a stochastic sampler's
/// fade with age. `coarse`: in fewer pieces, for a picture in motion.
void add_path_mass(LineBatch& batch, const ShownPaths& paths, int count, double time,
                   bool stochastic, const View& view, const Theme& theme, float strength,
                   bool coarse);

/// The marked paths in full strength: past over a halo of canvas, future dashed.
void add_marked_paths(LineBatch& batch, const ShownPaths& paths,
                      std::span<const std::int64_t> marked, double time, bool stochastic,
                      const View& view, const Theme& theme, Rgb path_colour, float strength);

/// Straight lines from where marked paths start to where they end.
void add_chords(LineBatch& batch, const ShownPaths& paths, std::span<const std::int64_t> marked,
                const View& view, const Theme& theme, float strength);

/// Rings where marked paths start and end, discs where they are now; a stochastic sampler's have a
/// bright ring in the dark, being of the hue of the density; guided ones are pierced, for blue and
/// purple are one colour to many.
void add_path_ends(std::vector<Mark>& marks, const ShownPaths& paths,
                   std::span<const std::int64_t> marked, double time, bool stochastic, bool guided,
                   const View& view, const Theme& theme, Rgb path_colour, float strength);

}  // namespace driftglass
