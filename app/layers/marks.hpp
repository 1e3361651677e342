#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/gl/buffer.hpp"
#include "app/gl/program.hpp"
#include "app/layers/view.hpp"

namespace driftglass {

/// What labels look like beside their colour.
enum class Glyph : std::uint8_t { disc, diamond, triangle, square };

/// A small symbol: filled to its radius, the outer `rim` of it in the rim's colour.
struct Mark {
    float x, y;          ///< pixels, or world units where the painter is told so
    float radius;        ///< pixels; glyphs other than the disc have a disc's area
    float rim;           ///< pixels; 0: none
    std::uint32_t fill;  ///< packed inks
    std::uint32_t rim_colour;
    float glyph;  ///< a Glyph
};

Mark mark(float x, float y, float radius, const Ink& fill, Glyph glyph = Glyph::disc);
Mark ring(float x, float y, float radius, float rim, const Ink& fill, const Ink& rim_colour);

/// Many marks on the device.
class MarkPainter {
public:
    MarkPainter();
    void upload(std::span<const Mark> marks, GLenum usage = GL_STREAM_DRAW);
    /// What was uploaded last, into the bound framebuffer, premultiplied blending being on.
    /// `in_world`: positions are world units, radii times `scale`.
    void draw(const View& view, bool in_world = false, float scale = 1) const;

private:
    gl::Program program_;
    gl::VertexArray vertex_array_;
    gl::Buffer marks_;
    GLsizei count_ = 0;
};

}  // namespace driftglass
