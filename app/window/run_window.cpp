#include "app/window/run_window.hpp"

#include <GLFW/glfw3.h>
#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "app/export/png.hpp"
#include "app/gl/framebuffer.hpp"
#include "app/window/engine_thread.hpp"
#include "app/window/frame_pace.hpp"
#include "app/window/graphics.hpp"
#include "app/window/studio.hpp"
#include "core/data/atomic_file.hpp"
#include "core/error.hpp"
#include "core/lab/autosave.hpp"

namespace driftglass {

namespace {

// After the last input: hover effects and tooltips have come up by then.
constexpr double settle_time = 0.7;
constexpr double longest_sleep = 1.0;
constexpr int exit_not_kept = 2;

struct WindowPlace {
    int x = 0, y = 0, width = 1600, height = 900;
};

/// GLFW's callbacks reach the loop through this.
struct Events {
    std::vector<std::filesystem::path> dropped;
    bool refresh = false;
};

Events& events_of(GLFWwindow* window) {
    return *static_cast<Events*>(glfwGetWindowUserPointer(window));
}

void listen(GLFWwindow* window, Events& events) {
    glfwSetWindowUserPointer(window, &events);
    glfwSetDropCallback(window, [](GLFWwindow* from, int count, const char** files) {
        for (int i = 0; i < count; ++i)
            events_of(from).dropped.emplace_back(files[i]);
    });
    glfwSetWindowRefreshCallback(window, [](GLFWwindow* from) { events_of(from).refresh = true; });
    glfwSetFramebufferSizeCallback(
        window, [](GLFWwindow* from, int, int) { events_of(from).refresh = true; });
}

/// Most of the screen, but no more than the layout was drawn for.
WindowPlace first_place() {
    WindowPlace place;
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
        int x = 0, y = 0, width = 0, height = 0;
        glfwGetMonitorWorkarea(monitor, &x, &y, &width, &height);
        if (width > 0 && height > 0) {
            place.width = std::min(width, std::max(1280, width * 9 / 10));
            place.height = std::min(height, std::max(720, height * 9 / 10));
            place.x = x + (width - place.width) / 2;
            place.y = y + (height - place.height) / 2;
        }
    }
    return place;
}

void toggle_full_screen(GLFWwindow* window, WindowPlace& before) {
    if (glfwGetWindowMonitor(window) != nullptr) {
        glfwSetWindowMonitor(window, nullptr, before.x, before.y, before.width, before.height, 0);
        return;
    }
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    const GLFWvidmode* mode = monitor != nullptr ? glfwGetVideoMode(monitor) : nullptr;
    if (mode == nullptr) return;
    if (glfwGetPlatform() != GLFW_PLATFORM_WAYLAND) glfwGetWindowPos(window, &before.x, &before.y);
    glfwGetWindowSize(window, &before.width, &before.height);
    glfwSetWindowMonitor(window, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
}

/// In the state folder, a word: what the last window looked like. Empty where there is no folder.
std::filesystem::path theme_file() {
    const std::filesystem::path folder = state_folder();
    return folder.empty() ? folder : folder / "theme";
}

bool last_was_light() {
    std::ifstream stream(theme_file());
    std::string word;
    return stream >> word && word == "light";
}

void remember_theme(bool dark) {
    try {
        write_atomically(theme_file(),
                         [&](std::ostream& stream) { stream << (dark ? "dark\n" : "light\n"); });
    } catch (const std::exception&) {
        // It opens dark then; the autosave says what is wrong with the folder.
    }
}

std::string title_of(const Snapshot* snapshot) {
    if (snapshot == nullptr) return "Driftglass";
    const std::string name =
        snapshot->file.empty() ? "untitled scene" : snapshot->file.stem().string();
    return name + (snapshot->unsaved ? " \xe2\x80\xa2" : "") + " \xe2\x80\x93 Driftglass";
}

void save_picture(const std::filesystem::path& file, Studio& studio, int width, int height) {
    glReadBuffer(GL_BACK);
    try {
        write_png(file, gl::read_pixels(width, height), width, height);
        studio.notify("saved " + file.filename().string(), false);
    } catch (const Error& error) {
        studio.notify(error.what(), true);
    }
}

bool input_waits() {
    return ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}

/// Sleeps until there is something to draw and its time has come.
void wait_for_reason(const Studio& studio, const Events& events, double next_frame,
                     double settled_at, GLFWwindow* window, const std::stop_token& stop) {
    for (;;) {
        glfwPollEvents();
        if (glfwWindowShouldClose(window) || stop.stop_requested()) return;
        const double now = glfwGetTime();
        const bool hidden = glfwGetWindowAttrib(window, GLFW_ICONIFIED) == GLFW_TRUE;
        const bool reason =
            !hidden && (studio.moving() || studio.stale() || input_waits() || events.refresh ||
                        !events.dropped.empty() || now < settled_at);
        const double rest = studio.answered() ? 0 : next_frame - now;
        if (reason && rest <= 0) return;
        glfwWaitEventsTimeout(reason ? rest : longest_sleep);
    }
}

}  // namespace

int run_window(Scene scene, WindowOptions options, std::stop_token stop) {
    Graphics graphics({});
    GLFWwindow* window = graphics.window();
    if (graphics.headless()) throw Error("no display was found to open a window on");
    WindowPlace place = first_place();
    glfwSetWindowSize(window, place.width, place.height);
    if (glfwGetPlatform() != GLFW_PLATFORM_WAYLAND) glfwSetWindowPos(window, place.x, place.y);
    glfwSetWindowSizeLimits(window, 640, 400, GLFW_DONT_CARE, GLFW_DONT_CARE);
    Events events;
    listen(window, events);
    if (options.full_screen) toggle_full_screen(window, place);

    options.lab.beside_window = true;
    EngineThread thread(std::move(scene), options.lab, options.file, [] { glfwPostEmptyEvent(); });
    options.ui.dark = !last_was_light();
    bool dark = options.ui.dark;
    Studio studio(thread.engine(), options.ui, {});
    if (!options.notice.empty()) studio.notify(options.notice, false);
    // A signal closes it like a person: what was drawn is kept.
    const std::stop_callback wake(stop, [] { glfwPostEmptyEvent(); });

    std::deque<double> drawn;
    FramePace pace;
    double next_frame = 0;
    double settled_at = settle_time;
    std::string title;
    std::string failure;
    while (!glfwWindowShouldClose(window)) {
        wait_for_reason(studio, events, next_frame, settled_at, window, stop);
        if (stop.stop_requested()) break;
        const double now = glfwGetTime();
        if (input_waits()) settled_at = now + settle_time;
        const bool refresh = std::exchange(events.refresh, false);
        if (!events.dropped.empty()) studio.drop(std::exchange(events.dropped, {}));
        thread.check_start();
        if (const std::string why = thread.failure(); why != failure) {
            failure = why;
            studio.notify(why, true);
        }
        drawn.push_back(now);
        while (now - drawn.front() > 1)
            drawn.pop_front();
        studio.set_frames_per_second(static_cast<double>(drawn.size()));

        int width = 0, height = 0, framebuffer_width = 0, framebuffer_height = 0;
        glfwGetWindowSize(window, &width, &height);
        glfwGetFramebufferSize(window, &framebuffer_width, &framebuffer_height);
        if (framebuffer_width == 0 || framebuffer_height == 0) continue;
        graphics.dress(studio.ui(), static_cast<float>(height), graphics.content_scale());
        ImGui_ImplOpenGL3_NewFrame();
        ImGui_ImplGlfw_NewFrame();
        ImGui::NewFrame();
        studio.frame(now);
        if (std::exchange(dark, studio.ui().dark) != studio.ui().dark) remember_theme(dark);
        ImGui::Render();
        const std::filesystem::path file = studio.take_picture_file();
        const bool drawn_anew = graphics.draw(refresh || !file.empty());
        if (!file.empty()) save_picture(file, studio, framebuffer_width, framebuffer_height);
        if (drawn_anew) glfwSwapBuffers(window);
        pace.drew(glfwGetTime() - now);
        next_frame = now + pace.interval();

        if (std::string next = title_of(studio.shown()); next != title) {
            title = std::move(next);
            glfwSetWindowTitle(window, title.c_str());
        }
        if (studio.requests().toggle_fullscreen) toggle_full_screen(window, place);
        if (studio.requests().quit) glfwSetWindowShouldClose(window, GLFW_TRUE);
    }
    // No Error: those say that the window could not begin.
    const std::string words = thread.end();
    if (words.empty()) return 0;
    std::fprintf(stderr, "driftglass: %s\n", words.c_str());
    return exit_not_kept;
}

}  // namespace driftglass
