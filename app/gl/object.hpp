#pragma once

#include <glad/gl.h>

#include <utility>

namespace driftglass::gl {

/// The one owner of an OpenGL name: move-only, deleted at its end. The context that made it must be
/// current then. `Kind` says how one is made and deleted.
template <class Kind>
class Object {
public:
    Object() : name_(Kind::make()) {}
    ~Object() {
        if (name_ != 0) Kind::destroy(name_);
    }
    Object(Object&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
    Object& operator=(Object&& other) noexcept {
        std::swap(name_, other.name_);
        return *this;
    }

    GLuint name() const { return name_; }

private:
    GLuint name_;
};

struct BufferKind {
    static GLuint make() {
        GLuint name = 0;
        glGenBuffers(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteBuffers(1, &name); }
};

struct VertexArrayKind {
    static GLuint make() {
        GLuint name = 0;
        glGenVertexArrays(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteVertexArrays(1, &name); }
};

struct TextureKind {
    static GLuint make() {
        GLuint name = 0;
        glGenTextures(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteTextures(1, &name); }
};

struct FramebufferKind {
    static GLuint make() {
        GLuint name = 0;
        glGenFramebuffers(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteFramebuffers(1, &name); }
};

using VertexArray = Object<VertexArrayKind>;

}  // namespace driftglass::gl
