#include "tests/app/gui_host.hpp"

#include <imgui.h>
#include <imgui_internal.h>
#include <imgui_te_context.h>
#include <imgui_te_engine.h>

#include <exception>
#include <stdexcept>

#include "app/panels/canvas.hpp"
#include "app/panels/design.hpp"
#include "app/tools/view_map.hpp"
#include "app/window/screenshot.hpp"

namespace driftglass::test {

UiState GuiHost::quiet() {
    UiState ui;
    ui.playing = false;
    ui.reduced_motion = true;
    return ui;
}

GuiHost::GuiHost(Scene scene, UiState ui)
    : lab(std::move(scene)),
      graphics_(std::make_unique<Graphics>(Graphics::Options{.hidden = true})),
      studio_(std::make_unique<Studio>(
          lab.engine(), ui, Studio::Options{.pictures = false, .native_dialogs = false})) {
    start();
}

GuiHost::GuiHost(Engine engine, UiState ui)
    : lab(default_scene()),
      graphics_(std::make_unique<Graphics>(Graphics::Options{.hidden = true})),
      studio_(std::make_unique<Studio>(
          std::move(engine), ui, Studio::Options{.pictures = false, .native_dialogs = false})) {
    start();
}

void GuiHost::start() {
    engine_ = ImGuiTestEngine_CreateContext();
    ImGuiTestEngineIO& io = ImGuiTestEngine_GetIO(engine_);
    io.ConfigRunSpeed = ImGuiTestRunSpeed_Fast;
    io.ConfigNoThrottle = true;
    io.ConfigSavedSettings = false;
    io.ConfigFixedDeltaTime = 1.0f / 60;
    io.ConfigVerboseLevel = ImGuiTestVerboseLevel_Error;
    io.ConfigVerboseLevelOnError = ImGuiTestVerboseLevel_Info;
    io.ConfigLogToTTY = true;
    // Its clock counts frames, and a script that waits for a lab draws very many.
    io.ConfigWatchdogWarning = io.ConfigWatchdogKillTest = 1e9f;
    ImGuiTestEngine_Start(engine_, ImGui::GetCurrentContext());
}

GuiHost::~GuiHost() {
    ImGuiTestEngine_Stop(engine_);
    studio_.reset();
    graphics_.reset();
    ImGuiTestEngine_DestroyContext(engine_);
}

void GuiHost::run(const std::function<void(ImGuiTestContext*)>& script) {
    std::exception_ptr thrown;
    ImGuiTest* test = IM_REGISTER_TEST(engine_, "studio", "script");
    test->TestFunc = [&](ImGuiTestContext* context) {
        try {
            context->Yield(3);
            script(context);
            context->Yield(3);
        } catch (...) {
            thrown = std::current_exception();
        }
    };
    ImGuiTestEngine_QueueTest(engine_, test);
    while (!ImGuiTestEngine_IsTestQueueEmpty(engine_)) {
        now_ += 1.0 / 60;
        headless_frame(*studio_, *graphics_, width, height, now_, 1, false);
        ImGuiTestEngine_PostSwap(engine_);
    }
    const ImGuiTestStatus status = test->Output.Status;
    ImGuiTestEngine_UnregisterTest(engine_, test);
    if (thrown) std::rethrow_exception(thrown);
    if (status != ImGuiTestStatus_Success)
        throw std::runtime_error("the script could not be carried out: see the log above");
}

ImVec2 GuiHost::on_screen(float x, float y, int pane) const {
    const ImGuiWindow* window = ImGui::FindWindowByName(pane == 0 ? "Pane A" : "Pane B");
    if (window == nullptr) throw std::runtime_error("no such pane");
    return pane_map(studio_->ui().view, window->Pos, window->Size, lab.scene().dimension)
        .to_pixel(x, y);
}

void GuiHost::drag(ImGuiTestContext* context, const std::vector<std::array<float, 2>>& path,
                   int button, int pane) {
    context->MouseMoveToPos(on_screen(path.front()[0], path.front()[1], pane));
    context->MouseDown(button);
    for (const std::array<float, 2>& at : path) {
        // Panning moves the plane under the mouse: every target is where it was at the start.
        context->MouseMoveToPos(on_screen(at[0], at[1], pane));
    }
    context->MouseUp(button);
    context->Yield(2);
}

}  // namespace driftglass::test
