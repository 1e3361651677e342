#include "app/layers/profile.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/lab/space_time.hpp"

namespace driftglass {
namespace {

/// World units that the highest curve reaches from the line of time.
constexpr float tallest = 0.8f;
constexpr float least = 0.004f;
constexpr float infinity = std::numeric_limits<float>::infinity();

float highest(const std::vector<float>& values) {
    float most = 0;
    for (const float value : values)
        if (std::isfinite(value)) most = std::max(most, value);
    return most;
}

}  // namespace

ProfileColours profile_colours(const Theme& theme, Rgb path_colour) {
    return {theme.dim_text, theme.exact, theme.conditional, path_colour};
}

void add_profile(LineBatch& batch, const Profile& profile, double time, const View& view,
                 const Theme& theme, Rgb path_colour) {
    const auto across = static_cast<float>(across_at(time));
    const float unit = view.unit;
    // Near the data there is no room on the right: then over the times that have passed.
    const float side = across + tallest > shown_time_axis ? -1.0f : 1.0f;
    std::vector<LinePoint> axis;
    constexpr int parts = 24;  // it fades behind the words
    for (int i = 0; i <= parts; ++i) {
        const float y = static_cast<float>(view.height) * static_cast<float>(i) / parts;
        axis.push_back(
            {view.x(across), y, 0.5f * unit, ink(theme.text, 0.35f * clear_of_words(view, y))});
    }
    batch.add(axis, 0);

    const float most =
        std::max({highest(profile.density), highest(profile.tilted), highest(profile.samples)});
    if (!(most > 0)) return;
    const auto curve = [&](const std::vector<float>& values, float scale, Rgb colour,
                           float half_width, bool dashed) {
        if (values.empty()) return;
        const float cell = (profile.high - profile.low) / static_cast<float>(values.size());
        std::vector<LinePoint> points;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const float x = profile.low + (static_cast<float>(i) + 0.5f) * cell;
            const float height = std::isfinite(values[i]) ? values[i] * scale : 0;
            // What lies on the line of time is left out, so that no curve covers it.
            const bool shown = height > least;
            points.push_back({shown ? view.x(across + side * height) : infinity, view.y(x),
                              half_width * unit, ink(colour, clear_of_words(view, view.y(x)))});
        }
        batch.add(points, 0.12f, dashed);
    };
    const ProfileColours colours = profile_colours(theme, path_colour);
    const float scale = tallest / most;
    curve(profile.share, tallest, colours.share, 0.6f, true);
    curve(profile.density, scale, colours.density, 0.7f, false);
    curve(profile.tilted, scale, colours.tilted, 0.9f, false);
    curve(profile.samples, scale, colours.samples, 0.9f, false);
}

}  // namespace driftglass
