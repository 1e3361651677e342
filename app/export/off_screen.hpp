#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace driftglass {

struct Image {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;  ///< [height, width, 4], first row at the top
};

/// One frame of the current ImGui context as a picture, on the theme's window colour. `frame` draws
/// it, between ImGui::NewFrame and ImGui::Render. The context has a Design (io.UserData) and the
/// OpenGL backend.
Image draw_off_screen(int width, int height, const std::function<void()>& frame);

}  // namespace driftglass
