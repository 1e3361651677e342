#include "app/window/screenshot.hpp"

#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include "app/gl/framebuffer.hpp"
#include "app/window/style.hpp"

namespace driftglass {

void headless_frame(Studio& studio, Graphics& graphics, int width, int height, double now,
                    float scale, bool draw) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.DisplayFramebufferScale = {1, 1};
    io.DeltaTime = 1.0f / 60;
    graphics.dress(studio.ui(), static_cast<float>(height), scale);
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    studio.frame(now);
    ImGui::Render();
    if (draw) {
        graphics.draw(true);
    } else {
        update_textures();
    }
}

std::vector<std::uint8_t> screenshot(Studio& studio, Graphics& graphics, int width, int height,
                                     float scale, int frames) {
    const gl::KeepTarget keep;
    const gl::Framebuffer target(width, height, gl::Texels::rgba8);
    target.bind();
    double now = ImGui::GetTime() + 10;
    for (int i = 0; i < frames; ++i) {
        target.bind();
        headless_frame(studio, graphics, width, height, now, scale);
        now += 0.2;
    }
    target.bind();
    return gl::read_pixels(width, height);
}

}  // namespace driftglass
