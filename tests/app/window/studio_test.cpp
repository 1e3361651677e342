#include "app/window/studio.hpp"

#include <imgui.h>
#include <imgui_internal.h>
#include <imgui_te_context.h>
#include <imgui_te_internal.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include "app/panels/view_words.hpp"
#include "app/window/style.hpp"
#include "core/sample/methods.hpp"
#include "tests/app/gui_host.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using test::GuiHost;

TEST_CASE("a stroke drawn with the mouse is painted where it was drawn, as one step of undo",
          "[gui]") {
    GuiHost host(default_scene());
    host.ui().label = 2;
    const std::size_t strokes = host.lab.scene().data.strokes.size();
    host.run([&](ImGuiTestContext* context) {
        host.drag(context, {{-1, 0}, {-0.5f, 0.5f}, {0, 0.2f}, {1, 0.4f}});
    });
    const auto painted = host.lab.sent<command::Paint>();
    REQUIRE(painted.size() > 3);
    for (const auto& [gesture, paint] : painted)
        CHECK(gesture == painted.front().first);
    CHECK(painted.front().first != 0);
    const Stroke& whole = *painted.back().second.stroke;
    CHECK(whole.label == 2);
    CHECK(whole.tool == StrokeTool::brush);
    CHECK(whole.width == Approx(0.12));
    // A pixel is about 0.013 units here.
    CHECK(whole.path.front()[0] == Approx(-1).margin(0.03));
    CHECK(whole.path.front()[1] == Approx(0).margin(0.03));
    CHECK(whole.path.back()[0] == Approx(1).margin(0.03));
    CHECK(whole.path.back()[1] == Approx(0.4).margin(0.03));
    CHECK(host.lab.scene().data.strokes.size() == strokes + 1);

    host.run([&](ImGuiTestContext* context) { context->ItemClick("//Data/Strokes/undo"); });
    CHECK(host.lab.scene().data.strokes.size() == strokes);
    host.run([&](ImGuiTestContext* context) { context->KeyPress(ImGuiMod_Shift | ImGuiKey_Z); });
    CHECK(host.lab.scene().data.strokes.size() == strokes + 1);
}

TEST_CASE("a stroke ends with its pane", "[gui]") {
    GuiHost host(default_scene());
    std::size_t before = 0;
    host.run([&](ImGuiTestContext* context) {
        const ImGuiWindow* pane = context->GetWindowByRef("//Pane B");
        REQUIRE(pane != nullptr);
        const ImVec2 centre = pane->Rect().GetCenter();
        context->MouseMoveToPos(centre);
        context->MouseDown(0);
        context->MouseMoveToPos(centre + ImVec2(40, 30));
        context->KeyPress(ImGuiKey_1);
        context->MouseUp(0);
        context->Yield(3);
        before = host.lab.sent<command::Paint>().size();
        host.drag(context, {{-1, 0}, {-0.5f, 0}});
    });
    const auto painted = host.lab.sent<command::Paint>();
    REQUIRE(before > 0);
    REQUIRE(painted.size() > before);
    CHECK(painted.back().first != painted.front().first);
    CHECK(painted.back().second.stroke->path.front()[0] == Approx(-1).margin(0.03));
}

TEST_CASE("a stroke ends where the mouse was let go, however fast it came there", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->MouseMoveToPos(host.on_screen(-1, 0));
        context->MouseDown(0);
        context->Yield();
        // The last move and the release come in one frame.
        context->Inputs->MousePosValue = host.on_screen(1, 0.5f);
        context->Inputs->MouseButtonsValue = 0;
        context->Yield(3);
    });
    const auto painted = host.lab.sent<command::Paint>();
    REQUIRE(painted.size() > 1);
    CHECK(painted.back().first == painted.front().first);
    CHECK(painted.back().second.stroke->path.back()[0] == Approx(1).margin(0.03));
    CHECK(painted.back().second.stroke->path.back()[1] == Approx(0.5).margin(0.03));
}

