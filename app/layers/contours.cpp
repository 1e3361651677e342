#include "app/layers/contours.hpp"

#include <cstdint>
#include <unordered_map>

namespace driftglass {

namespace {

/// A line crosses a cell from edge to edge; edges are numbered 2 * node for the one to the right of
/// a node and 2 * node + 1 for the one above it.
struct Crossing {
    std::int64_t from, to;
};

std::vector<Crossing> crossings(const NodeField& field, float level) {
    std::vector<Crossing> found;
    for (int j = 0; j + 1 < field.rows; ++j) {
        const float* low = field.values.data() + static_cast<std::ptrdiff_t>(j) * field.columns;
        const float* high = low + field.columns;
        const std::int64_t row = static_cast<std::int64_t>(j) * field.columns;
        int left = (low[0] > level ? 1 : 0) | (high[0] > level ? 8 : 0);
        for (int i = 0; i + 1 < field.columns; ++i) {
            const int right = (low[i + 1] > level ? 1 : 0) | (high[i + 1] > level ? 8 : 0);
            // Bits: 1 lower left, 2 lower right, 4 upper right, 8 upper left.
            const int inside = left | (right & 1 ? 2 : 0) | (right & 8 ? 4 : 0);
            left = right;
            if (inside == 0 || inside == 15) continue;
            const std::int64_t node = row + i;
            const std::int64_t bottom = 2 * node, top = 2 * (node + field.columns);
            const std::int64_t west = 2 * node + 1, east = 2 * (node + 1) + 1;
            switch (inside) {
                case 1:
                case 14:
                    found.push_back({west, bottom});
                    break;
                case 2:
                case 13:
                    found.push_back({bottom, east});
                    break;
                case 4:
                case 11:
                    found.push_back({east, top});
                    break;
                case 8:
                case 7:
                    found.push_back({top, west});
                    break;
                case 3:
                case 12:
                    found.push_back({west, east});
                    break;
                case 6:
                case 9:
                    found.push_back({bottom, top});
                    break;
                default: {
                    const float mean = (low[i] + low[i + 1] + high[i] + high[i + 1]) / 4;
                    if ((inside == 5) == (mean > level)) {
                        found.push_back({top, west});
                        found.push_back({bottom, east});
                    } else {
                        found.push_back({west, bottom});
                        found.push_back({east, top});
                    }
                }
            }
        }
    }
    return found;
}

std::array<float, 2> point_on_edge(const NodeField& field, std::int64_t edge, float level) {
    const std::int64_t node = edge / 2;
    const bool upward = edge % 2 != 0;
    const std::int64_t other = node + (upward ? field.columns : 1);
    const float a = field.values[static_cast<std::size_t>(node)];
    const float b = field.values[static_cast<std::size_t>(other)];
    const float part = std::clamp((level - a) / (b - a), 0.0f, 1.0f);
    const float x = static_cast<float>(node % field.columns) + (upward ? 0 : part);
    const float y = static_cast<float>(node / field.columns) + (upward ? part : 0);
    return {field.world.x_min +
                x / static_cast<float>(field.columns - 1) * (field.world.x_max - field.world.x_min),
            field.world.y_min +
                y / static_cast<float>(field.rows - 1) * (field.world.y_max - field.world.y_min)};
}

}  // namespace

NodeField nodes_of(const DensityField& field, const View& view) {
    const Rect& world = field.world();
    const auto places = [](int cells, float pixels) {
        const float cell = pixels / static_cast<float>(cells);
        const int affordable = std::max(1, 2048 / cells);
        const int refine = std::clamp(static_cast<int>(std::ceil(cell / 3)), 1, affordable);
        std::vector<float> all;
        for (int i = 0; i <= cells * refine; ++i) {
            all.push_back(static_cast<float>(i) / static_cast<float>(refine));
        }
        return all;
    };
    const std::vector<float> x =
        places(field.columns(), (world.x_max - world.x_min) * view.x_scale());
    const std::vector<float> y = places(field.rows(), (world.y_max - world.y_min) * view.y_scale());
    return {world, static_cast<int>(x.size()), static_cast<int>(y.size()),
            sample_b_spline(field.values(), field.columns(), field.rows(), x, y)};
}

Outlines contour_lines(const NodeField& field, float level) {
    if (field.columns < 2 || field.rows < 2) return {};
    const std::vector<Crossing> pieces = crossings(field, level);
    // The one or two pieces that meet at an edge.
    std::unordered_map<std::int64_t, std::array<std::int32_t, 2>> at_edge;
    at_edge.reserve(pieces.size() * 2);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        for (const std::int64_t edge : {pieces[i].from, pieces[i].to}) {
            auto [entry, fresh] = at_edge.try_emplace(edge, std::array<std::int32_t, 2>{-1, -1});
            entry->second[fresh ? 0 : 1] = static_cast<std::int32_t>(i);
        }
    }
    std::vector<bool> used(pieces.size(), false);
    const auto follow = [&](std::size_t piece, std::int64_t edge) {
        std::vector<std::array<float, 2>> line{point_on_edge(field, edge, level)};
        for (std::int32_t next = static_cast<std::int32_t>(piece); next >= 0;) {
            const auto here = static_cast<std::size_t>(next);
            used[here] = true;
            edge = pieces[here].from == edge ? pieces[here].to : pieces[here].from;
            line.push_back(point_on_edge(field, edge, level));
            const auto& meeting = at_edge.at(edge);
            next = meeting[0] == next ? meeting[1] : meeting[0];
            if (next >= 0 && used[static_cast<std::size_t>(next)]) next = -1;
        }
        return line;
    };
    Outlines lines;
    // First the open lines, from their ends at the border; what is left are closed ones.
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (used[i]) continue;
        if (at_edge.at(pieces[i].from)[1] < 0) {
            lines.push_back(follow(i, pieces[i].from));
        } else if (at_edge.at(pieces[i].to)[1] < 0) {
            lines.push_back(follow(i, pieces[i].to));
        }
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (!used[i]) lines.push_back(follow(i, pieces[i].from));
    }
    return lines;
}

void add_contours(LineBatch& batch, const std::vector<Outlines>& levels, const View& view,
                  const Theme& theme, float strength, bool outlines) {
    // Near t = 0 the inner levels fall into scraps about single points: those say nothing.
    constexpr float most_lines = 16;
    const float half = outlines ? 0.65f : 0.5f;
    std::vector<LinePoint> points;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        // The outermost, which holds nearly all of the mass, is drawn a little stronger.
        const bool outermost = i + 1 == levels.size();
        const float scraps = static_cast<float>(levels[i].size()) / most_lines - 1;
        const float whole = outermost ? 1 : std::clamp(1 - scraps, 0.0f, 1.0f);
        const float full = outlines ? (outermost ? 0.85f : 0.60f) : (outermost ? 0.50f : 0.42f);
        const float alpha = full * whole * std::min(1.0f, strength / 0.8f);
        if (alpha <= 0) continue;
        const Ink line = ink(theme.text, alpha);
        for (const auto& outline : levels[i]) {
            points.clear();
            for (const auto& p : outline) {
                points.push_back({view.x(p[0]), view.y(p[1]), half * view.unit, line});
            }
            batch.add(points);
        }
    }
}

}  // namespace driftglass
