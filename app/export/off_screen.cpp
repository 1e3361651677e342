#include "app/export/off_screen.hpp"

#include <glad/gl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>

#include "app/gl/framebuffer.hpp"
#include "app/panels/design.hpp"

namespace driftglass {

Image draw_off_screen(int width, int height, const std::function<void()>& frame) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.DisplayFramebufferScale = {1, 1};
    io.DeltaTime = 1.0f / 60;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    frame();
    ImGui::Render();

    const gl::KeepTarget keep;
    const gl::Framebuffer target(width, height, gl::Texels::rgba8);
    target.bind();
    const ImVec4 ground = colour4(theme().window);
    glClearColor(ground.x, ground.y, ground.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    return {width, height, gl::read_pixels(width, height)};
}

}  // namespace driftglass