TEST_CASE("before the lab's first word nothing of the scene is changed", "[gui]") {
    Scene scene = default_scene();
    scene.views = with_more_views({}, 4);
    for (ViewSpec& view : scene.views)
        view.sampler.steps = 5;
    test::SyntheticLab lab(scene);
    bool silent = true;
    const Engine engine{[&] { return silent ? nullptr : lab.snapshot(); },
                        [&](Command command) { lab.send(std::move(command)); }};
    UiState ui = GuiHost::quiet();
    ui.panes = 4;
    GuiHost host(engine, ui);
    for (const bool quiet : {true, false}) {
        silent = quiet;
        host.run([&](ImGuiTestContext* context) {
            context->Yield(5);
            if (quiet) context->KeyPress(ImGuiKey_2);
            context->Yield(5);
        });
        CHECK(lab.sent<command::SetViews>().empty());
        CHECK(host.ui().panes == 4);
    }
    CHECK(lab.scene().views == scene.views);
}

TEST_CASE("a key counts with the modifiers that were held when it went down", "[gui]") {
    GuiHost host(default_scene());
    const auto press = [](ImGuiTestContext* context, ImGuiKey modifier, ImGuiKey key) {
        auto& queue = context->Inputs->Queue;
        queue.push_back(ImGuiTestInput::ForKeyChord(modifier, true));
        context->Yield();
        // Of a slow frame: the key's press and the modifier's release in one.
        queue.push_back(ImGuiTestInput::ForKeyChord(key, true));
        queue.push_back(ImGuiTestInput::ForKeyChord(modifier, false));
        context->Yield();
        queue.push_back(ImGuiTestInput::ForKeyChord(key, false));
        context->Yield(2);
    };
    bool saving = false, plain = false;
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Data/Data/rings");
        context->KeyPress(ImGuiKey_Z);
        REQUIRE(host.lab.snapshot()->can_redo);
        press(context, ImGuiMod_Shift, ImGuiKey_Z);
        CHECK_FALSE(host.lab.snapshot()->can_redo);
        CHECK(host.lab.scene().data.preset == Preset::rings);
        press(context, ImGuiMod_Ctrl, ImGuiKey_S);
        saving = context->ItemExists("//File/##path");
        context->KeyPress(ImGuiKey_Escape);
        context->Yield(3);
        // And a modifier that follows in the same frame is too late.
        auto& queue = context->Inputs->Queue;
        queue.push_back(ImGuiTestInput::ForKeyChord(ImGuiKey_Z, true));
        queue.push_back(ImGuiTestInput::ForKeyChord(ImGuiMod_Shift, true));
        context->Yield();
        queue.push_back(ImGuiTestInput::ForKeyChord(ImGuiKey_Z, false));
        queue.push_back(ImGuiTestInput::ForKeyChord(ImGuiMod_Shift, false));
        context->Yield(2);
        plain = host.lab.snapshot()->can_redo;
    });
    CHECK(saving);
    CHECK(plain);
}

TEST_CASE("Escape closes a list and a menu", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        for (const char* opener : {"//Toolbar/compare", "//Settings/Sampler/method", "//Loss/plots",
                                   "//Menu/##MenuBar/File"}) {
            INFO(opener);
            context->ItemClick(opener);
            CHECK(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
            context->KeyPress(ImGuiKey_Escape);
            context->Yield(2);
            CHECK_FALSE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
        }
    });
    CHECK(host.lab.scene().views == default_scene().views);
}

TEST_CASE("a message stays for as long as it takes to read, from when it is seen", "[gui]") {
    GuiHost host(default_scene());
    host.studio().notify("The drawing left behind is kept as " + std::string(120, 'x') + ".kept",
                         false);
    host.run([&](ImGuiTestContext* context) {
        context->Yield(5 * 60);
        CHECK(host.studio().moving());
        context->Yield(10 * 60);
        CHECK_FALSE(host.studio().moving());
    });
}

