#include "app/layers/lines.hpp"

#include <cstddef>
#include <limits>

namespace driftglass {

namespace {

constexpr float edge = 0.5f;  // pixels beyond the line's own edge, where its cover ends (line.frag)

struct Direction {
    float x, y, length;
};

Direction direction(const LinePoint& a, const LinePoint& b) {
    const float x = b.x - a.x;
    const float y = b.y - a.y;
    const float length = std::sqrt(x * x + y * y);
    return length > 0 ? Direction{x / length, y / length, length} : Direction{1, 0, 0};
}

}  // namespace

void LineBatch::clear() {
    vertices.clear();
    indices.clear();
}

void LineBatch::add(std::span<const LinePoint> points, float flatness, bool dashed) {
    constexpr float shortest = 2, longest = 80;
    // Of lines from the last point kept: as slopes against `axis`, those that pass every point
    // left out since by less than `flatness`.
    Direction axis{};
    float low = 0, high = 0;
    for (std::size_t begin = 0; begin < points.size();) {
        std::size_t end = begin;
        while (end < points.size() && drawable(points[end].x, points[end].y))
            ++end;
        kept_.clear();
        for (std::size_t i = begin; i < end; ++i) {
            if (i > begin && i + 1 < end) {
                const LinePoint& from = kept_.back();
                const Direction here = direction(from, points[i]);
                if (here.length < shortest) continue;
                if (axis.length == 0) axis = here;
                const auto along = [&](const LinePoint& p) {
                    return axis.x * (p.x - from.x) + axis.y * (p.y - from.y);
                };
                const auto across = [&](const LinePoint& p) {
                    return axis.x * (p.y - from.y) - axis.y * (p.x - from.x);
                };
                const float reach = along(points[i]), next = along(points[i + 1]);
                if (reach > 0 && next > reach && next < longest) {
                    low = std::max(low, (across(points[i]) - flatness) / reach);
                    high = std::min(high, (across(points[i]) + flatness) / reach);
                    const float slope = across(points[i + 1]) / next;
                    if (slope > low && slope < high) continue;
                }
            } else if (i > begin && direction(kept_.back(), points[i]).length == 0) {
                continue;
            }
            kept_.push_back(points[i]);
            axis.length = 0;
            low = -std::numeric_limits<float>::infinity();
            high = std::numeric_limits<float>::infinity();
        }
        if (kept_.size() > 1) add_run(kept_, dashed);
        begin = end + 1;
    }
}

void LineBatch::add_run(std::span<const LinePoint> points, bool dashed) {
    float along = dashed ? 0.0f : -1.0f;
    // The two corners across the line at p; returns the first one's index.
    const auto emit = [&](const LinePoint& p, float x, float y, float normal_x, float normal_y) {
        const float reach = p.half_width + edge;
        const std::uint32_t colour = pack(p.ink);
        const auto first = static_cast<std::uint32_t>(vertices.size());
        for (const float side : {1.0f, -1.0f}) {
            vertices.push_back({x + side * reach * normal_x, y + side * reach * normal_y,
                                side * reach, p.half_width, along, colour});
        }
        return first;
    };
    const auto join = [this](std::uint32_t from, std::uint32_t to) {
        indices.insert(indices.end(), {from, from + 1, to, to, from + 1, to + 1});
    };
    Direction in = direction(points[0], points[1]);
    std::uint32_t last = emit(points[0], points[0].x, points[0].y, -in.y, in.x);
    for (std::size_t i = 1; i < points.size(); ++i) {
        const LinePoint& p = points[i];
        if (dashed) along += in.length;
        if (i + 1 == points.size()) {
            join(last, emit(p, p.x, p.y, -in.y, in.x));
            break;
        }
        const Direction out = direction(p, points[i + 1]);
        const float cosine = in.x * out.x + in.y * out.y;
        if (cosine > -0.2f) {
            const float square = 1 / (1 + cosine);  // the mitre grows as 1 / cos(half the angle)
            const auto pair = emit(p, p.x, p.y, -(in.y + out.y) * square, (in.x + out.x) * square);
            join(last, pair);
            last = pair;
        } else {
            // Too sharp for a mitre: both pieces reach past the corner by half the width.
            const float reach = p.half_width;
            join(last, emit(p, p.x + in.x * reach, p.y + in.y * reach, -in.y, in.x));
            last = emit(p, p.x - out.x * reach, p.y - out.y * reach, -out.y, out.x);
        }
        in = out;
    }
}

LinePainter::LinePainter()
    : dashed_(gl::load_program("line.vert", "line.frag")),
      solid_(gl::load_program("line.vert", "solid_line.frag")) {
    glBindVertexArray(vertex_array_.name());
    vertices_.bind(GL_ARRAY_BUFFER);
    indices_.bind(GL_ELEMENT_ARRAY_BUFFER);
    using Vertex = LineBatch::Vertex;
    const auto attribute = [](GLuint index, GLint count, GLenum type, GLboolean unit,
                              std::size_t at) {
        glEnableVertexAttribArray(index);
        glVertexAttribPointer(index, count, type, unit, sizeof(Vertex),
                              reinterpret_cast<const void*>(at));
    };
    attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(Vertex, x));
    attribute(1, 3, GL_FLOAT, GL_FALSE, offsetof(Vertex, across));
    attribute(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(Vertex, colour));
    glBindVertexArray(0);
}

void LinePainter::draw(const LineBatch& batch, const View& view, float dash_on, float dash_off) {
    if (batch.indices.empty()) return;
    const gl::Program& program = dash_on > 0 ? dashed_ : solid_;
    program.use();
    program.set("size", static_cast<float>(view.width), static_cast<float>(view.height));
    if (dash_on > 0) program.set("dash", dash_on, dash_on + dash_off);
    glBindVertexArray(vertex_array_.name());
    vertices_.upload(GL_ARRAY_BUFFER, std::span<const LineBatch::Vertex>(batch.vertices),
                     GL_STREAM_DRAW);
    indices_.upload(GL_ELEMENT_ARRAY_BUFFER, std::span<const std::uint32_t>(batch.indices),
                    GL_STREAM_DRAW);
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(batch.indices.size()), GL_UNSIGNED_INT,
                   nullptr);
    glBindVertexArray(0);
}

}  // namespace driftglass
