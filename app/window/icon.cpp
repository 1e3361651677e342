#include "app/window/icon.hpp"

#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/panels/design.hpp"
#include "app/state/theme.hpp"

namespace driftglass {

namespace {

std::vector<unsigned char> draw(int size) {
    const Theme& look = theme(true);
    std::vector<unsigned char> rgba(static_cast<std::size_t>(size) *
                                    static_cast<std::size_t>(size) * 4);
    for (int row = 0; row < size; ++row) {
        for (int column = 0; column < size; ++column) {
            const double x = (column + 0.5) / size;
            const double y = (row + 0.5) / size;
            // A rounded square, as a distance to its edge.
            const double outside = std::hypot(std::max(std::abs(x - 0.5) - 0.28, 0.0),
                                              std::max(std::abs(y - 0.5) - 0.28, 0.0)) -
                                   0.2;
            const double inside = std::clamp(0.5 - outside * size, 0.0, 1.0);
            const double wave = 0.5 + 0.17 * std::sin((x - 0.5) * 7.5);
            const double from_wave = std::abs(y - wave) * 0.75 - 0.075;
            const bool on_stroke = x > 0.16 && x < 0.84;
            const double stroke = on_stroke ? std::clamp(0.5 - from_wave * size, 0.0, 1.0) : 0.0;
            const Rgb ink = mix(look.panel, time_colour(look, 1 - (x - 0.16) / 0.68),
                                static_cast<float>(stroke));
            unsigned char* pixel =
                &rgba[(static_cast<std::size_t>(row) * static_cast<std::size_t>(size) +
                       static_cast<std::size_t>(column)) *
                      4];
            pixel[0] = static_cast<unsigned char>(ink >> 16);
            pixel[1] = static_cast<unsigned char>(ink >> 8);
            pixel[2] = static_cast<unsigned char>(ink);
            pixel[3] = static_cast<unsigned char>(inside * 255);
        }
    }
    return rgba;
}

}  // namespace

void set_window_icon(GLFWwindow* window) {
    // Wayland and macOS take a window's icon from elsewhere and call this an error.
    if (glfwGetPlatform() != GLFW_PLATFORM_X11) return;
    std::vector<unsigned char> small = draw(32);
    std::vector<unsigned char> large = draw(128);
    const GLFWimage images[] = {{32, 32, small.data()}, {128, 128, large.data()}};
    glfwSetWindowIcon(window, 2, images);
}

}  // namespace driftglass
