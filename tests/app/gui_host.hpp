#pragma once

#include <functional>
#include <memory>

#include "app/window/graphics.hpp"
#include "app/window/studio.hpp"
#include "tests/app/synthetic_lab.hpp"

struct ImGuiTestContext;
struct ImGuiTestEngine;

namespace driftglass::test {

/// The real studio on GLFW's null platform, with a mouse and a keyboard that a test moves. Frames
/// are not rasterised. Items are named by path: "//Settings/Sampler/steps".
class GuiHost {
public:
    explicit GuiHost(Scene scene, UiState ui = quiet());
    /// On another lab than the synthetic one, which then plays no part.
    explicit GuiHost(Engine engine, UiState ui = quiet());
    ~GuiHost();
    GuiHost(const GuiHost&) = delete;
    GuiHost& operator=(const GuiHost&) = delete;

    /// Runs `script` beside the frames until it returns. Catch's CHECK works in it; what it throws
    /// is thrown here. Fails if the engine met an item it could not find.
    void run(const std::function<void(ImGuiTestContext*)>& script);

    /// A mouse press at `from`, moved through `path` and released; world units of pane A.
    void drag(ImGuiTestContext* context, const std::vector<std::array<float, 2>>& path,
              int button = 0, int pane = 0);
    /// Where a point of the plane is on the screen.
    ImVec2 on_screen(float x, float y, int pane = 0) const;

    /// Nothing that moves by itself.
    static UiState quiet();

    SyntheticLab lab;
    Studio& studio() { return *studio_; }
    UiState& ui() { return studio_->ui(); }

    static constexpr int width = 1600;
    static constexpr int height = 900;

private:
    void start();

    std::unique_ptr<Graphics> graphics_;
    std::unique_ptr<Studio> studio_;
    ImGuiTestEngine* engine_ = nullptr;
    double now_ = 0;
};

}  // namespace driftglass::test
