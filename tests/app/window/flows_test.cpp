// What the program is for, by hand: the real window on the real lab.

#include <imgui.h>
#include <imgui_te_context.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "app/window/engine_thread.hpp"
#include "tests/app/gui_host.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using test::GuiHost;

namespace {

Scene small(Scene scene) {
    scene.model.width = 64;
    scene.model.depth = 2;
    scene.training.batch = 256;
    ViewSpec view;
    view.sampler.steps = 12;
    scene.views = {view, view};
    scene.views[1].field = FieldKind::exact;
    return scene;
}

/// A window on a lab that trains beside it.
struct Live {
    explicit Live(Scene scene)
        : thread(std::move(scene), options(), {}, [] {}), host(thread.engine()) {}
    static LabOptions options() {
        LabOptions options;
        options.device = "cpu";
        options.threads = 1;
        options.beside_window = true;
        return options;
    }
    std::shared_ptr<const Snapshot> now() { return thread.engine().snapshot(); }

    /// Frames until it holds. Seconds on most machines; the end is there so that what never comes
    /// fails instead of hanging, and far enough for a sanitizer on a slow one.
    template <class Holds>
    bool wait(ImGuiTestContext* context, Holds&& holds) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
        while (std::chrono::steady_clock::now() < end) {
            const std::shared_ptr<const Snapshot> snapshot = now();
            if (snapshot && holds(*snapshot)) return true;
            context->Yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(8));
        }
        return false;
    }

    EngineThread thread;
    GuiHost host;
};

double mean_end_x(const Trajectories& paths) {
    const auto count = static_cast<std::size_t>(paths.count);
    const std::size_t last = (paths.times.size() - 1) * count * 2;
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += static_cast<double>(paths.positions[last + 2 * i]);
    return sum / static_cast<double>(count);
}

void choose(ImGuiTestContext* context, const char* combo, const char* item) {
    context->ItemClick(combo);
    context->ItemClick((std::string("//$FOCUSED/") + item).c_str());
}

}  // namespace

TEST_CASE("two labels are painted, and w pulls the samples past one of them", "[gui]") {
    Scene scene = small(default_scene());
    scene.data = {};
    scene.data.kind = DataKind::none;
    Live live(scene);
    live.host.run([&](ImGuiTestContext* context) {
        live.host.drag(context, {{-1.5f, -1}, {-1.5f, 0}, {-1.5f, 1}});
        context->ItemClick("//Toolbar/label 1");
        live.host.drag(context, {{1.2f, -1}, {1.2f, 0}, {1.2f, 1}});
        REQUIRE(live.wait(context, [](const Snapshot& s) {
            return s.status.step > 400 && s.panes[0].metrics && s.panes[0].trajectories;
        }));
        const double unguided = mean_end_x(*live.now()->panes[0].trajectories);

        choose(context, "//Settings/Guidance/kind", "classifier-free");
        context->ItemClick("//Settings/Guidance/label 1");
        const auto guided = [&](double scale) {
            context->ItemInputValue("//Settings/Guidance/scale", static_cast<float>(scale));
            std::shared_ptr<const PaneMetrics> metrics;
            CHECK(live.wait(context, [&](const Snapshot& s) {
                metrics = s.panes[0].metrics;
                return s.scene->views[0].guidance.scale == scale && metrics && metrics->to_tilt &&
                       metrics->step > 400 && s.panes[0].trajectories;
            }));
            return metrics;
        };
        // A stale number would still be of the scale before: the first one must have come.
        const auto conditional = guided(1);
        const double at_label = mean_end_x(*live.now()->panes[0].trajectories);
        CHECK(at_label > unguided + 0.5);
        CHECK(at_label == Approx(1.2).margin(0.35));
        const double near = conditional->w2;
        (void)guided(8);
        CHECK(live.wait(context, [&](const Snapshot& s) {
            return s.panes[0].metrics && s.panes[0].metrics->w2 > 3 * near;
        }));
        CHECK(mean_end_x(*live.now()->panes[0].trajectories) > at_label);
    });
}

