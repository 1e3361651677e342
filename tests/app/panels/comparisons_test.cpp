#include "app/panels/comparisons.hpp"

#include <set>
#include <stdexcept>

#include "app/panels/view_words.hpp"
#include "core/sample/methods.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("every comparison is a scene that opens, with panes that differ", "[panels]") {
    Scene scene = default_scene();
    std::set<std::string> ids;
    for (const Comparison& one : comparisons(scene, {0, 1}, {100, 200, 400, 800, 1600})) {
        INFO(one.id);
        CHECK(ids.insert(one.id).second);
        const std::size_t count = one.views.size();
        CHECK((count == 2 || count == 4));
        for (std::size_t i = 0; i < count; ++i) {
            for (std::size_t k = 0; k < i; ++k)
                CHECK_FALSE(one.views[i] == one.views[k]);
        }
        scene.views = one.views;
        CHECK_NOTHROW(check_scene(scene));
    }
    CHECK(ids.size() == 8);
}

TEST_CASE("OT is compared with a model that learnt without it", "[panels]") {
    const auto pairing = [](const Scene& scene, const std::vector<std::int64_t>& steps) {
        for (const Comparison& one : comparisons(scene, {}, steps)) {
            if (std::string(one.id) == "pairing") return one;
        }
        throw std::logic_error("no such comparison");
    };
    Scene scene = default_scene();
    const Comparison one = pairing(scene, {100, 200});
    CHECK(one.possible);
    CHECK(one.views[0].weights_step == 200);
    CHECK(one.views[1].weights_step == -1);
    CHECK(one.coupling->kind == CouplingKind::minibatch_ot);
    CHECK_FALSE(pairing(scene, {}).possible);
    scene.model.prediction = Prediction::noise;
    CHECK_FALSE(pairing(scene, {100}).possible);
    // From any other pairing the way back is one click too.
    scene = default_scene();
    scene.coupling.kind = CouplingKind::sinkhorn;
    const Comparison back = pairing(scene, {100});
    CHECK(back.possible);
    CHECK(back.name == "Sinkhorn | independent");
    CHECK(back.views[0].weights_step == 100);
    CHECK(back.coupling->kind == CouplingKind::independent);
}

TEST_CASE("the comparison with the SDE brings the pairing that has a score", "[panels]") {
    Scene scene = default_scene();
    const auto by_noise = [&] { return comparisons(scene, {}, {100}).front(); };
    CHECK(std::string(by_noise().id) == "ode sde");
    CHECK_FALSE(by_noise().coupling);
    for (const CouplingKind kind : {CouplingKind::minibatch_ot, CouplingKind::sinkhorn}) {
        scene.coupling.kind = kind;
        REQUIRE(by_noise().coupling);
        CHECK(by_noise().coupling->kind == CouplingKind::independent);
        CHECK(by_noise().possible);
    }
    scene.source.kind = SourceKind::uniform;
    CHECK_FALSE(by_noise().possible);
}

TEST_CASE("guidance asks for a label that is there", "[panels]") {
    Scene scene = default_scene();
    scene.views[0].guidance.label = 3;
    for (const Comparison& one : comparisons(scene, {0, 2}, {})) {
        for (const ViewSpec& view : one.views) {
            if (view.guidance.kind != GuidanceKind::none) CHECK(view.guidance.label == 2);
        }
    }
    CHECK(labels_in(nullptr).empty());
    CHECK(classes_in(nullptr).empty());
    PointSet points;
    points.labels = {3, -1, 0, 3};
    CHECK(labels_in(&points) == std::vector<int>{0, 3});
    CHECK(classes_in(&points) == std::vector<int>{-1, 0, 3});
}

namespace {

Comparison named(const std::string& id, const Scene& scene, const std::vector<int>& classes) {
    for (const Comparison& one : comparisons(scene, classes, {100})) {
        if (one.id == id) return one;
    }
    throw std::logic_error("no such comparison");
}

}  // namespace

TEST_CASE("what needs a score or labels is compared before reflow", "[panels]") {
    Scene scene = default_scene();
    for (const char* id : {"ode sde", "scales"}) {
        INFO(id);
        for (const ViewSpec& view : named(id, scene, {0, 1}).views)
            CHECK(view.round == -1);
        Scene later = scene;
        later.reflow.rounds = 1;
        for (const ViewSpec& view : named(id, later, {0, 1}).views)
            CHECK(view.round == 0);
    }
}

TEST_CASE("guidance is offered where a label can be told from something", "[panels]") {
    const Scene scene = default_scene();
    CHECK(named("scales", scene, {0, 1}).possible);
    CHECK(named("scales", scene, {-1, 2}).possible);
    CHECK(named("scales", scene, {-1, 2}).views[1].guidance.label == 2);
    CHECK_FALSE(named("scales", scene, {}).possible);
    CHECK_FALSE(named("scales", scene, {-1}).possible);
    CHECK_FALSE(named("scales", scene, {1}).possible);
}

TEST_CASE("a round of reflow is shown beside what was before it", "[panels]") {
    Scene scene = default_scene();
    REQUIRE(scene.views.size() >= 2);
    REQUIRE(needs_score(scene.views[1].sampler));
    const std::vector<ViewSpec> views = beside_next_round(scene, 0, 2);
    ViewSpec before = scene.views[0];
    before.round = 0;
    CHECK(views[0] == before);
    CHECK(views[1].round == -1);
    CHECK(views[1].sampler == scene.views[0].sampler);
    for (std::size_t i = 2; i < views.size(); ++i)
        CHECK(views[i] == scene.views[i]);
    // Alone it shows the round; what shows something else stays.
    CHECK(beside_next_round(scene, 0, 1) == scene.views);
    scene.views = {scene.views[1], scene.views[1]};
    CHECK(beside_next_round(scene, 0, 1)[0].round == -1);
    CHECK_FALSE(needs_score(beside_next_round(scene, 0, 1)[0].sampler));
    scene.views[0].field = FieldKind::exact;
    const std::vector<ViewSpec> others = beside_next_round(scene, 1, 4);
    CHECK(others[0] == scene.views[0]);
    CHECK(others[1].round == -1);
    CHECK_FALSE(needs_score(others[1].sampler));
}
