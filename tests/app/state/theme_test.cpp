#include "app/state/theme.hpp"

#include <cmath>
#include <cstdlib>

#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// The largest difference of a channel, of 255.
int difference(Rgb a, Rgb b) {
    int most = 0;
    for (const int shift : {16, 8, 0}) {
        most = std::max(most, std::abs(int(a >> shift & 255) - int(b >> shift & 255)));
    }
    return most;
}

/// WCAG 2 contrast ratio.
double contrast(Rgb a, Rgb b) {
    const auto luminance = [](Rgb colour) {
        const auto linear = [](Rgb channel) {
            const double v = channel / 255.0;
            return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour >> 16 & 255) + 0.7152 * linear(colour >> 8 & 255) +
               0.0722 * linear(colour & 255);
    };
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

}  // namespace

TEST_CASE("OKLCH round trips through sRGB") {
    for (const Rgb colour : {0x000000u, 0xFFFFFFu, 0x56A8F0u, 0xF0743Cu, 0x080A0Eu, 0x0069B4u}) {
        CHECK(to_rgb(to_oklch(colour)) == colour);
    }
    // Ottosson's own example values for white and for pure red.
    CHECK(to_oklch(0xFFFFFF).lightness == Approx(1).margin(1e-4));
    CHECK(to_oklch(0xFF0000).lightness == Approx(0.62796).margin(1e-4));
    CHECK(to_oklch(0xFF0000).hue == Approx(29.234).margin(0.01));
}

TEST_CASE("the time map evaluated is the one listed in the style sheet") {
    for (const bool dark : {true, false}) {
        const Theme& colours = theme(dark);
        for (std::size_t i = 0; i < colours.time.size(); ++i) {
            const double t = 1 - static_cast<double>(i) / 8;
            INFO("dark " << dark << ", t " << t);
            // One unit of rounding; the listed light colours were fitted into sRGB with some care
            // for hue, ours clip: six units where they leave the gamut.
            CHECK(difference(time_colour(colours, t), colours.time[i]) <= (dark ? 1 : 6));
        }
        CHECK(time_colour(colours, 7) == time_colour(colours, 1));
        CHECK(time_colour(colours, -1) == time_colour(colours, 0));
    }
}

TEST_CASE("the density map evaluated is the one listed, and lightness runs one way at every time") {
    for (const bool dark : {true, false}) {
        const Theme& colours = theme(dark);
        for (std::size_t i = 0; i < density_stops.size(); ++i) {
            INFO("dark " << dark << ", m " << density_stops[i]);
            CHECK(difference(density_colour(colours, density_stops_time, density_stops[i]),
                             colours.density[i]) <= 4);
        }
        for (const double t : {0.0, 0.16, 0.5, 0.8, 1.0}) {
            CHECK(density_colour(colours, t, 0) == colours.canvas);
            CHECK(density_colour(colours, t, 2) == density_colour(colours, t, 1));
            double before = to_oklch(colours.canvas).lightness;
            for (double m = 0.02; m <= 1; m += 0.02) {
                const double lightness = to_oklch(density_colour(colours, t, m)).lightness;
                INFO("dark " << dark << ", t " << t << ", m " << m);
                CHECK((dark ? lightness - before : before - lightness) > -0.004);  // 8-bit rounding
                before = lightness;
            }
        }
    }
}

TEST_CASE("text stands out from the panel as the style sheet promises") {
    CHECK(contrast(theme(true).text, theme(true).panel) == Approx(14.6).margin(0.1));
    CHECK(contrast(theme(true).dim_text, theme(true).panel) == Approx(7.0).margin(0.1));
    CHECK(contrast(theme(false).dim_text, theme(false).panel) >= 5.3);
}
