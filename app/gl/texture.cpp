#include "app/gl/texture.hpp"

#include <cassert>

namespace driftglass::gl {

namespace {

GLint internal_format(Texels texels) {
    switch (texels) {
        case Texels::r32f:
            return GL_R32F;
        case Texels::r16f:
            return GL_R16F;
        case Texels::rgb16f:
            return GL_RGB16F;
        case Texels::rgba8:
            break;
    }
    return GL_RGBA8;
}

GLenum channels(Texels texels) {
    switch (texels) {
        case Texels::r32f:
        case Texels::r16f:
            return GL_RED;
        case Texels::rgb16f:
            return GL_RGB;
        case Texels::rgba8:
            break;
    }
    return GL_RGBA;
}

}  // namespace

Texture::Texture(int width, int height, Texels texels, bool linear) : texels_(texels) {
    glBindTexture(GL_TEXTURE_2D, object_.name());
    const GLint filter = linear ? GL_LINEAR : GL_NEAREST;
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    store(width, height, texels == Texels::rgba8 ? GL_UNSIGNED_BYTE : GL_FLOAT, nullptr);
}

void Texture::upload(int width, int height, std::span<const float> values) {
    assert(texels_ != Texels::rgba8);
    assert(values.size() == std::size_t(width) * height * (channels(texels_) == GL_RED ? 1 : 3));
    store(width, height, GL_FLOAT, values.data());
}

void Texture::upload(int width, int height, std::span<const std::uint8_t> rgba) {
    assert(texels_ == Texels::rgba8);
    assert(rgba.size() == std::size_t(width) * height * 4);
    store(width, height, GL_UNSIGNED_BYTE, rgba.data());
}

void Texture::store(int width, int height, GLenum type, const void* values) {
    glBindTexture(GL_TEXTURE_2D, object_.name());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    if (width == width_ && height == height_) {
        if (values != nullptr) {
            glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, channels(texels_), type, values);
        }
    } else {
        glTexImage2D(GL_TEXTURE_2D, 0, internal_format(texels_), width, height, 0,
                     channels(texels_), type, values);
        width_ = width;
        height_ = height;
    }
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
}

void Texture::bind(int unit) const {
    glActiveTexture(GL_TEXTURE0 + static_cast<GLenum>(unit));
    glBindTexture(GL_TEXTURE_2D, object_.name());
}

}  // namespace driftglass::gl
