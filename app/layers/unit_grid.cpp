#include "app/layers/unit_grid.hpp"

#include "core/lab/space_time.hpp"

namespace driftglass {

namespace {

/// 1, 2, 5, 10, 20 … world units: the least that stands 40 designed pixels apart.
float spacing(const View& view) {
    const float least = 40 * view.unit / std::min(view.x_scale(), view.y_scale());
    if (!(least > 1)) return 1;
    const float decade = std::pow(10.0f, std::floor(std::log10(least)));
    for (const float step : {1.0f, 2.0f, 5.0f}) {
        if (step * decade >= least) return step * decade;
    }
    return 10 * decade;
}

}  // namespace

void add_unit_grid(LineBatch& batch, const View& view, const Theme& theme, bool space_time) {
    const float step = spacing(view);
    if (!std::isfinite(step)) return;
    const auto line = [&](float y) {
        return ink(theme.dark ? 0xFFFFFF : 0x000000,
                   (theme.dark ? 0.045f : 0.055f) * clear_of_words(view, y));
    };
    // One or more whole pixels wide and on whole pixels: a hairline must not blur.
    const float half = 0.5f * std::max(1.0f, std::round(view.unit));
    const auto snapped = [half](float pixel) { return std::floor(pixel - half + 0.5f) + half; };
    const auto width = static_cast<float>(view.width);
    const auto height = static_cast<float>(view.height);
    std::vector<float> verticals;
    if (space_time) {
        for (const double t : {0.0, 0.25, 0.5, 0.75, 1.0})
            verticals.push_back(static_cast<float>(across_at(t)));
    } else {
        for (float x = std::ceil(view.world.x_min / step); x * step <= view.world.x_max; ++x)
            verticals.push_back(x * step);
    }
    for (const float x : verticals) {
        const float at = snapped(view.x(x));
        std::vector<LinePoint> points;
        for (const float y : {0.0f, 32.0f, 56.0f})
            points.push_back({at, y * view.unit, half, line(y * view.unit)});
        for (const float y : {60.0f, 36.0f, 0.0f})
            points.push_back({at, height - y * view.unit, half, line(height - y * view.unit)});
        batch.add(points, 0);
    }
    for (float y = std::ceil(view.world.y_min / step); y * step <= view.world.y_max; ++y) {
        const float at = snapped(view.y(y * step));
        const LinePoint ends[] = {{0, at, half, line(at)}, {width, at, half, line(at)}};
        batch.add(ends);
    }
}

}  // namespace driftglass