TEST_CASE("Reflow, Cancel and Drop lie apart", "[gui]") {
    Scene scene = default_scene();
    scene.reflow.rounds = 2;
    GuiHost host(scene);
    host.run([&](ImGuiTestContext* context) {
        const auto place = [&](const char* id) {
            context->Yield(2);
            return context->ItemInfo((std::string("//Settings/Reflow/") + id).c_str()).RectFull;
        };
        host.lab.publish([](Snapshot& snapshot) { snapshot.status.reflow = {1, 100, 20000}; });
        context->MouseMove("//Settings/Reflow/cancel");
        const ImRect cancel = place("cancel");
        context->MouseMoveToPos(place("reflow").GetCenter());  // the next round is under way
        context->MouseClick(0);
        CHECK(host.lab.sent<command::SetReflow>().empty());
        host.lab.publish([](Snapshot& snapshot) { snapshot.status.reflow = {2, 0, 0}; });
        CHECK_FALSE(place("reflow").Overlaps(cancel));
        CHECK_FALSE(place("back").Overlaps(cancel));
        context->MouseMoveToPos(cancel.GetCenter());
        context->MouseClick(0);
        CHECK(host.lab.sent<command::SetReflow>().empty());
        context->ItemClick("//Settings/Reflow/reflow");
    });
    CHECK(host.lab.scene().reflow.rounds == 3);
}

TEST_CASE("a press in the first frame of the mouse in a pane is not lost", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Toolbar/label 1");  // the mouse is elsewhere
        context->Inputs->MousePosValue = host.on_screen(-1, 0);
        context->Inputs->MouseButtonsValue = 1;
        context->Yield();
        context->Inputs->MousePosValue = host.on_screen(1, 0);
        context->Yield();
        context->Inputs->MouseButtonsValue = 0;
        context->Yield(2);
    });
    const auto painted = host.lab.sent<command::Paint>();
    REQUIRE_FALSE(painted.empty());
    const Stroke& whole = *painted.back().second.stroke;
    CHECK(whole.path.front()[0] == Approx(-1).margin(0.03));
    CHECK(whole.path.back()[0] == Approx(1).margin(0.03));
}

TEST_CASE("two strokes are two steps of undo; the eraser is a stroke too", "[gui]") {
    Scene scene = default_scene();
    scene.data = {};
    scene.data.kind = DataKind::none;
    GuiHost host(scene);
    host.run([&](ImGuiTestContext* context) {
        host.drag(context, {{-1, 0}, {1, 0}});
        context->KeyPress(ImGuiKey_X);
        host.drag(context, {{0, -1}, {0, 1}}, 0, 1);
    });
    CHECK(host.ui().tool == Tool::eraser);
    const auto& strokes = host.lab.scene().data.strokes;
    REQUIRE(strokes.size() == 2);
    CHECK(strokes[0]->tool == StrokeTool::brush);
    CHECK(strokes[1]->tool == StrokeTool::eraser);
    CHECK(strokes[1]->width > strokes[0]->width);
    const auto painted = host.lab.sent<command::Paint>();
    CHECK(painted.front().first != painted.back().first);
    host.run([&](ImGuiTestContext* context) { context->KeyPress(ImGuiKey_Z, 2); });
    CHECK(host.lab.scene().data.strokes.empty());
}

TEST_CASE("a slider is dragged as one gesture, and its value can be typed", "[gui]") {
    GuiHost host(default_scene());
    const int before = host.lab.scene().views[0].sampler.steps;
    host.run([&](ImGuiTestContext* context) {
        context->ItemDragWithDelta("//Settings/Sampler/steps", {40, 0});
    });
    const auto dragged = host.lab.sent<command::SetView>();
    REQUIRE(!dragged.empty());
    for (const auto& [gesture, view] : dragged) {
        CHECK(gesture == dragged.front().first);
        CHECK(view.pane == 0);
    }
    CHECK(host.lab.scene().views[0].sampler.steps != before);

    host.run(
        [&](ImGuiTestContext* context) { context->ItemInputValue("//Settings/Sampler/steps", 7); });
    CHECK(host.lab.scene().views[0].sampler.steps == 7);
    host.run([&](ImGuiTestContext* context) {
        context->ItemInputValue("//Settings/Sampler/steps", 100000);
    });
    CHECK(host.lab.scene().views[0].sampler.steps == 512);
}

