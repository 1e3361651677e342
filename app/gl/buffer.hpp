#pragma once

#include <span>

#include "app/gl/object.hpp"

namespace driftglass::gl {

/// Numbers on the device, replaced as a whole.
class Buffer {
public:
    /// `target` is GL_ARRAY_BUFFER or GL_ELEMENT_ARRAY_BUFFER (of the bound vertex array);
    /// `usage` GL_STATIC_DRAW, or GL_STREAM_DRAW for what changes each frame. Leaves it bound.
    template <class T>
    void upload(GLenum target, std::span<const T> values, GLenum usage) {
        glBindBuffer(target, object_.name());
        glBufferData(target, static_cast<GLsizeiptr>(values.size_bytes()), values.data(), usage);
    }
    void bind(GLenum target) const { glBindBuffer(target, object_.name()); }

    GLuint name() const { return object_.name(); }

private:
    Object<BufferKind> object_;
};

}  // namespace driftglass::gl
