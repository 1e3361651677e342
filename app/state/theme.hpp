#pragma once

#include <array>
#include <cstdint>

namespace driftglass {

/// 0xRRGGBB, sRGB.
using Rgb = std::uint32_t;

/// Colours by meaning, one set for dark and one for light (docs/style.md). What a colour means is
/// the same in window, figures and lessons; the interface itself stays near-grey.
struct Theme {
    bool dark = true;
    Rgb window, panel, canvas, frame, frame_hovered, slider_fill, border, text, dim_text, faint,
        accent, accent_frame;
    Rgb ode, sde, reflow, guidance, data, noise, conditional, exact;
    std::array<Rgb, 4> labels;  ///< Okabe-Ito; always with a glyph: disc, diamond, triangle, square
    std::array<Rgb, 9> time;    ///< t = 1 to t = 0
    std::array<Rgb, 8> density;  ///< at density_stops of q / q_max, t = density_stops_time
};
/// Where Theme::density holds, of both themes.
inline constexpr std::array<float, 8> density_stops = {0, .05f, .1f, .2f, .35f, .5f, .75f, 1};
inline constexpr double density_stops_time = 0.16;

const Theme& theme(bool dark);

/// A colour in OKLCH (Ottosson 2020): lightness 0 to 1, chroma, hue in degrees.
struct Oklch {
    double lightness, chroma, hue;
};
Oklch to_oklch(Rgb colour);
/// Nearest sRGB colour by clipping each channel; each 0 to 1.
std::array<float, 3> to_srgb(const Oklch& colour);
Rgb to_rgb(const Oklch& colour);

/// The time map at any t, 1 noise to 0 data (clamped there), evaluated in OKLCH: with
/// k = smoothstep(1 - t), L = .66 + .14 k, C = .125 + .012 k - .03 sin(pi k), h = 252 + 186 k
/// (dark); L = .52 + .13 k, C greater by .010, h = 252 + 176 k (light). The hue is not wrapped.
Oklch time_oklch(const Theme& theme, double t);
Rgb time_colour(const Theme& theme, double t);

/// The density map at time t of m = q / q_max, 0 to 1 (clamped): from the canvas to the time
/// colour, L linear in m^.62 (dark) or m^.60 (light), chroma and the hue's lean at the foot as in
/// Theme::density. Each channel 0 to 1, not rounded: for tables that are dithered afterwards.
std::array<float, 3> density_srgb(const Theme& theme, double t, double m);
Rgb density_colour(const Theme& theme, double t, double m);

}  // namespace driftglass
