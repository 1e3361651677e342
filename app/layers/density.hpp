#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "app/layers/density_field.hpp"
#include "app/layers/view.hpp"

namespace driftglass {

/// The density map at one time and strength, ready to be looked up: entry i is at m = (i / last)^2.
struct DensityMap {
    /// Red, green, blue with 8 binary places, and the amplitude of the dither in them.
    std::array<std::array<std::uint16_t, 4>, 1024> entries;
};
/// `strength` 0 to 1 fades the map towards the canvas.
DensityMap density_map(const Theme& theme, double time, float strength);

/// A map a stretch of the width, from the left, of equal lengths.
using DensityMaps = std::vector<DensityMap>;

/// The canvas with the density on it, RGBA, [height, width], row 0 at the bottom; `over`, where not
/// null, is laid over `under` (null: the bare canvas). Dithered by +-0.7/255, so that dark slopes
/// do not band. On the processor: a software renderer takes seven times as long for it in a shader,
/// and it changes only when a new grid comes.
std::vector<std::uint8_t> paint_density(int width, int height, const Rect& world,
                                        const Theme& theme, const DensityField* under,
                                        const DensityMaps& under_maps, const DensityField* over,
                                        const DensityMaps& over_maps);

}  // namespace driftglass
