#pragma once

#include <cstdint>
#include <vector>

#include "app/gl/object.hpp"
#include "app/gl/texture.hpp"

namespace driftglass::gl {

/// A texture that one draws into. An empty one (0 x 0) owns nothing to draw into.
class Framebuffer {
public:
    Framebuffer() = default;
    Framebuffer(int width, int height, Texels texels, bool linear = true);

    /// All drawing goes into it from now, the viewport being the whole of it.
    void bind() const;

    /// All of its texels, RGBA, row 0 at the bottom.
    void upload(std::span<const std::uint8_t> rgba) { texture_.upload(width(), height(), rgba); }
    /// The other's picture, stretched to this one's size. Changes what is bound.
    void copy_from(const Framebuffer& other);
    /// This picture, unstretched, into the lower left corner of the framebuffer that is bound.
    void copy_to_bound() const;

    const Texture& texture() const { return texture_; }
    int width() const { return texture_.width(); }
    int height() const { return texture_.height(); }

private:
    Object<FramebufferKind> object_;
    Texture texture_;
};

/// Binds nothing itself; at its end the framebuffer and viewport are again what they were.
class KeepTarget {
public:
    KeepTarget();
    ~KeepTarget();
    KeepTarget(const KeepTarget&) = delete;
    KeepTarget& operator=(const KeepTarget&) = delete;

private:
    GLint framebuffer_ = 0;
    GLint viewport_[4] = {};
};

/// [height, width, 4], row 0 at the TOP, of the framebuffer that is bound.
std::vector<std::uint8_t> read_pixels(int width, int height);
/// The same of a texture of RGBA8; leaves the bound framebuffer as it was.
std::vector<std::uint8_t> read_pixels(GLuint texture, int width, int height);

}  // namespace driftglass::gl
