#include "app/gl/headless_context.hpp"

#include <glad/gl.h>

#include <GLFW/glfw3.h>

#include <string>

namespace driftglass::gl {

namespace {

NoOpenGl no_open_gl(const std::string& what) {
    const char* reason = nullptr;
    glfwGetError(&reason);
    return NoOpenGl("OpenGL 3.3 is needed for pictures and " + what +
                    (reason != nullptr ? " (" + std::string(reason) + ")" : "") +
                    ": install a graphics driver, or Mesa's libegl1 and libgl1-mesa-dri");
}

}  // namespace

HeadlessContext::HeadlessContext() {
    glfwInitHint(GLFW_PLATFORM, GLFW_PLATFORM_NULL);
    const bool ready = glfwInit() == GLFW_TRUE;
    glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
    if (!ready) throw no_open_gl("GLFW cannot start");
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_CREATION_API, GLFW_EGL_CONTEXT_API);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);
    window_ = glfwCreateWindow(64, 64, "driftglass", nullptr, nullptr);
    if (window_ == nullptr) {
        const NoOpenGl error = no_open_gl("no context can be made");
        glfwTerminate();
        throw error;
    }
    glfwMakeContextCurrent(window_);
    if (gladLoadGL(glfwGetProcAddress) == 0 || !GLAD_GL_VERSION_3_3) {
        glfwDestroyWindow(window_);
        glfwTerminate();
        throw NoOpenGl("OpenGL 3.3 is needed for pictures and the driver here is older");
    }
}

HeadlessContext::~HeadlessContext() {
    glfwDestroyWindow(window_);
    glfwTerminate();
}

}  // namespace driftglass::gl
