#pragma once

#include "core/error.hpp"

struct GLFWwindow;

namespace driftglass::gl {

/// OpenGL 3.3 cannot be had on this machine; main ends with code 3.
class NoOpenGl : public Error {
public:
    using Error::Error;
};

/// An OpenGL 3.3 core context without any display (GLFW's null platform and EGL), current on the
/// thread that made it, for its whole life. One at a time, and no other use of GLFW beside it.
class HeadlessContext {
public:
    /// Throws NoOpenGl.
    HeadlessContext();
    ~HeadlessContext();
    HeadlessContext(const HeadlessContext&) = delete;
    HeadlessContext& operator=(const HeadlessContext&) = delete;

    /// Hidden; for ImGui's GLFW backend.
    GLFWwindow* window() const { return window_; }

private:
    GLFWwindow* window_ = nullptr;
};

}  // namespace driftglass::gl
