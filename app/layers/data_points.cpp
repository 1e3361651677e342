#include "app/layers/data_points.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/lab/space_time.hpp"

namespace driftglass {

std::vector<Mark> data_point_marks(const PointSet& data, const Theme& theme, float strength,
                                   float unit, float room, std::optional<int> asked) {
    std::vector<Mark> marks;
    const auto dimension = static_cast<std::size_t>(data.dimension);
    const auto count = static_cast<std::size_t>(data.size());
    marks.reserve(count);
    // A few points must be seen one by one, very many must not become a solid.
    const float crowd = static_cast<float>(std::max<std::size_t>(count, 1));
    const float radius = unit * std::clamp(1.0f * std::pow(3000 / crowd, 0.25f), 0.8f, 3.0f);
    // What they cover of a small pane, more than of a large one, is fainter.
    constexpr float usual = 0.05f;
    const float covered = crowd * std::numbers::pi_v<float> * radius * radius / room;
    const float alpha =
        std::min(1.0f, 0.68f * strength * std::clamp(std::pow(3000 / crowd, 0.25f), 0.5f, 1.8f)) *
        std::clamp(std::sqrt(usual / covered), 0.5f, 1.0f);
    for (std::size_t i = 0; i < count; ++i) {
        // In one dimension beside the end of the time axis, in a band so that each is seen.
        const float spread = 0.618034f * static_cast<float>(i);
        const float x = dimension > 1 ? data.x[i * dimension]
                                      : static_cast<float>(across_at(0)) + 0.05f +
                                            0.18f * (spread - std::floor(spread));
        const float y = data.x[i * dimension + (dimension > 1 ? 1 : 0)];
        if (!std::isfinite(x) || !std::isfinite(y)) continue;
        const int label = i < data.labels.size() ? data.labels[i] : -1;
        const auto kind = static_cast<std::size_t>(label < 0 ? 0 : label % 4);
        const bool aside = asked && label != *asked;
        const Rgb colour = aside ? theme.conditional : label < 0 ? theme.data : theme.labels[kind];
        marks.push_back(mark(x, y, radius, ink(colour, aside ? 0.3f * alpha : alpha),
                             static_cast<Glyph>(kind)));
    }
    return marks;
}

}  // namespace driftglass
