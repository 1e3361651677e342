#pragma once

#include <algorithm>
#include <span>
#include <string_view>

namespace driftglass {

/// The slider of a setting that only some choices read, by its key in the scene.
template <class Settings>
struct Dial {
    std::string_view key;
    bool (*draw)(Settings& settings);
};

/// The sliders of the keys that are read, in their order; true while one of them changes. A key
/// without a slider is for files.
template <class Settings>
bool draw_dials(std::span<const Dial<Settings>> dials, std::span<const std::string_view> keys,
                Settings& settings) {
    bool changed = false;
    for (const std::string_view key : keys) {
        const auto dial = std::ranges::find(dials, key, &Dial<Settings>::key);
        if (dial != dials.end()) changed |= dial->draw(settings);
    }
    return changed;
}

}  // namespace driftglass
