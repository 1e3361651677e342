#include "app/state/theme.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace driftglass {

namespace {

constexpr Theme dark_theme = {
    .dark = true,
    .window = 0x0B0D12,
    .panel = 0x14181F,
    .canvas = 0x080A0E,
    .frame = 0x1E242E,
    .frame_hovered = 0x28303C,
    .slider_fill = 0x34414A,
    .border = 0x232A35,
    .text = 0xE4E9F0,
    .dim_text = 0x98A3B3,
    .faint = 0x667284,
    .accent = 0xBFE6E0,
    .accent_frame = 0x2A3A40,
    .ode = 0x56A8F0,
    .sde = 0xF0743C,
    .reflow = 0x2BB596,
    .guidance = 0xA98BF0,
    .data = 0xF5B45C,
    .noise = 0x6AA0F2,
    .conditional = 0x98A3B3,
    .exact = 0xE4E9F0,
    .labels = {0xE69F00, 0xE08BBB, 0xF0E442, 0x56B4E9},
    .time = {0x5596DC, 0x6794DE, 0x8D90DD, 0xB48DD0, 0xD58EB6, 0xEC9394, 0xF59F6F, 0xF2AC53,
             0xEEB24A},
    .density = {0x080A0E, 0x2A181D, 0x3E2024, 0x5D2C2B, 0x843D2B, 0xA54E1E, 0xC87223, 0xE88F44},
};

constexpr Theme light_theme = {
    .dark = false,
    .window = 0xF3F1EC,
    .panel = 0xFBFAF7,
    .canvas = 0xFFFFFF,
    .frame = 0xE9E6DF,
    .frame_hovered = 0xDFDBD2,
    .slider_fill = 0xB5C8C6,
    .border = 0xDCD8CF,
    .text = 0x17202B,
    .dim_text = 0x5A6573,
    .faint = 0x98A0AA,
    .accent = 0x1F4E55,
    .accent_frame = 0xD5E3E1,
    .ode = 0x0069B4,
    .sde = 0xB84808,
    .reflow = 0x00836A,
    .guidance = 0x6C3FC0,
    .data = 0x9A5800,
    .noise = 0x2F6FC4,
    .conditional = 0x7C8794,
    .exact = 0x17202B,
    .labels = {0xB87A00, 0xCC79A7, 0x665E00, 0x1B6B9F},
    .time = {0x216BB3, 0x3969B5, 0x6165B4, 0x8761A8, 0xA76090, 0xBE6370, 0xC96B48, 0xCA761D,
             0xC87B00},
    .density = {0xFFFFFF, 0xFDEBD6, 0xFBE0C0, 0xFAD0A0, 0xF9BB79, 0xF8A857, 0xF28E2F, 0xE47C27},
};

double to_linear(double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
double from_linear(double v) {
    return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}

/// Difference of two angles in (-180, 180].
double turn(double degrees) {
    return degrees - 360 * std::ceil((degrees - 180) / 360);
}

/// The density map relative to the time colour: exponent of L, chroma as a share of the time
/// colour's, hue from the time colour's; at density_stops.
struct DensityMap {
    double exponent;
    double end_lightness;  ///< L at m = 1 less the time colour's
    std::array<double, 8> s, chroma, lean;
};

DensityMap density_map(const Theme& theme) {
    const Oklch time = time_oklch(theme, density_stops_time);
    DensityMap map{};
    map.exponent = theme.dark ? 0.62 : 0.60;
    map.end_lightness = to_oklch(theme.density.back()).lightness - time.lightness;
    for (std::size_t i = 0; i < density_stops.size(); ++i) {
        const Oklch stop = to_oklch(theme.density[i]);
        map.s[i] = std::pow(double(density_stops[i]), map.exponent);
        map.chroma[i] = stop.chroma / time.chroma;
        map.lean[i] = turn(stop.hue - time.hue);
    }
    map.lean[0] = map.lean[1];  // the canvas is grey: its hue says nothing
    return map;
}

}  // namespace

const Theme& theme(bool dark) {
    return dark ? dark_theme : light_theme;
}

Oklch to_oklch(Rgb colour) {
    const double r = to_linear((colour >> 16 & 255) / 255.0);
    const double g = to_linear((colour >> 8 & 255) / 255.0);
    const double b = to_linear((colour & 255) / 255.0);
    const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    const double lightness = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    const double a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    const double c = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
    const double hue = std::atan2(c, a) * 180 / std::numbers::pi;
    return {lightness, std::hypot(a, c), hue < 0 ? hue + 360 : hue};
}

std::array<float, 3> to_srgb(const Oklch& colour) {
    const double hue = colour.hue * std::numbers::pi / 180;
    const double a = colour.chroma * std::cos(hue);
    const double b = colour.chroma * std::sin(hue);
    const auto cubed = [](double x) { return x * x * x; };
    const double l = cubed(colour.lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cubed(colour.lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cubed(colour.lightness - 0.0894841775 * a - 1.2914855480 * b);
    const auto channel = [](double linear) {
        return static_cast<float>(from_linear(std::clamp(linear, 0.0, 1.0)));
    };
    return {channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

Rgb to_rgb(const Oklch& colour) {
    Rgb packed = 0;
    for (const float channel : to_srgb(colour)) {
        packed = packed << 8 | static_cast<Rgb>(std::lround(channel * 255));
    }
    return packed;
}

Oklch time_oklch(const Theme& theme, double t) {
    const double x = std::clamp(1 - t, 0.0, 1.0);
    const double k = x * x * (3 - 2 * x);
    const double dip = 0.03 * std::sin(std::numbers::pi * k);
    if (theme.dark) return {0.66 + 0.14 * k, 0.125 + 0.012 * k - dip, 252 + 186 * k};
    return {0.52 + 0.13 * k, 0.135 + 0.012 * k - dip, 252 + 176 * k};
}

Rgb time_colour(const Theme& theme, double t) {
    return to_rgb(time_oklch(theme, t));
}

std::array<float, 3> density_srgb(const Theme& theme, double t, double m) {
    static const DensityMap dark = density_map(dark_theme);
    static const DensityMap light = density_map(light_theme);
    const DensityMap& map = theme.dark ? dark : light;

    const double s = std::pow(std::clamp(m, 0.0, 1.0), map.exponent);
    std::size_t i = 1;
    while (i + 1 < map.s.size() && map.s[i] < s)
        ++i;
    const double part = std::clamp((s - map.s[i - 1]) / (map.s[i] - map.s[i - 1]), 0.0, 1.0);

    const Oklch time = time_oklch(theme, t);
    const Oklch canvas = to_oklch(theme.canvas);
    // The foot leans towards rose (360 degrees) from either side of it.
    const double side = std::clamp((time.hue - 360) / 50, -1.0, 1.0);
    Oklch colour;
    colour.lightness =
        canvas.lightness + (time.lightness + map.end_lightness - canvas.lightness) * s;
    colour.chroma = time.chroma * std::lerp(map.chroma[i - 1], map.chroma[i], part);
    colour.hue = time.hue + side * std::lerp(map.lean[i - 1], map.lean[i], part);
    if (s >= map.s[1]) return to_srgb(colour);

    // Below the first stop the hue of the canvas, at almost no chroma, must not sweep in: mix in
    // sRGB.
    std::array<float, 3> ground{};
    for (int c = 0; c < 3; ++c) {
        ground[c] = static_cast<float>(theme.canvas >> (16 - 8 * c) & 255) / 255.0f;
    }
    colour.lightness =
        canvas.lightness + (time.lightness + map.end_lightness - canvas.lightness) * map.s[1];
    colour.chroma = time.chroma * map.chroma[1];
    const std::array<float, 3> stop = to_srgb(colour);
    std::array<float, 3> mixed{};
    for (int c = 0; c < 3; ++c)
        mixed[c] = std::lerp(ground[c], stop[c], static_cast<float>(part));
    return mixed;
}

Rgb density_colour(const Theme& theme, double t, double m) {
    Rgb packed = 0;
    for (const float channel : density_srgb(theme, t, m)) {
        packed = packed << 8 | static_cast<Rgb>(std::lround(channel * 255));
    }
    return packed;
}

}  // namespace driftglass