TEST_CASE("reflow straightens, and is cancelled without loss", "[gui]") {
    Scene scene = small(default_scene());
    scene.data = {};
    scene.data.preset = Preset::two_moons;
    scene.reflow.pairs = 4000;
    scene.views[1].field = FieldKind::learned;
    scene.views[1].sampler = default_scene().views[1].sampler;
    Live live(scene);
    live.host.run([&](ImGuiTestContext* context) {
        REQUIRE(live.wait(context, [](const Snapshot& s) {
            return s.status.step > 400 && s.panes[0].metrics && s.panes[0].metrics->paths;
        }));
        const double before = live.now()->panes[0].metrics->paths->straightness;
        const std::vector<ViewSpec> views = live.now()->scene->views;
        // A press that is taken back leaves all as it was.
        context->ItemClick("//Settings/Reflow/reflow");
        REQUIRE(live.wait(context, [](const Snapshot& s) { return s.scene->reflow.rounds == 1; }));
        CHECK(live.now()->scene->views != views);
        context->ItemClick("//Settings/Reflow/cancel");
        REQUIRE(live.wait(context, [&](const Snapshot& s) {
            return s.scene->reflow.rounds == 0 && s.scene->views == views;
        }));
        context->ItemClick("//Settings/Reflow/reflow");
        REQUIRE(live.wait(context, [](const Snapshot& s) {
            return s.status.reflow.round == 1 && s.status.step > 300;
        }));
        CHECK(live.wait(context, [&](const Snapshot& s) {
            return s.panes[1].note.empty() && s.panes[1].metrics && s.panes[1].metrics->paths &&
                   s.panes[1].metrics->paths->straightness < 0.1 * before;
        }));
        // Beside it the model as it was, on the same ODE.
        CHECK(live.now()->scene->views[0].round == 0);
        CHECK(live.wait(context, [&](const Snapshot& s) {
            return s.panes[0].metrics && s.panes[0].metrics->paths &&
                   s.panes[0].metrics->paths->straightness > 0.3 * before;
        }));

        // Another round changes no view, and taking it back brings none from before the first.
        const std::vector<ViewSpec> beside = live.now()->scene->views;
        context->ItemInputValue("//Settings/Reflow/pairs", 100000.0f);
        context->ItemClick("//Settings/Reflow/reflow");
        REQUIRE(
            live.wait(context, [](const Snapshot& s) { return s.status.reflow.pairs_wanted > 0; }));
        context->ItemClick("//Settings/Reflow/cancel");
        REQUIRE(live.wait(context,
                          [](const Snapshot& s) { return s.status.reflow.pairs_wanted == 0; }));
        const std::shared_ptr<const Snapshot> after = live.now();
        CHECK(after->status.reflow.round == 1);
        CHECK(after->scene->reflow.rounds == 1);
        CHECK(after->scene->views == beside);
        const std::int64_t step = after->status.step;
        CHECK(live.wait(context, [&](const Snapshot& s) { return s.status.step > step; }));
    });
}

TEST_CASE("the pairing is switched while training, and its lines shorten", "[gui]") {
    Live live(small(default_scene()));
    const auto squared_length = [](const std::vector<float>& lines) {
        double sum = 0;
        for (std::size_t i = 0; i + 3 < lines.size(); i += 4)
            sum += std::pow(static_cast<double>(lines[i + 2] - lines[i]), 2) +
                   std::pow(static_cast<double>(lines[i + 3] - lines[i + 1]), 2);
        return sum;
    };
    live.host.run([&](ImGuiTestContext* context) {
        context->ItemClick("//Settings/Layers");
        context->ItemClick("//Settings/Layers/pairing/eye");
        REQUIRE(live.wait(
            context, [](const Snapshot& s) { return s.panes[0].pairing && s.status.step > 5; }));
        const double independent = squared_length(*live.now()->panes[0].pairing);
        choose(context, "//Settings/Training/pairing", "minibatch OT");
        REQUIRE(live.wait(context, [](const Snapshot& s) {
            return s.scene->coupling.kind == CouplingKind::minibatch_ot;
        }));
        const std::int64_t step = live.now()->status.step;
        CHECK(live.wait(context, [&](const Snapshot& s) {
            return s.status.step > step + 5 && s.panes[0].pairing &&
                   squared_length(*s.panes[0].pairing) < 0.7 * independent;
        }));
    });
}

TEST_CASE("independent and OT pairing are compared in one click, and undone in one", "[gui]") {
    Live live(small(default_scene()));
    live.host.run([&](ImGuiTestContext* context) {
        REQUIRE(live.wait(context, [](const Snapshot& s) { return s.status.step > 100; }));
        context->ItemClick("//Toolbar/compare");
        context->ItemClick("//$FOCUSED/pairing");
        REQUIRE(live.wait(context, [](const Snapshot& s) {
            return s.scene->coupling.kind == CouplingKind::minibatch_ot;
        }));
        // The left pane stands still at weights that are kept, the right one goes on.
        const std::int64_t earlier = live.now()->scene->views[0].weights_step;
        CHECK(earlier > 0);
        CHECK(live.now()->scene->views[1].weights_step == -1);
        const std::int64_t step = live.now()->status.step;
        CHECK(step >= earlier);
        CHECK(live.wait(context, [&](const Snapshot& s) {
            return s.status.step > step + 20 && s.panes[0].trajectories && s.panes[0].note.empty();
        }));
        context->KeyPress(ImGuiKey_Z);
        CHECK(live.wait(context, [](const Snapshot& s) {
            return s.scene->coupling.kind == CouplingKind::independent &&
                   s.scene->views[0].weights_step == -1;
        }));
    });
}

TEST_CASE("the drawing is learnt on its line and again in the plane", "[gui]") {
    Live live(small(default_scene()));
    live.host.run([&](ImGuiTestContext* context) {
        const auto learnt = [&](int dimension) {
            return live.wait(context, [&](const Snapshot& s) {
                return s.scene->dimension == dimension && s.data->dimension == dimension &&
                       s.status.step > 5 && s.panes[0].trajectories &&
                       (s.panes[0].profile != nullptr) == (dimension == 1);
            });
        };
        REQUIRE(learnt(2));
        context->ItemClick("//Data/Data/dimension 1");
        CHECK(learnt(1));
        context->ItemClick("//Data/Data/dimension 2");
        CHECK(learnt(2));
        CHECK(live.now()->strokes.size() == default_scene().data.strokes.size());
    });
}