TEST_CASE("a slider keeps its value while it is double-clicked, and a click alone moves it",
          "[gui]") {
    GuiHost host(default_scene());
    const auto steps = [&] { return host.lab.scene().views[0].sampler.steps; };
    const int before = steps();
    host.run([&](ImGuiTestContext* context) {
        // Far from where the value stands.
        const ImRect box = context->ItemInfo("//Settings/Sampler/steps").RectFull;
        context->MouseMoveToPos({box.Min.x + 4, box.GetCenter().y});
        context->MouseDoubleClick(0);
        context->Yield(40);
        CHECK(host.lab.sent<command::SetView>().empty());
        context->KeyCharsReplaceEnter("7");
        context->Yield(2);
    });
    CHECK(steps() == 7);
    host.run([&](ImGuiTestContext* context) { context->KeyPress(ImGuiKey_Z); });
    CHECK(steps() == before);
    CHECK_FALSE(host.lab.snapshot()->can_undo);
    host.run([&](ImGuiTestContext* context) {
        const ImRect box = context->ItemInfo("//Settings/Sampler/steps").RectFull;
        context->MouseMoveToPos({box.Min.x + 4, box.GetCenter().y});
        context->MouseClick(0);
        context->Yield(40);
    });
    CHECK(steps() < before / 2);
    host.run([&](ImGuiTestContext* context) { context->KeyPress(ImGuiKey_Z); });
    CHECK(steps() == before);
}

TEST_CASE("the sampler's panel edits the pane that is chosen", "[gui]") {
    GuiHost host(default_scene());
    const ViewSpec first = host.lab.scene().views[0];
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Settings/Sampler/pane B");
        context->ItemClick("//Settings/Sampler/method");
        context->ItemClick("//$FOCUSED/RK4");
    });
    CHECK(host.lab.scene().views[0] == first);
    CHECK(host.lab.scene().views[1].sampler.method == Method::rk4);
    CHECK(host.lab.scene().views[1].sampler.noise == 0);
}

TEST_CASE("a method's own settings have sliders, and only these", "[gui]") {
    GuiHost host(default_scene());
    std::set<std::string_view> own;
    for (const MethodFacts& facts : all_methods())
        own.insert(facts.reads.begin(), facts.reads.end());
    own.erase("noise");  // its slider is always there
    own.erase("atol");   // for files: the tolerance that matters is the relative one
    for (const MethodFacts& facts : all_methods()) {
        host.lab.publish([&](Snapshot& snapshot) {
            auto scene = std::make_shared<Scene>(*snapshot.scene);
            scene->views[0].sampler.method = facts.method;
            snapshot.scene = std::move(scene);
        });
        host.run([&](ImGuiTestContext* context) {
            context->Yield(3);
            for (const std::string_view key : own) {
                const std::string item = "//Settings/Sampler/" + std::string(key);
                INFO(facts.name << " " << key);
                CHECK(context->ItemExists(item.c_str()) ==
                      (std::ranges::find(facts.reads, key) != facts.reads.end()));
            }
        });
    }
}

TEST_CASE("schedules and presets are chosen with a click", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Settings/Path/schedule");
        context->ItemClick("//$FOCUSED/vp-cosine");
        context->ItemClick("//Data/Data/rings");
    });
    CHECK(host.lab.scene().path.schedule == ScheduleKind::vp_cosine);
    CHECK(host.lab.scene().data.kind == DataKind::preset);
    CHECK(host.lab.scene().data.preset == Preset::rings);
    CHECK(host.lab.scene().data.strokes.empty());
    host.run([&](ImGuiTestContext* context) { context->KeyPress(ImGuiKey_Z); });
    CHECK(host.lab.scene().data.kind == default_scene().data.kind);
}

