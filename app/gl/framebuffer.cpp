#include "app/gl/framebuffer.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace driftglass::gl {

Framebuffer::Framebuffer(int width, int height, Texels texels, bool linear)
    : texture_(width, height, texels, linear) {
    const KeepTarget keep;
    glBindFramebuffer(GL_FRAMEBUFFER, object_.name());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture_.name(), 0);
    const GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
    if (status != GL_FRAMEBUFFER_COMPLETE) {
        throw std::runtime_error("no framebuffer of " + std::to_string(width) + " x " +
                                 std::to_string(height) + ": status " + std::to_string(status));
    }
}

void Framebuffer::bind() const {
    glBindFramebuffer(GL_FRAMEBUFFER, object_.name());
    glViewport(0, 0, width(), height());
}

void Framebuffer::copy_from(const Framebuffer& other) {
    glBindFramebuffer(GL_READ_FRAMEBUFFER, other.object_.name());
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, object_.name());
    const bool same = width() == other.width() && height() == other.height();
    glBlitFramebuffer(0, 0, other.width(), other.height(), 0, 0, width(), height(),
                      GL_COLOR_BUFFER_BIT, same ? GL_NEAREST : GL_LINEAR);
}

void Framebuffer::copy_to_bound() const {
    GLint before = 0;
    glGetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &before);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, object_.name());
    glBlitFramebuffer(0, 0, width(), height(), 0, 0, width(), height(), GL_COLOR_BUFFER_BIT,
                      GL_NEAREST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, static_cast<GLuint>(before));
}

KeepTarget::KeepTarget() {
    glGetIntegerv(GL_FRAMEBUFFER_BINDING, &framebuffer_);
    glGetIntegerv(GL_VIEWPORT, viewport_);
}

KeepTarget::~KeepTarget() {
    glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(framebuffer_));
    glViewport(viewport_[0], viewport_[1], viewport_[2], viewport_[3]);
}

std::vector<std::uint8_t> read_pixels(int width, int height) {
    const std::size_t row = static_cast<std::size_t>(width) * 4;
    std::vector<std::uint8_t> pixels(row * static_cast<std::size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    for (std::size_t low = 0, high = static_cast<std::size_t>(height); low + 1 < high; ++low) {
        --high;
        std::swap_ranges(pixels.begin() + static_cast<std::ptrdiff_t>(low * row),
                         pixels.begin() + static_cast<std::ptrdiff_t>((low + 1) * row),
                         pixels.begin() + static_cast<std::ptrdiff_t>(high * row));
    }
    return pixels;
}

std::vector<std::uint8_t> read_pixels(GLuint texture, int width, int height) {
    const KeepTarget keep;
    const Object<FramebufferKind> reader;
    glBindFramebuffer(GL_FRAMEBUFFER, reader.name());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
    return read_pixels(width, height);
}

}  // namespace driftglass::gl
