#pragma once

#include <cstdint>
#include <vector>

#include "app/window/graphics.hpp"
#include "app/window/studio.hpp"

namespace driftglass {

/// One frame of the studio, drawn into memory at any size: [height, width, 4], first row at the
/// top. `frames` are drawn first, so that layout and blends have settled; `after` says what time it
/// is.
std::vector<std::uint8_t> screenshot(Studio& studio, Graphics& graphics, int width, int height,
                                     float scale = 1, int frames = 4);

/// One frame without looking at it: input as ImGui has it, `now` in seconds. With `draw` false
/// nothing is rasterised, only textures are kept up to date.
void headless_frame(Studio& studio, Graphics& graphics, int width, int height, double now,
                    float scale = 1, bool draw = true);

}  // namespace driftglass