TEST_CASE("the line and the plane are a click apart", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Data/Data/dimension 1");
        CHECK(host.lab.scene().dimension == 1);
        // What can be chosen there are presets of the line; the brush paints at its height.
        context->ItemClick("//Data/Data/checkerboard");
        CHECK(host.lab.scene().data.preset == Preset::checkerboard);
        CHECK_FALSE(context->ItemExists("//Data/Data/rings"));
        host.drag(context, {{-1, 0.5f}, {1, 1}});
    });
    CHECK(host.lab.scene().data.preset == Preset::checkerboard);
    REQUIRE(host.lab.scene().data.strokes.size() == 1);
    CHECK(host.lab.scene().data.strokes[0]->path.back()[0] == Approx(1).margin(0.05));
    CHECK(host.lab.scene().data.strokes[0]->path.back()[1] == 0);
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Data/Data/dimension 2");
        CHECK(host.lab.scene().dimension == 2);
        context->KeyPress(ImGuiKey_Z, 4);
    });
    CHECK(host.lab.scene().dimension == 2);
    CHECK(host.lab.scene().data.strokes.size() == default_scene().data.strokes.size());
}

TEST_CASE("training, theme, panes and tools answer to buttons and keys", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Toolbar/theme");
        CHECK_FALSE(host.ui().dark);
        context->KeyPress(ImGuiKey_L);
        CHECK(host.ui().dark);
        context->ItemClick("//Toolbar/train");
        CHECK_FALSE(host.lab.snapshot()->status.running);
        context->KeyPress(ImGuiKey_Space);
        CHECK(host.lab.snapshot()->status.running);
        context->ItemClick("//Toolbar/panes 4");
        context->Yield(2);
        CHECK(host.lab.scene().views.size() == 4);
        context->KeyPress(ImGuiKey_1);
        CHECK(host.ui().panes == 1);
        context->ItemClick("//Toolbar/pan");
        CHECK(host.ui().tool == Tool::pan);
        context->KeyPress(ImGuiKey_R);
        CHECK(host.lab.snapshot()->status.step == 0);
    });
    const auto looks = host.lab.sent<command::SetLook>();
    REQUIRE(!looks.empty());
    CHECK(looks.back().second.look.panes.size() == 1);
}

TEST_CASE("the view is panned and zoomed with any tool, and fitted to the data", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        const ImVec2 start = host.on_screen(0, 0);
        context->MouseMoveToPos(start);
        context->MouseDown(ImGuiMouseButton_Middle);
        context->MouseMoveToPos({start.x + 60, start.y});
        context->MouseUp(ImGuiMouseButton_Middle);
        context->Yield(2);
        CHECK(host.on_screen(0, 0).x == Approx(start.x + 60).margin(2));
        CHECK(host.lab.sent<command::Paint>().empty());

        const ImVec2 under = host.on_screen(0.5f, 0.5f);
        context->MouseMoveToPos(under);
        const Rect before = host.ui().view;
        context->MouseWheelY(3);
        context->Yield(2);
        CHECK(host.ui().view.y_max - host.ui().view.y_min < before.y_max - before.y_min);
        CHECK(host.on_screen(0.5f, 0.5f).x == Approx(under.x).margin(1.5));
        CHECK(host.on_screen(0.5f, 0.5f).y == Approx(under.y).margin(1.5));
        context->KeyPress(ImGuiMod_Shift | ImGuiKey_F);
        CHECK(host.ui().view == Rect{});
        context->KeyPress(ImGuiKey_F);
        CHECK(host.ui().view_follows);
        CHECK(!(host.ui().view == Rect{}));
    });
}

TEST_CASE("time is scrubbed, played and typed at", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->KeyPress(ImGuiKey_Home);
        CHECK(host.ui().time == 1);
        context->KeyPress(ImGuiKey_RightArrow);
        CHECK(host.ui().time == Approx(0.99));
        context->ItemClick("//Scrubber/time");
        CHECK(host.ui().time == Approx(0.5).margin(0.02));
        context->ItemClick("//Scrubber/play");
        context->Yield(40);
        CHECK(host.ui().time < 0.4);
    });
}

