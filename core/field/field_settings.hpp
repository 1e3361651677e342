#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/names.hpp"

namespace driftglass {

struct Key;

enum class FieldKind { learned, exact };

inline std::span<const Choice<FieldKind>> choices(FieldKind) {
    static constexpr Choice<FieldKind> all[] = {{FieldKind::learned, "learned"},
                                                {FieldKind::exact, "exact"}};
    return all;
}

/// Scene keys `exact.*`.
struct ExactSettings {
    double kernel_width = 0;  ///< finite data: h >= 0; 0 is the learning-free field of the points

    bool operator==(const ExactSettings&) const = default;
};
std::vector<Key> keys_of(ExactSettings& settings);

enum class GuidanceKind { none, cfg, classifier, autoguidance };

inline std::span<const Choice<GuidanceKind>> choices(GuidanceKind) {
    static constexpr Choice<GuidanceKind> all[] = {{GuidanceKind::none, "none"},
                                                   {GuidanceKind::cfg, "cfg"},
                                                   {GuidanceKind::classifier, "classifier"},
                                                   {GuidanceKind::autoguidance, "autoguidance"}};
    return all;
}

/// Scene keys `guidance.*`. s_w = s(none) + w [s(label) - s(none)]: w = 0 unconditional, 1
/// conditional.
struct GuidanceSettings {
    GuidanceKind kind = GuidanceKind::none;
    double scale = 1;         ///< w, -1 to 20
    int label = 0;            ///< the class c
    double interval_low = 0;  ///< guidance acts for t in [low, high], conditional elsewhere
    double interval_high = 1;

    /// The label that is asked for; none where nothing is guided.
    std::optional<int> wanted_label() const {
        return kind == GuidanceKind::none ? std::nullopt : std::optional<int>(label);
    }

    bool operator==(const GuidanceSettings&) const = default;
};
std::vector<Key> keys_of(GuidanceSettings& settings);

}  // namespace driftglass
