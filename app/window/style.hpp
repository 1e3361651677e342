#pragma once

#include "app/panels/design.hpp"

namespace driftglass {

/// The base font's size in ImGui's pixels: readable on any screen, whatever scale it reports.
/// `height` is the window's in those pixels, `scale` what the screen asks for, `chosen` the
/// person's.
float em_for(float height, float scale, float chosen);

/// Colours, paddings and radii of ImGui and ImPlot, from the theme and in multiples of em.
void apply_style(const Design& design);

}  // namespace driftglass
