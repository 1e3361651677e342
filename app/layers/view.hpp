#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "app/state/theme.hpp"
#include "core/lab/command.hpp"

namespace driftglass {

/// World units to framebuffer pixels, y upward in both; and the size of a designed pixel.
struct View {
    Rect world;
    int width = 0;
    int height = 0;
    float unit = 1;  ///< framebuffer pixels of one designed pixel (em / 14)

    float x_scale() const { return static_cast<float>(width) / (world.x_max - world.x_min); }
    float y_scale() const { return static_cast<float>(height) / (world.y_max - world.y_min); }
    float x(float world_x) const { return (world_x - world.x_min) * x_scale(); }
    float y(float world_y) const { return (world_y - world.y_min) * y_scale(); }
    /// What marks shrink by in a small pane, where they would hide what they mark.
    float mark_scale() const {
        constexpr float roomy = 400;  // designed pixels
        const auto side = static_cast<float>(std::min(width, height));
        return std::clamp(side / (unit * roomy), 0.65f, 1.0f);
    }
};

/// For what would run into the words at a pane's top and bottom: 0 behind them, 1 between them.
inline float clear_of_words(const View& view, float y) {
    constexpr float caption = 36, footer = 32, ramp = 24;
    const float inside =
        std::min(static_cast<float>(view.height) - caption * view.unit - y, y - footer * view.unit);
    return std::clamp(inside / (ramp * view.unit), 0.0f, 1.0f);
}

/// Whether a point in pixels can be drawn: finite and not absurdly far outside.
inline bool drawable(float x, float y) {
    return std::abs(x) < 1e6f && std::abs(y) < 1e6f;
}

/// A colour with its strength; straight, not premultiplied.
struct Ink {
    std::array<float, 3> colour{};
    float alpha = 1;
};

inline std::array<float, 3> channels(Rgb colour) {
    return {static_cast<float>(colour >> 16 & 255) / 255.0f,
            static_cast<float>(colour >> 8 & 255) / 255.0f,
            static_cast<float>(colour & 255) / 255.0f};
}

inline Ink ink(Rgb colour, float alpha = 1) {
    return {channels(colour), alpha};
}

/// Bytes R, G, B, A in memory order, as vertex attributes take them.
inline std::uint32_t pack(const Ink& ink) {
    const auto byte = [](float v) {
        return static_cast<std::uint32_t>(std::clamp(v, 0.0f, 1.0f) * 255 + 0.5f);
    };
    return byte(ink.colour[0]) | byte(ink.colour[1]) << 8 | byte(ink.colour[2]) << 16 |
           byte(ink.alpha) << 24;
}

}  // namespace driftglass