TEST_CASE("a scene is saved and opened through the path box", "[gui]") {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / "driftglass-studio-test";
    std::filesystem::create_directories(folder);
    const std::filesystem::path file = folder / "mine.json";
    std::filesystem::remove(file);
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->KeyPress(ImGuiMod_Ctrl | ImGuiKey_S);
        context->Yield(2);
        context->ItemInputValue("//File/##path", (folder / "mine").string().c_str());
        context->Yield(2);
    });
    const auto saved = host.lab.sent<command::SaveScene>();
    REQUIRE(saved.size() == 1);
    CHECK(saved[0].second.file == file);

    save_scene(default_scene(), file);
    host.run([&](ImGuiTestContext* context) {
        context->KeyPress(ImGuiMod_Ctrl | ImGuiKey_O);
        context->Yield(2);
        context->ItemInputValue("//File/##path", (folder / "none.json").string().c_str());
        context->Yield(2);
        CHECK(host.lab.sent<command::OpenScene>().empty());
        context->ItemInputValue("//File/##path", file.string().c_str());
        context->Yield(2);
    });
    const auto opened = host.lab.sent<command::OpenScene>();
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].second.file == file);

    host.run([&](ImGuiTestContext* context) {
        context->SetRef("//Menu");
        context->MenuClick("File/Save weights\xe2\x80\xa6");
        context->Yield(2);
        context->ItemInputValue("//File/##path", (folder / "learnt").string().c_str());
        context->Yield(2);
    });
    const auto weights = host.lab.sent<command::SaveWeights>();
    REQUIRE(weights.size() == 1);
    CHECK(weights[0].second.file == folder / "learnt.pt");
    std::filesystem::remove_all(folder);
}

TEST_CASE("a fault is said in a dialog and the work stays", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        host.lab.publish([](Snapshot& snapshot) {
            snapshot.notice = "points.csv, line 3: expected 2 or 3 numbers, found 'abc'";
            snapshot.notice_is_error = true;
            ++snapshot.notice_id;
        });
        context->Yield(3);
        CHECK(context->ItemExists("//Error/close"));
        // Keys belong to the dialog.
        context->KeyPress(ImGuiKey_L);
        CHECK(host.ui().dark);
        context->ItemClick("//Error/close");
        context->Yield(3);
        CHECK_FALSE(ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopup));
        host.lab.publish([](Snapshot& snapshot) {
            snapshot.banner = Banner{true, "The loss is not a number."};
        });
        context->Yield(3);
        context->ItemClick("//Banner/dismiss");
    });
    CHECK_FALSE(host.lab.snapshot()->banner.has_value());
}

TEST_CASE("what is dropped onto the window is opened or learnt", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext*) { host.studio().drop({"a.json", "b.csv"}); });
    REQUIRE(host.lab.sent<command::OpenScene>().size() == 1);
    const auto data = host.lab.sent<command::SetData>();
    REQUIRE(data.size() == 1);
    CHECK(data[0].second.data.kind == DataKind::csv);
    CHECK(std::filesystem::path(data[0].second.data.file).filename() == "b.csv");
}

TEST_CASE("a hidden layer is not asked for", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        // Open it would push heads of groups out of sight here: it starts closed.
        const float bottom = ImGui::FindWindowByName("Settings")->Rect().Max.y;
        for (const char* head :
             {"Path", "Network", "Training", "Sampler", "Guidance", "Reflow", "Layers"}) {
            INFO(head);
            CHECK(context->ItemInfo((std::string("//Settings/") + head).c_str()).RectFull.Max.y <=
                  bottom);
        }
        CHECK_FALSE(context->ItemExists("//Settings/Layers/arrows/eye"));
        context->ItemClick("//Settings/Layers");
        context->ItemClick("//Settings/Layers/arrows/eye");
        context->ItemClick("//Settings/Layers/density exact/eye");
        context->Yield(2);
    });
    const auto looks = host.lab.sent<command::SetLook>();
    REQUIRE(!looks.empty());
    const Look& look = looks.back().second.look;
    REQUIRE(look.panes.size() == 2);
    CHECK_FALSE(look.panes[0].arrows);
    CHECK_FALSE(look.panes[1].density_exact);
}

