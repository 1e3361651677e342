#pragma once

#include <imgui.h>

#include <map>
#include <string>
#include <vector>

#include "app/gl/framebuffer.hpp"
#include "app/state/theme.hpp"

namespace driftglass {

/// Brings ImGui's textures up to date: what drawing does too, where there is something to draw.
void update_textures();

/// The window's picture, kept from frame to frame: of ImGui's triangles only those are drawn that
/// lie where something is not as it was. A texture counts as changed when its name is another.
/// Needs the OpenGL context of ImGui's backend for its whole life.
class RetainedFrame {
public:
    /// Brings the picture up to `data` on `ground`; whether anything was to be drawn. What is bound
    /// and the viewport stay as they were.
    bool draw(ImDrawData& data, Rgb ground);
    /// Copies the picture into the framebuffer that is bound, from its corner.
    void show() const;
    /// Pixels drawn since the start: for tests and benchmarks.
    long long pixels_drawn() const { return pixels_drawn_; }

    /// ImGui's coordinates; empty unless x0 < x1 and y0 < y1.
    struct Box {
        float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
        bool empty() const { return !(x0 < x1 && y0 < y1); }
        bool operator==(const Box&) const = default;
    };

private:
    struct Part {
        Box clip;
        ImTextureID texture{};  ///< a placed picture's too
        unsigned vertex_offset = 0, index_offset = 0, count = 0;
        bool operator==(const Part&) const = default;
    };
    /// What one draw list was when it was drawn.
    struct Kept {
        std::vector<ImDrawVert> vertices;
        std::vector<ImDrawIdx> indices;
        std::vector<Part> parts;
        Box bounds;
        int seen = 0;  ///< the last frame that had it
    };
    std::vector<Box> damage(const ImDrawData& data);
    void draw_boxes(ImDrawData& data, const std::vector<Box>& boxes, Rgb ground);

    gl::Framebuffer picture_;
    std::map<std::string, Kept> kept_;  ///< by the window's name, and which of its lists it is
    std::vector<std::string> order_;
    Rgb ground_ = 0;
    int frame_ = 0;
    long long pixels_drawn_ = 0;
};

}  // namespace driftglass
