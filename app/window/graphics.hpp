#pragma once

#include <memory>
#include <string>

#include "app/gl/headless_context.hpp"
#include "app/panels/design.hpp"
#include "app/state/ui_state.hpp"
#include "app/window/retained_frame.hpp"

struct GLFWwindow;

namespace driftglass {

/// GLFW's and ImGui's whole life: a window with an OpenGL 3.3 core context, and ImGui and ImPlot on
/// it. With a display a real window (Wayland, else X11); without one, or if hidden is asked for, a
/// context that draws into framebuffers only. One at a time; the thread that made it uses it.
/// Throws gl::NoOpenGl where there is no OpenGL 3.3.
class Graphics {
public:
    struct Options {
        bool hidden = false;
        int width = 1600, height = 900;  ///< of the window, screen coordinates
        std::string title = "Driftglass";
    };
    explicit Graphics(const Options& options);
    ~Graphics();
    Graphics(const Graphics&) = delete;
    Graphics& operator=(const Graphics&) = delete;

    GLFWwindow* window() const { return window_; }
    /// No display was found, or hidden was asked for: nothing that is drawn is seen.
    bool headless() const { return off_screen_ != nullptr; }
    float content_scale() const;
    Design& design() { return design_; }
    /// Sizes and colours for the coming frame, if they changed. `height` and `scale` as in em_for.
    void dress(const UiState& ui, float height, float scale);
    /// After ImGui::Render: draws what changed and copies the whole into the framebuffer that is
    /// bound. False, and nothing is copied: all is as it was, and `again` is false.
    bool draw(bool again);

private:
    GLFWwindow* window_ = nullptr;
    std::unique_ptr<gl::HeadlessContext> off_screen_;
    Design design_;
    std::unique_ptr<FormulaCache> formulas_;
    std::unique_ptr<RetainedFrame> frame_;
    const Theme* styled_theme_ = nullptr;  ///< what ImGui's style was made for
    float styled_em_ = 0;
};

}  // namespace driftglass
