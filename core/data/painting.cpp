#include "core/data/painting.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>

namespace driftglass {
namespace {

double squared_distance(double x, double y, double ax, double ay, double bx, double by) {
    const double dx = bx - ax;
    const double dy = by - ay;
    const double square = dx * dx + dy * dy;
    double part = square > 0 ? ((x - ax) * dx + (y - ay) * dy) / square : 0;
    part = std::clamp(part, 0.0, 1.0);
    const double ex = x - (ax + part * dx);
    const double ey = y - (ay + part * dy);
    return ex * ex + ey * ey;
}

}  // namespace

StrokeShape::StrokeShape(const Stroke& stroke, int dimension)
    : stroke_(stroke), dimension_(dimension), length_(stroke.path.size(), 0.0) {
    if (stroke.path.empty()) return;
    const auto y_of = [&](std::size_t i) { return dimension == 1 ? 0.0 : stroke.path[i][1]; };
    double right = stroke.path[0][0];
    double top = y_of(0);
    left_ = right;
    bottom_ = top;
    for (std::size_t i = 0; i < stroke.path.size(); ++i) {
        const double x = stroke.path[i][0];
        const double y = y_of(i);
        left_ = std::min(left_, x);
        right = std::max(right, x);
        bottom_ = std::min(bottom_, y);
        top = std::max(top, y);
        if (i > 0) {
            length_[i] = length_[i - 1] + std::hypot(x - stroke.path[i - 1][0], y - y_of(i - 1));
        }
    }
    if (stroke.tool == StrokeTool::brush) {
        extent_ = std::max(length_.back(), stroke.width);
        return;
    }

    const double radius = stroke.width / 2;
    left_ -= radius;
    bottom_ -= radius;
    const double width = right + radius - left_;
    const double height = top + radius - bottom_;
    constexpr double most_cells = 64;
    cell_ = std::max({radius, width / most_cells, height / most_cells, 1e-12});
    columns_ = static_cast<int>(width / cell_) + 1;
    rows_ = static_cast<int>(height / cell_) + 1;
    near_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
    for (std::size_t i = 0; i < stroke.path.size(); ++i) {
        const std::size_t next = std::min(i + 1, stroke.path.size() - 1);
        const auto cells = [&](double a, double b, double origin, int count) {
            const double low = (std::min(a, b) - radius - origin) / cell_;
            const double high = (std::max(a, b) + radius - origin) / cell_;
            return std::pair(std::clamp(static_cast<int>(low), 0, count - 1),
                             std::clamp(static_cast<int>(high), 0, count - 1));
        };
        const auto [c0, c1] = cells(stroke.path[i][0], stroke.path[next][0], left_, columns_);
        const auto [r0, r1] = cells(y_of(i), y_of(next), bottom_, rows_);
        for (int row = r0; row <= r1; ++row) {
            for (int column = c0; column <= c1; ++column) {
                near_[static_cast<std::size_t>(row * columns_ + column)].push_back(
                    static_cast<std::int32_t>(i));
            }
        }
    }
}

double StrokeShape::offset(Random& random) const {
    const double half = stroke_.width / 2;
    if (random.uniform() >= stroke_.softness) return random.uniform(-half, half);
    for (;;) {
        const double value = random.normal() * half / 2;
        if (std::abs(value) <= half) return value;
    }
}

LabelledPoint StrokeShape::draw(double place, Random& random) const {
    const double along = place * extent_;
    const auto& path = stroke_.path;
    const double end = length_.back();
    if (along >= end) {
        const double half = stroke_.width / 2;
        double x = offset(random);
        double y = dimension_ == 1 ? 0 : offset(random);
        while (x * x + y * y > half * half) {
            x = offset(random);
            y = offset(random);
        }
        return {path[0][0] + x, dimension_ == 1 ? 0 : path[0][1] + y, stroke_.label};
    }
    const auto above = std::upper_bound(length_.begin(), length_.end(), along);
    const std::size_t i = static_cast<std::size_t>(above - length_.begin());
    const double span = length_[i] - length_[i - 1];
    const double part = (along - length_[i - 1]) / span;
    const double dx = path[i][0] - path[i - 1][0];
    if (dimension_ == 1) return {path[i - 1][0] + part * dx, 0, stroke_.label};
    const double dy = path[i][1] - path[i - 1][1];
    const double across = offset(random) / span;
    return {path[i - 1][0] + part * dx - across * dy, path[i - 1][1] + part * dy + across * dx,
            stroke_.label};
}

bool StrokeShape::covers(double x, double y) const {
    if (columns_ == 0) return false;
    const double column = (x - left_) / cell_;
    const double row = (y - bottom_) / cell_;
    if (!(column >= 0 && column < columns_ && row >= 0 && row < rows_)) return false;
    const auto& path = stroke_.path;
    const double square = stroke_.width * stroke_.width / 4;
    const int cell = static_cast<int>(row) * columns_ + static_cast<int>(column);
    for (const std::int32_t i : near_[static_cast<std::size_t>(cell)]) {
        const auto& a = path[static_cast<std::size_t>(i)];
        const auto& b = path[std::min(static_cast<std::size_t>(i) + 1, path.size() - 1)];
        const double ay = dimension_ == 1 ? 0 : a[1];
        const double by = dimension_ == 1 ? 0 : b[1];
        if (squared_distance(x, y, a[0], ay, b[0], by) <= square) return true;
    }
    return false;
}

PaintedSet paint(const PointSet& base, std::span<const std::shared_ptr<const Stroke>> strokes,
                 std::uint64_t seed) {
    PaintedSet painted;
    const int dimension = base.dimension;
    const std::size_t columns = static_cast<std::size_t>(dimension);
    std::vector<float>& x = painted.points.x;
    std::vector<int>& labels = painted.points.labels;
    std::vector<std::int32_t> owner(static_cast<std::size_t>(base.size()), -1);
    painted.points.dimension = dimension;
    x = base.x;
    labels = base.labels;
    labels.resize(owner.size(), -1);

    for (std::size_t index = 0; index < strokes.size(); ++index) {
        const Stroke& stroke = *strokes[index];
        const StrokeShape shape(stroke, dimension);
        if (stroke.tool == StrokeTool::eraser) {
            std::size_t kept = 0;
            for (std::size_t i = 0; i < owner.size(); ++i) {
                if (shape.covers(x[i * columns], dimension == 1 ? 0 : x[i * columns + 1])) continue;
                for (std::size_t d = 0; d < columns; ++d)
                    x[kept * columns + d] = x[i * columns + d];
                labels[kept] = labels[i];
                owner[kept++] = owner[i];
            }
            x.resize(kept * columns);
            labels.resize(kept);
            owner.resize(kept);
            continue;
        }
        Random random(derive_seed(seed, "stroke " + std::to_string(index)));
        const double expected = shape.expected_points();
        const std::int64_t room = most_points - static_cast<std::int64_t>(owner.size());
        const std::int64_t count =
            std::llround(std::min(expected, static_cast<double>(std::max<std::int64_t>(room, 0))));
        // Where there is no room for all of them they are fewer everywhere.
        const double strata =
            expected > static_cast<double>(room) ? std::max<double>(count, 1) : expected;
        for (std::int64_t i = 0; i < count; ++i) {
            // One a stratum: an even line, whose beginning stays as it is when the
            // end moves on.
            const double place = (static_cast<double>(i) + random.uniform()) / strata;
            const LabelledPoint point = shape.draw(std::min(place, 1 - 1e-12), random);
            x.push_back(static_cast<float>(point.x));
            if (dimension == 2) x.push_back(static_cast<float>(point.y));
            labels.push_back(point.label);
            owner.push_back(static_cast<std::int32_t>(index));
        }
    }

    painted.stroke_points.assign(strokes.size(), 0);
    for (const std::int32_t stroke : owner) {
        if (stroke < 0) {
            ++painted.base_points;
        } else {
            ++painted.stroke_points[static_cast<std::size_t>(stroke)];
        }
    }
    if (std::all_of(labels.begin(), labels.end(), [](int label) { return label == -1; })) {
        labels.clear();
    }
    return painted;
}

}  // namespace driftglass
