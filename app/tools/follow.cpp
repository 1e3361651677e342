#include "app/tools/follow.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "app/tools/pan.hpp"

namespace driftglass {

namespace {

constexpr float canvas = 2.5f;   ///< half a side of a canvas to draw on
constexpr float margin = 1.12f;  ///< of the whole view to what lies in it
/// Shares of the points that may lie outside on each side.
constexpr double data_tail = 0.002, start_tail = 0.04, end_tail = 0.015;
/// How far noise and ends widen the view at most: in halves of the data's longer side. Of ends that
/// left the data it is enough to see which way they went.
constexpr float start_reach = 1.8f, end_reach = 1.15f;
/// A view that is so near the wanted one, in shares of its longer side, stays as it is.
constexpr float tolerance = 0.1f;
constexpr double ease_seconds = 0.08;  ///< the rest of the way shrinks to 1/e in each of these

struct Span {
    float low, high;
};

/// Without the `tail` at either side.
std::optional<Span> span_of(std::vector<float>& values, double tail) {
    if (values.empty()) return std::nullopt;
    const auto at = [&](double share) {
        const auto k = static_cast<std::ptrdiff_t>(
            std::lround(share * static_cast<double>(values.size() - 1)));
        std::nth_element(values.begin(), values.begin() + k, values.end());
        return values[static_cast<std::size_t>(k)];
    };
    const float low = at(tail);
    return Span{low, at(1 - tail)};
}

float longer_side(const Rect& rect) {
    return std::max(rect.x_max - rect.x_min, rect.y_max - rect.y_min);
}

Rect widened(const Rect& rect, float factor) {
    const float more = (factor - 1) / 2;
    const float x = more * (rect.x_max - rect.x_min), y = more * (rect.y_max - rect.y_min);
    return {rect.x_min - x, rect.y_min - y, rect.x_max + x, rect.y_max + y};
}

/// The box of what there is, without a margin.
Rect box_of(const Snapshot& snapshot, std::size_t panes) {
    std::vector<float> x, y;
    if (snapshot.data) {
        const PointSet& data = *snapshot.data;
        for (std::size_t i = 0; i < data.x.size(); ++i) {
            if (!std::isfinite(data.x[i]) || std::abs(data.x[i]) > furthest_view) continue;
            // One dimension stands upright.
            (data.dimension == 1 || i % 2 == 1 ? y : x).push_back(data.x[i]);
        }
    }
    const bool blank = y.empty();
    const Span nothing = blank ? Span{-canvas, canvas} : Span{-1, 1};
    const Span wide = span_of(x, data_tail).value_or(nothing);
    const Span tall = span_of(y, data_tail).value_or(nothing);
    Rect box{wide.low, tall.low, wide.high, tall.high};
    const float half = std::max(longer_side(box), 1.0f) / 2;
    const float middle_x = (wide.low + wide.high) / 2, middle_y = (tall.low + tall.high) / 2;

    const auto widen = [&](std::span<const float> points, double tail, float reach) {
        x.clear();
        y.clear();
        for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
            if (!std::isfinite(points[i]) || !std::isfinite(points[i + 1])) continue;
            x.push_back(points[i]);
            y.push_back(points[i + 1]);
        }
        const std::optional<Span> across = span_of(x, tail), up = span_of(y, tail);
        if (!across) return;
        box.x_min = std::min(box.x_min, std::max(across->low, middle_x - reach * half));
        box.x_max = std::max(box.x_max, std::min(across->high, middle_x + reach * half));
        box.y_min = std::min(box.y_min, std::max(up->low, middle_y - reach * half));
        box.y_max = std::max(box.y_max, std::min(up->high, middle_y + reach * half));
    };
    for (std::size_t pane = 0; pane < std::min(panes, snapshot.panes.size()); ++pane) {
        if (!snapshot.panes[pane].trajectories) continue;
        const Trajectories& paths = *snapshot.panes[pane].trajectories;
        const std::span<const float> all = paths.positions;
        const std::size_t row = std::min(
            2 * static_cast<std::size_t>(std::max<std::int64_t>(paths.count, 0)), all.size());
        widen(all.first(row), start_tail, start_reach);
        widen(all.last(row), end_tail, end_reach);
    }
    return box;
}

/// Whether a view still serves: it holds the box, and is hardly larger than it need be.
bool serves(const Rect& view, const Rect& box, int dimension) {
    const Rect wanted = widened(box, margin);
    const auto along = [](float low, float high, float least, float most, float want_low,
                          float want_high) {
        const float room = tolerance * (want_high - want_low);
        return low <= least && high >= most && std::abs(low - want_low) <= room &&
               std::abs(high - want_high) <= room;
    };
    return (dimension == 1 ||
            along(view.x_min, view.x_max, box.x_min, box.x_max, wanted.x_min, wanted.x_max)) &&
           along(view.y_min, view.y_max, box.y_min, box.y_max, wanted.y_min, wanted.y_max);
}

bool holds(const Rect& view, const Rect& box) {
    return view.x_min <= box.x_min && view.x_max >= box.x_max && view.y_min <= box.y_min &&
           view.y_max >= box.y_max;
}

Rect both(const Rect& a, const Rect& b) {
    return {std::min(a.x_min, b.x_min), std::min(a.y_min, b.y_min), std::max(a.x_max, b.x_max),
            std::max(a.y_max, b.y_max)};
}

/// A stroke more or less, or longer: what a person does with the brush, or undoes.
bool by_brush(std::size_t strokes, std::size_t before) {
    return strokes > 0 && strokes <= before + 1 && before <= strokes + 1;
}

/// No side of it is without length.
Rect with_extent(Rect rect) {
    const float least = std::max(1e-3f * longer_side(rect), 1e-3f) / 2;
    const float x = (rect.x_min + rect.x_max) / 2, y = (rect.y_min + rect.y_max) / 2;
    return {std::min(rect.x_min, x - least), std::min(rect.y_min, y - least),
            std::max(rect.x_max, x + least), std::max(rect.y_max, y + least)};
}

}  // namespace

