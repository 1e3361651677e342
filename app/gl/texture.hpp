#pragma once

#include <cstdint>
#include <span>

#include "app/gl/object.hpp"

namespace driftglass::gl {

/// What a texel is: 8-bit colour, or one or three floats of 32 or 16 bits.
enum class Texels { rgba8, r32f, r16f, rgb16f };

/// A 2-D texture, clamped at its edges, without mip levels.
class Texture {
public:
    Texture() = default;
    /// Texels are undefined until uploaded or drawn. Linear filtering, or nearest.
    Texture(int width, int height, Texels texels, bool linear = true);

    /// Row 0 at the bottom, as many values as width x height x channels. The size may change.
    void upload(int width, int height, std::span<const float> values);
    void upload(int width, int height, std::span<const std::uint8_t> rgba);

    /// To texture unit `unit`, for a sampler uniform set to `unit`.
    void bind(int unit) const;

    GLuint name() const { return object_.name(); }
    int width() const { return width_; }
    int height() const { return height_; }

private:
    void store(int width, int height, GLenum type, const void* values);

    Object<TextureKind> object_;
    int width_ = 0;
    int height_ = 0;
    Texels texels_ = Texels::rgba8;
};

}  // namespace driftglass::gl
