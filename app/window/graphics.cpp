#include "app/window/graphics.hpp"

#include <GLFW/glfw3.h>
#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <implot.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "app/panels/fonts.hpp"
#include "app/panels/formula_cache.hpp"
#include "app/window/icon.hpp"
#include "app/window/run_window.hpp"
#include "app/window/style.hpp"

namespace driftglass {

namespace {

bool start(int platform) {
    if (platform == GLFW_ANY_PLATFORM || glfwPlatformSupported(platform) == GLFW_TRUE) {
        glfwInitHint(GLFW_PLATFORM, platform);
        const bool started = glfwInit() == GLFW_TRUE;
        glfwInitHint(GLFW_PLATFORM, GLFW_ANY_PLATFORM);
        if (started) return true;
        glfwGetError(nullptr);
    }
    return false;
}

/// Wayland before X11 only where a session says that it is one; a dead one leads on to X11.
bool start_with_display() {
#if defined(__APPLE__)
    return start(GLFW_ANY_PLATFORM);
#else
    const char* wayland = std::getenv("WAYLAND_DISPLAY");
    if (wayland != nullptr && wayland[0] != 0 && start(GLFW_PLATFORM_WAYLAND)) return true;
    const char* x11 = std::getenv("DISPLAY");
    return x11 != nullptr && x11[0] != 0 && start(GLFW_PLATFORM_X11);
#endif
}

/// Mesa's software renderer otherwise takes a thread for every core, and both it and the training
/// crawl. Whoever set its variable knows better.
void leave_room_for_training() {
    const unsigned half = std::max(1u, std::thread::hardware_concurrency() / 2);
    setenv("LP_NUM_THREADS", std::to_string(half).c_str(), 0);
}

std::string last_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text != nullptr ? text : "no reason given";
}

void window_hints() {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_TRUE);
    glfwWindowHintString(GLFW_WAYLAND_APP_ID, "driftglass");
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "driftglass");
}

/// Makes the window's context current; GLFW must have been started with a display.
GLFWwindow* open(const Graphics::Options& options) {
    window_hints();
    GLFWwindow* window =
        glfwCreateWindow(options.width, options.height, options.title.c_str(), nullptr, nullptr);
    if (window == nullptr) {
        const std::string why = last_error();
        glfwTerminate();
        throw gl::NoOpenGl("OpenGL 3.3 is needed and no window can have it (" + why +
                           "): install a graphics driver, or Mesa for software rendering");
    }
    glfwMakeContextCurrent(window);
    if (gladLoadGL(glfwGetProcAddress) == 0 || !GLAD_GL_VERSION_3_3) {
        glfwDestroyWindow(window);
        glfwTerminate();
        throw gl::NoOpenGl(
            "OpenGL 3.3 is needed and the driver here is older: update it, or "
            "install Mesa for software rendering");
    }
    glfwSwapInterval(1);
    return window;
}

}  // namespace

bool has_display() {
    // GLFW stays started: closing the only connection makes some X servers reset, and the window
    // that comes next would meet a server that is away.
    return start_with_display();
}

Graphics::Graphics(const Options& options) {
    leave_room_for_training();
    if (!options.hidden && start_with_display()) {
        window_ = open(options);
    } else {
        off_screen_ = std::make_unique<gl::HeadlessContext>();
        window_ = off_screen_->window();
    }

    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    ImPlot::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigInputTextCursorBlink = false;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.UserData = &design_;
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
    design_.fonts = load_fonts();
    formulas_ = std::make_unique<FormulaCache>(*io.Fonts);
    design_.formulas = formulas_.get();
    frame_ = std::make_unique<RetainedFrame>();
    if (!headless()) set_window_icon(window_);
}

Graphics::~Graphics() {
    frame_.reset();
    formulas_.reset();  // it gives its room in ImGui's atlas back
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImPlot::DestroyContext();
    ImGui::DestroyContext();
    if (headless()) return;
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void Graphics::dress(const UiState& ui, float height, float scale) {
    const float size = em_for(height, scale, ui.font_scale);
    const Theme* look = &theme(ui.dark);
    design_.theme = look;
    design_.em = size;
    // Other pictures share the Design and may have set it to the same: what counts is the style.
    if (styled_theme_ == look && styled_em_ == size) return;
    styled_theme_ = look;
    styled_em_ = size;
    apply_style(design_);
}

bool Graphics::draw(bool again) {
    const bool changed = frame_->draw(*ImGui::GetDrawData(), design_.theme->window);
    if (changed || again) frame_->show();
    return changed || again;
}

float Graphics::content_scale() const {
    if (headless()) return 1;
    float x = 1;
    float y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    // Where screen coordinates are already scaled (macOS, Wayland), ImGui's pixels are those.
    int width = 0;
    int framebuffer_width = 0;
    glfwGetWindowSize(window_, &width, nullptr);
    glfwGetFramebufferSize(window_, &framebuffer_width, nullptr);
    if (width > 0 && framebuffer_width > width)
        x *= static_cast<float>(width) / static_cast<float>(framebuffer_width);
    return x > 0 ? x : 1;
}

}  // namespace driftglass