TEST_CASE("an idle studio asks for nothing", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) { context->Yield(10); });
    const std::size_t looks = host.lab.sent<command::SetLook>().size();
    host.run([&](ImGuiTestContext* context) { context->Yield(60); });
    CHECK(host.lab.sent<command::SetLook>().size() == looks);
    CHECK_FALSE(host.studio().moving());
    CHECK_FALSE(host.studio().stale());
}

TEST_CASE("type is readable at every size", "[gui]") {
    CHECK(em_for(720, 1, 1) == 13);
    CHECK(em_for(1080, 1, 1) == 14);
    CHECK(em_for(2160, 1, 1) == 28);
    CHECK(em_for(2160, 2, 1) == 28);
    CHECK(em_for(1080, 2, 1) <= 26);
    CHECK(em_for(400, 1, 2) >= 9);
}

TEST_CASE("a comparison sets all panes in one step of undo", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Toolbar/compare");
        context->ItemClick("//$FOCUSED/scales");
    });
    CHECK(host.ui().panes == 4);
    REQUIRE(host.lab.scene().views.size() == 4);
    CHECK(host.lab.scene().views[2].guidance.scale == 3);
    CHECK(host.ui().plots.back() == Plot::guidance);
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Guidance by w/measure");
        context->KeyPress(ImGuiKey_Z);
    });
    const auto studies = host.lab.sent<command::StartStudy>();
    REQUIRE(studies.size() == 1);
    CHECK(studies[0].second.kind == StudyKind::guidance);
    CHECK(host.lab.scene().views[0] == default_scene().views[0]);
    // As many panes as there are views again, and nothing edited to get there.
    CHECK(host.ui().panes == 2);
    CHECK(host.lab.scene().views.size() == 2);
    CHECK(host.lab.snapshot()->can_redo);
    host.run([&](ImGuiTestContext* context) {
        CHECK(host.ui().plots == UiState().plots);
        context->KeyPress(ImGuiMod_Shift | ImGuiKey_Z);
        context->Yield(2);
    });
    CHECK(host.ui().panes == 4);
    CHECK(host.ui().plots.back() == Plot::guidance);
}

TEST_CASE("guidance to a label that is gone is led to one that is there, in all panes", "[gui]") {
    Scene scene = default_scene();
    for (ViewSpec& view : scene.views) {
        view.guidance.kind = GuidanceKind::cfg;
        view.guidance.label = 3;
    }
    GuiHost host(scene);
    host.run(
        [&](ImGuiTestContext* context) { context->ItemClick("//Settings/Guidance/use label"); });
    for (const ViewSpec& view : host.lab.scene().views)
        CHECK(view.guidance.label == labels_in(host.lab.snapshot()->data.get()).back());
    host.run([&](ImGuiTestContext* context) {
        CHECK_FALSE(context->ItemExists("//Settings/Guidance/use label"));
        context->KeyPress(ImGuiKey_Z);
    });
    CHECK(host.lab.scene().views == scene.views);
}

TEST_CASE("where only one label is left, guidance is led to none", "[gui]") {
    Scene scene = default_scene();
    auto stroke = std::make_shared<Stroke>(*scene.data.strokes.front());
    stroke->label = 0;
    scene.data.strokes = {stroke};
    for (ViewSpec& view : scene.views) {
        view.guidance.kind = GuidanceKind::cfg;
        view.guidance.label = 3;
    }
    GuiHost host(scene);
    host.run(
        [&](ImGuiTestContext* context) { context->ItemClick("//Settings/Guidance/use label"); });
    for (const ViewSpec& view : host.lab.scene().views)
        CHECK(view.guidance.kind == GuidanceKind::none);
}

TEST_CASE("a round of reflow starts afresh or goes on", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Settings/Network");
        context->ItemClick("//Settings/Network/reflow from");
        context->ItemClick("//$FOCUSED/fresh weights");
    });
    CHECK(host.lab.scene().reflow.from_scratch);
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Settings/Network/reflow from");
        context->ItemClick("//$FOCUSED/the round before");
    });
    CHECK_FALSE(host.lab.scene().reflow.from_scratch);
}

