#include "app/state/commands.hpp"

#include "tests/test.hpp"

using namespace driftglass;

namespace {

Snapshot snapshot_of(const Scene& scene) {
    Snapshot snapshot;
    snapshot.scene = std::make_shared<const Scene>(scene);
    return snapshot;
}

}  // namespace

TEST_CASE("edits of one hold share a gesture, edits of another do not", "[commands]") {
    std::vector<Command> sent;
    Commands commands([&](Command command) { sent.push_back(std::move(command)); });
    const Snapshot snapshot = snapshot_of({});
    commands.begin_frame(snapshot, true);
    commands.edit(command::SetSeed{1});
    commands.begin_frame(snapshot, true);
    commands.edit(command::SetSeed{2});
    commands.begin_frame(snapshot, false);
    commands.edit(command::SetSeed{3});
    commands.send(command::Undo{});
    REQUIRE(sent.size() == 4);
    CHECK(sent[0].gesture != 0);
    CHECK(sent[0].gesture == sent[1].gesture);
    CHECK(sent[2].gesture != sent[1].gesture);
    CHECK(sent[3].gesture == 0);
}

TEST_CASE("the scene is as it will be until the engine answers", "[commands]") {
    Commands commands([](Command) {});
    Snapshot old = snapshot_of({});
    old.handled = 7;
    commands.begin_frame(old, false);
    PathSettings path;
    path.schedule = ScheduleKind::ve;
    commands.edit(command::SetPath{path});
    TrainingSettings training;
    training.batch = 77;
    commands.edit(command::SetTraining{training});
    commands.begin_frame(old, false);
    CHECK(commands.scene()->path.schedule == ScheduleKind::ve);
    CHECK(commands.scene()->training.batch == 77);

    SECTION("an answer to all that was sent counts, whatever it is") {
        Scene answer;
        answer.path.schedule = ScheduleKind::vp_cosine;
        Snapshot snapshot = snapshot_of(answer);
        snapshot.handled = 8;
        commands.begin_frame(snapshot, false);
        CHECK(commands.scene()->path.schedule == ScheduleKind::ve);
        CHECK(commands.scene()->training.batch == 77);
        snapshot.handled = 9;
        commands.begin_frame(snapshot, false);
        CHECK(commands.scene()->path.schedule == ScheduleKind::vp_cosine);
    }
    SECTION("a stroke takes the place of its beginning") {
        const auto painted = [&](float x) {
            Stroke stroke;
            stroke.path = {{0, 0}, {x, 0}};
            commands.edit(command::Paint{std::make_shared<const Stroke>(stroke)});
        };
        for (const float x : {1.0f, 2.0f}) {
            commands.begin_frame(old, true);
            painted(x);
        }
        commands.begin_frame(old, false);
        painted(3);
        const auto& strokes = commands.scene()->data.strokes;
        REQUIRE(strokes.size() == 2);
        CHECK(strokes[0]->path[1][0] == 2);
        CHECK(strokes[1]->path[1][0] == 3);
    }
    SECTION("the first view is what the scene samples with, as in the engine") {
        Scene scene;
        scene.views.resize(2);
        Snapshot snapshot = snapshot_of(scene);
        snapshot.handled = 9;
        commands.begin_frame(snapshot, false);
        ViewSpec view;
        view.sampler.steps = 7;
        view.path = scene.path;
        commands.edit(command::SetView{0, view});
        CHECK(commands.scene()->sampler.steps == 7);
        CHECK_FALSE(commands.scene()->views[0].path);
    }
    SECTION("a view that is not there is left alone") {
        commands.edit(command::SetView{3, {}});
        CHECK(commands.scene()->views.empty());
    }
}