Rect worth_seeing(const Snapshot& snapshot, std::size_t panes) {
    return widened(with_extent(box_of(snapshot, panes)), margin);
}

void Follower::frame(const Snapshot& snapshot, std::size_t panes, bool hold, double passed,
                     UiState& ui) {
    if (!ui.view_follows) {
        followed_ = moving_ = false;
        aim_ = ui.view;
        return;
    }
    // Nothing is there yet: what comes first is no change.
    const int dimension = snapshot.data ? snapshot.data->dimension : 0;
    std::vector<std::shared_ptr<const Trajectories>> paths;
    for (std::size_t pane = 0; pane < std::min(panes, snapshot.panes.size()); ++pane)
        paths.push_back(snapshot.panes[pane].trajectories);
    if (!followed_ || (!hold && (snapshot.data != data_ || paths != paths_))) {
        const Rect box = with_extent(box_of(snapshot, panes));
        if (snapshot.data != data_) painted_ = by_brush(snapshot.strokes.size(), strokes_);
        if (!followed_) painted_ = false;
        const Rect wanted = widened(box, margin);
        if (painted_) {
            if (!holds(aim_, box)) aim_ = both(aim_, wanted);
        } else if (!followed_ || !serves(aim_, box, dimension)) {
            aim_ = wanted;
        }
        strokes_ = snapshot.strokes.size();
        data_ = snapshot.data;
        paths_ = std::move(paths);
        followed_ = true;
    }
    // A picture of something else altogether needs no way to it.
    const bool jump = ui.reduced_motion || std::exchange(dimension_, dimension) != dimension;
    const auto part = static_cast<float>(jump ? 1 : 1 - std::exp(-passed / ease_seconds));
    const auto toward = [part](float& from, float to) { from += part * (to - from); };
    toward(ui.view.x_min, aim_.x_min);
    toward(ui.view.x_max, aim_.x_max);
    toward(ui.view.y_min, aim_.y_min);
    toward(ui.view.y_max, aim_.y_max);
    const float off =
        std::max({std::abs(ui.view.x_min - aim_.x_min), std::abs(ui.view.x_max - aim_.x_max),
                  std::abs(ui.view.y_min - aim_.y_min), std::abs(ui.view.y_max - aim_.y_max)});
    moving_ = off > 2e-3f * longer_side(aim_);
    if (!moving_) ui.view = aim_;
}

}  // namespace driftglass