TEST_CASE("a pane's caption says in a tooltip all that it shows", "[gui]") {
    GuiHost host(default_scene());
    const auto tooltip_over = [&](ImGuiTestContext* context, float below_top) {
        const ImVec2 at = ImGui::FindWindowByName("Pane A")->Pos;
        context->MouseMoveToPos({at.x + 60, at.y + below_top});
        context->Yield(60);
        const ImGuiWindow* tip = ImGui::FindWindowByName("##Tooltip_00");
        return tip != nullptr && tip->Active && !tip->Hidden;
    };
    host.run([&](ImGuiTestContext* context) {
        CHECK(tooltip_over(context, 14));
        CHECK_FALSE(tooltip_over(context, 120));
    });
}

TEST_CASE("every place at the bottom shows any plot, each once", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Loss/plots");
        context->ItemClick("//$FOCUSED/plot solvers");
    });
    CHECK(host.ui().plots[0] == Plot::solvers);
    host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Solvers/plots");
        context->ItemClick("//$FOCUSED/plot schedule");
    });
    CHECK(host.ui().plots[0] == Plot::schedule);
    CHECK(host.ui().plots[2] == Plot::solvers);
}

TEST_CASE("the probe pins points and lets them go", "[gui]") {
    GuiHost host(default_scene());
    host.run([&](ImGuiTestContext* context) {
        context->KeyPress(ImGuiKey_P);
        context->MouseMoveToPos(host.on_screen(0.5f, 0.25f));
        context->Yield(2);
        REQUIRE(host.ui().probe);
        context->MouseClick(0);
        context->MouseMoveToPos(host.on_screen(-1, -1));
        context->MouseClick(0);
    });
    REQUIRE(host.ui().pins.size() == 2);
    CHECK(host.ui().pins[0][0] == Approx(0.5).margin(0.03));
    CHECK(host.lab.sent<command::SetLook>().back().second.look.probes.size() == 3);
    CHECK(host.lab.sent<command::Paint>().empty());
    host.run([&](ImGuiTestContext* context) {
        context->MouseMoveToPos(host.on_screen(-1, -1));
        context->MouseClick(0);
    });
    CHECK(host.ui().pins.size() == 1);
    host.run([&](ImGuiTestContext* context) { context->KeyPress(ImGuiKey_V); });
    CHECK(host.lab.sent<command::SetLook>().back().second.look.probes.size() == 1);
}

TEST_CASE("a pinned point of a guided pane opens its arithmetic", "[gui]") {
    Scene scene = default_scene();
    scene.views[1].guidance.kind = GuidanceKind::cfg;
    GuiHost host(scene);
    host.run([&](ImGuiTestContext* context) {
        context->KeyPress(ImGuiKey_P);
        context->MouseMoveToPos(host.on_screen(0.5f, 0.25f));
        context->MouseClick(0);
        context->Yield(2);
        CHECK(host.ui().plots == UiState().plots);
        context->MouseMoveToPos(host.on_screen(-1, -1, 1));
        context->MouseClick(0);
        context->Yield(2);
    });
    CHECK(host.ui().plots.back() == Plot::probe);
    CHECK(host.ui().probed_pane == 1);
}

TEST_CASE("training time is dragged back and forth", "[gui]") {
    GuiHost host(default_scene());
    host.lab.publish([](Snapshot& snapshot) {
        snapshot.status.kept_steps = {100, 1000, 3000, 6000, 9000, 12400};
    });
    host.run([&](ImGuiTestContext* context) {
        context->ItemDragWithDelta("//Loss/**/training time", {-20, 0});
    });
    const auto moved = host.lab.sent<command::SetViews>();
    REQUIRE(!moved.empty());
    CHECK(moved.front().first == moved.back().first);
    CHECK(host.lab.scene().views[0].weights_step > 0);
    CHECK(host.lab.scene().views[1].weights_step == host.lab.scene().views[0].weights_step);
}
