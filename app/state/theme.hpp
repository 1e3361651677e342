#pragma once

#include <array>
#include <cstdint>

namespace driftglass {

/// 0xRRGGBB, sRGB.
using Rgb = std::uint32_t;

/// Colours by meaning, one set for dark and one for light (docs/style.md). What a colour means is the
/// same in window, figures and lessons; the interface itself stays near-grey.
struct Theme {
    bool dark = true;
    Rgb window, panel, canvas, frame, frame_hovered, slider_fill, border, text, dim_text, faint,
        accent, accent_frame;
    Rgb ode, sde, reflow, guidance, data, noise, conditional, exact;
    std::array<Rgb, 4> labels;   ///< Okabe-Ito; always with a glyph: disc, diamond, triangle, square
    std::array<Rgb, 9> time;     ///< t = 1 to t = 0
    std::array<Rgb, 8> density;  ///< at density_stops of q / q_max
};
inline constexpr std::array<float, 8> density_stops_dark = {0, .05f, .1f, .2f, .35f, .5f, .75f, 1};

const Theme& theme(bool dark);

}  // namespace driftglass
