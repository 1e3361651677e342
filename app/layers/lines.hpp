#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/gl/buffer.hpp"
#include "app/gl/program.hpp"
#include "app/layers/view.hpp"

namespace driftglass {

/// A point of a line, in framebuffer pixels.
struct LinePoint {
    float x, y;
    float half_width;
    Ink ink;
};

/// Triangles of many lines, drawn at once; edges are smoothed in the shader, not by multisampling.
struct LineBatch {
    struct Vertex {
        float x, y;
        float across;      ///< pixels from the middle of the line, signed
        float half_width;  ///< pixels
        float along;       ///< pixels from the start of a dashed line; negative: solid
        std::uint32_t colour;
    };
    std::vector<Vertex> vertices;
    std::vector<std::uint32_t> indices;

    void clear();
    /// A line through the points, mitred where it bends gently, so that no part is painted twice.
    /// Points that are not drawable break it; points closer than 2 pixels, or than `flatness`
    /// pixels to the line without them, are passed over (all of those in a row count). `dashed`:
    /// see LinePainter::draw.
    void add(std::span<const LinePoint> points, float flatness = 0.12f, bool dashed = false);

private:
    void add_run(std::span<const LinePoint> points, bool dashed);

    std::vector<LinePoint> kept_;  // only to save allocations
};

/// Owns the shaders and the buffers that LineBatches stream through.
class LinePainter {
public:
    LinePainter();
    /// Into the framebuffer that is bound, premultiplied blending being on. Dashes are `dash_on`
    /// pixels long, `dash_off` apart; 0: all lines are solid.
    void draw(const LineBatch& batch, const View& view, float dash_on = 0, float dash_off = 0);

private:
    gl::Program dashed_;
    gl::Program solid_;
    gl::VertexArray vertex_array_;
    gl::Buffer vertices_;
    gl::Buffer indices_;
};

}  // namespace driftglass
