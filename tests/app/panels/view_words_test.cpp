#include "app/panels/view_words.hpp"

#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// Panes of the default scene, its views as given.
Snapshot with(std::vector<ViewSpec> views, int round = 0) {
    auto scene = std::make_shared<Scene>(default_scene());
    scene->views = std::move(views);
    Snapshot snapshot;
    snapshot.panes.resize(scene->views.size());
    snapshot.scene = std::move(scene);
    snapshot.status.reflow.round = round;
    return snapshot;
}

}  // namespace

TEST_CASE("the latest round of reflow is named and coloured as what it is", "[panels]") {
    ViewSpec latest, before, exact;
    before.round = 0;
    exact.field = FieldKind::exact;
    const Snapshot first = with({latest, before, exact});
    CHECK(view_words(first, 1)[0].field == "learned");
    CHECK(view_words(first, 2)[1].field == "learned");
    CHECK(method_colour(theme(true), shown_view(first, 0)) == theme(true).ode);
    const Snapshot later = with({latest, before, exact}, 2);
    const std::vector<ViewWords> words = view_words(later, 3);
    CHECK(words[0].field == "round 2");
    CHECK(words[1].field == "round 0");
    CHECK(words[2].field == "exact");
    CHECK(method_colour(theme(true), shown_view(later, 0)) == theme(true).reflow);
    CHECK(method_colour(theme(true), shown_view(later, 1)) == theme(true).ode);
    CHECK(method_colour(theme(true), shown_view(later, 2)) == theme(true).ode);
}

TEST_CASE("a method is called what it follows", "[panels]") {
    const auto words = [](Method method, double noise = 0) {
        ViewSpec view;
        view.sampler.method = method;
        view.sampler.steps = 8;
        view.sampler.noise = noise;
        const ViewWords all = view_words(view);
        return all.method + ", " + all.solver;
    };
    CHECK(words(Method::heun) == "PF-ODE, Heun 8");
    CHECK(words(Method::sde_heun) == "PF-ODE, SDE Heun 8");
    CHECK(words(Method::sde_heun, 1) == "reverse SDE, SDE Heun 8");
    CHECK(words(Method::ddpm) == "reverse SDE, DDPM 8");
    CHECK(words(Method::predictor_corrector).starts_with("reverse SDE, "));
    CHECK(words(Method::langevin) == "Langevin dynamics, Langevin 8");
}

TEST_CASE("weights are named by the pairing that they learnt with", "[panels]") {
    ViewSpec earlier, now;
    earlier.weights_step = 1200;
    Snapshot snapshot = with({earlier, now});
    snapshot.panes[0].coupling = snapshot.panes[1].coupling = CouplingKind::independent;
    CHECK(view_words(snapshot, 2)[0].pairing.empty());
    auto scene = std::make_shared<Scene>(*snapshot.scene);
    scene->coupling.kind = CouplingKind::minibatch_ot;
    snapshot.scene = scene;
    snapshot.panes[1].coupling = CouplingKind::minibatch_ot;
    const std::vector<ViewWords> words = view_words(snapshot, 2);
    CHECK(words[0].pairing == "independent pairs");
    CHECK(words[1].pairing == "OT pairs");
    CHECK(sentence(words[0]) ==
          "learned, step 1,200 \xc2\xb7 independent pairs \xc2\xb7 PF-ODE \xc2\xb7 " +
              words[0].solver);
    ViewSpec guided;
    guided.guidance.kind = GuidanceKind::cfg;
    guided.guidance.scale = 3;
    CHECK(view_words(guided).guidance == "$w$ = 3, label 0");
    CHECK(sentence(view_words(guided)).find("w = 3, label 0") != std::string::npos);
    guided.guidance.kind = GuidanceKind::autoguidance;
    CHECK(sentence(view_words(guided)).find("autoguidance w = 3, label 0") != std::string::npos);
}

TEST_CASE("a model that is not there yet is said to be, before a round learns from it",
          "[panels]") {
    ViewSpec sampled, exact, guided, earlier;
    exact.field = FieldKind::exact;
    guided.guidance.kind = GuidanceKind::cfg;
    earlier.weights_step = 10;
    Snapshot snapshot = with({exact, guided, earlier, sampled});
    CHECK(not_there_yet(snapshot).empty());
    const auto measured = [](double w2, double floor) {
        PaneMetrics metrics;
        metrics.w2 = w2;
        metrics.w2_floor = floor;
        return std::make_shared<const PaneMetrics>(metrics);
    };
    for (PaneSnapshot& pane : snapshot.panes)
        pane.metrics = measured(0.9, 0.1);
    snapshot.panes[3].metrics = measured(0.15, 0.11);
    CHECK(not_there_yet(snapshot).empty());
    snapshot.panes[3].metrics = measured(0.15, 0);
    CHECK(not_there_yet(snapshot).empty());
    snapshot.panes[3].metrics = measured(0.25, 0.11);
    CHECK_THAT(not_there_yet(snapshot), Catch::Matchers::Contains("0.25 beside a floor of 0.11"));
    // Of an earlier round it says nothing about the latest.
    snapshot.status.reflow.round = 1;
    CHECK_FALSE(not_there_yet(snapshot).empty());
    auto scene = std::make_shared<Scene>(*snapshot.scene);
    scene->views[3].round = 0;
    snapshot.scene = scene;
    CHECK(not_there_yet(snapshot).empty());
}
