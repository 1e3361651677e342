#include "app/layers/density.hpp"

#include <cmath>

namespace driftglass {

namespace {

constexpr int last_entry = 1023;

/// Interleaved gradient noise (Jimenez 2014), 0 to 255, on a tile.
constexpr int tile = 64;
std::array<std::uint8_t, tile * tile> noise_tile() {
    std::array<std::uint8_t, tile * tile> noise{};
    for (int y = 0; y < tile; ++y) {
        for (int x = 0; x < tile; ++x) {
            const double at = 0.06711056 * x + 0.00583715 * y;
            const double value = 52.9829189 * (at - std::floor(at));
            noise[static_cast<std::size_t>(y * tile + x)] =
                static_cast<std::uint8_t>((value - std::floor(value)) * 255.999);
        }
    }
    return noise;
}

std::vector<float> places(int pixels, float world_min, float world_max, float grid_min,
                          float grid_max, int cells) {
    std::vector<float> all;
    all.reserve(static_cast<std::size_t>(pixels));
    for (int i = 0; i < pixels; ++i) {
        const float at = world_min + (static_cast<float>(i) + 0.5f) / static_cast<float>(pixels) *
                                         (world_max - world_min);
        all.push_back((at - grid_min) / (grid_max - grid_min) * static_cast<float>(cells));
    }
    return all;
}

std::vector<float> at_pixels(const DensityField& field, int width, int height, const Rect& world) {
    const Rect& grid = field.world();
    return sample_b_spline(
        field.values(), field.columns(), field.rows(),
        places(width, world.x_min, world.x_max, grid.x_min, grid.x_max, field.columns()),
        places(height, world.y_min, world.y_max, grid.y_min, grid.y_max, field.rows()));
}

int entry_of(float m) {
    return static_cast<int>(std::sqrt(std::clamp(m, 0.0f, 1.0f)) * static_cast<float>(last_entry));
}

/// `colour` as density_map has it, `noise` 0 to 255.
void store(std::uint8_t* pixel, const std::array<std::uint16_t, 4>& colour, unsigned noise) {
    const unsigned offset = noise * colour[3] >> 8;
    pixel[0] = static_cast<std::uint8_t>((colour[0] + offset) >> 8);
    pixel[1] = static_cast<std::uint8_t>((colour[1] + offset) >> 8);
    pixel[2] = static_cast<std::uint8_t>((colour[2] + offset) >> 8);
    pixel[3] = 255;
}

}  // namespace

DensityMap density_map(const Theme& theme, double time, float strength) {
    DensityMap map{};
    const std::array<float, 3> canvas = channels(theme.canvas);
    // The upper half of the slider changes little: a layer that is on should look on.
    const float part = 1 - (1 - strength) * (1 - strength);
    // Colours are dear and smooth: a few, and straight lines between them.
    constexpr int stride = 11;
    static_assert(last_entry % stride == 0);
    const auto colour_at = [&](int i) {
        const double root = i / double(last_entry);
        return density_srgb(theme, time, root * root);
    };
    std::array<float, 3> here{}, next = colour_at(0);
    for (int i = 0; i <= last_entry; ++i) {
        const double root = i / double(last_entry);
        if (i % stride == 0) {
            here = next;
            next = colour_at(std::min(i + stride, last_entry));
        }
        std::array<float, 3> full{};
        for (std::size_t c = 0; c < 3; ++c) {
            full[c] = std::lerp(here[c], next[c], static_cast<float>(i % stride) / stride);
        }
        auto& entry = map.entries[static_cast<std::size_t>(i)];
        const double amplitude = 1.4 * 256 * std::min(1.0, root * 12);
        for (std::size_t c = 0; c < 3; ++c) {
            const double colour = std::lerp(canvas[c], full[c], part) * 255 * 256;
            entry[c] = static_cast<std::uint16_t>(
                std::clamp(colour + 128 - amplitude / 2, 0.0, 65535 - amplitude));
        }
        entry[3] = static_cast<std::uint16_t>(amplitude);
    }
    return map;
}

std::vector<std::uint8_t> paint_density(int width, int height, const Rect& world,
                                        const Theme& theme, const DensityField* under,
                                        const DensityMaps& under_maps, const DensityField* over,
                                        const DensityMaps& over_maps) {
    static const auto noise = noise_tile();
    const std::array<std::uint16_t, 4> canvas = {
        static_cast<std::uint16_t>((theme.canvas >> 16 & 255) << 8),
        static_cast<std::uint16_t>((theme.canvas >> 8 & 255) << 8),
        static_cast<std::uint16_t>((theme.canvas & 255) << 8), 0};
    const std::vector<float> low =
        under ? at_pixels(*under, width, height, world) : std::vector<float>{};
    const std::vector<float> high =
        over ? at_pixels(*over, width, height, world) : std::vector<float>{};
    const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    std::vector<std::uint8_t> pixels(count * 4);
    const auto columns = [width](const DensityField* field, const DensityMaps& maps) {
        std::vector<const DensityMap*> of(field != nullptr ? static_cast<std::size_t>(width) : 0);
        for (std::size_t x = 0; x < of.size(); ++x)
            of[x] = &maps[x * maps.size() / of.size()];
        return of;
    };
    const std::vector<const DensityMap*> under_map = columns(under, under_maps);
    const std::vector<const DensityMap*> over_map = columns(over, over_maps);
    for (int y = 0; y < height; ++y) {
        const std::uint8_t* row_noise = noise.data() + (y % tile) * tile;
        const std::size_t row = static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        std::uint8_t* out = pixels.data() + row * 4;
        for (int x = 0; x < width; ++x, out += 4) {
            const auto column = static_cast<std::size_t>(x);
            const std::size_t at = row + column;
            const auto& below =
                under ? under_map[column]->entries[static_cast<std::size_t>(entry_of(low[at]))]
                      : canvas;
            if (over == nullptr) {
                store(out, below, row_noise[x % tile]);
                continue;
            }
            const int entry = entry_of(high[at]);
            const auto& above = over_map[column]->entries[static_cast<std::size_t>(entry)];
            const int cover = std::min(256, entry * 5 / 8);
            std::array<std::uint16_t, 4> mixed{};
            for (std::size_t c = 0; c < 4; ++c) {
                mixed[c] =
                    static_cast<std::uint16_t>((below[c] * (256 - cover) + above[c] * cover) >> 8);
            }
            store(out, mixed, row_noise[x % tile]);
        }
    }
    return pixels;
}

}  // namespace driftglass
