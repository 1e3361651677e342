// The one loop, without a window.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/autosave.hpp"
#include "core/lab/lab.hpp"
#include "core/lab/setup.hpp"
#include "tests/core/lab/scenes.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

Look look_at(int panes) {
    Look look;
    look.panes.resize(static_cast<std::size_t>(panes));
    for (Look::Pane& pane : look.panes) {
        pane.density_columns = pane.density_rows = 24;
        pane.arrow_columns = pane.arrow_rows = 6;
    }
    look.time = 0.3;
    look.particles = 300;
    look.metrics = false;
    look.loss_against_time = false;
    look.loss_curve = false;
    return look;
}

/// Ticks until `done` holds; false after very many ticks, so that a test ends whatever the speed.
template <class Done>
bool tick_until(Lab& lab, Done&& done, int most = 15000) {
    for (int i = 0; i < most; ++i) {
        if (done(*lab.snapshot())) return true;
        lab.tick(20ms);
    }
    return false;
}

void settle(Lab& lab) {
    lab.send({0, command::SetRunning{false}});
    lab.tick(1ms);
    REQUIRE(tick_until(lab, [&](const Snapshot&) { return !lab.tick(20ms); }));
}

std::filesystem::path fresh_folder(const std::string& name) {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("driftglass-lab-" + name);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace

TEST_CASE("a tick trains, draws and publishes", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    const std::shared_ptr<const Snapshot> first = lab.snapshot();
    REQUIRE(first);
    CHECK(first->data->size() > 1000);
    CHECK(first->strokes.size() == 4);
    CHECK(first->strokes[0].name == "spiral");
    CHECK(first->schedule->t.size() == 101);
    lab.send({0, command::SetLook{look_at(2)}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.status.step > 20 && s.panes[0].trajectories && s.panes[1].trajectories &&
               s.panes[0].trajectories->count == 300 && s.panes[0].arrows &&
               s.panes[0].density_exact && s.loss->step.size() > 2;
    }));
    const std::shared_ptr<const Snapshot> s = lab.snapshot();
    CHECK(s->version > first->version);
    CHECK(s->panes.size() == 2);
    const Trajectories& paths = *s->panes[0].trajectories;
    CHECK(paths.times.size() == 5);
    CHECK(paths.times.front() == 1);
    CHECK(paths.positions.size() == static_cast<std::size_t>(paths.count) * 5 * 2);
    // Both panes start from the same noise.
    const Trajectories& other = *s->panes[1].trajectories;
    for (std::size_t i = 0; i < 512; ++i)
        REQUIRE(paths.positions[i] == other.positions[i]);
    CHECK(s->panes[0].arrows->velocity.size() == 72);
    CHECK(s->panes[0].density_exact->mass_levels.size() == 3);
    CHECK_FALSE(s->unsaved);
}

TEST_CASE("the exact density on a pane's grid is q_t", "[lab]") {
    Scene scene = small_scene();
    scene.data = {};
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{0.5, -0.5}, 0.4, 1, -1}};
    Lab lab(scene, on_cpu());
    Look look = look_at(1);
    look.panes[0].density_columns = look.panes[0].density_rows = 64;
    lab.send({0, command::SetLook{look}});
    settle(lab);
    const DensityGrid& grid = *lab.snapshot()->panes[0].density_exact;
    // Linear path at t = 0.3: mean 0.7 m, variance (0.7 s)^2 + 0.3^2. Float32 sums: 1e-4.
    const double variance = 0.28 * 0.28 + 0.09;
    for (const int row : {10, 32, 50}) {
        for (const int column : {12, 32, 40}) {
            const double x = -3 + 6 * (column + 0.5) / 64 - 0.35;
            const double y = -3 + 6 * (row + 0.5) / 64 + 0.35;
            const double density =
                std::exp(-0.5 * (x * x + y * y) / variance) / (2 * 3.14159265358979 * variance);
            CHECK(std::abs(grid.values[static_cast<std::size_t>(row * 64 + column)] - density) <
                  1e-4);
        }
    }
    // Points, binned and blurred: all of the mass is on the grid.
    Scene points = scene;
    points.data = {};
    points.data.kind = DataKind::preset;
    points.data.preset = Preset::rings;
    Lab of_points(points, on_cpu());
    of_points.send({0, command::SetLook{look}});
    settle(of_points);
    double mass = 0;
    for (const float value : of_points.snapshot()->panes[0].density_exact->values) {
        mass += static_cast<double>(value) * 36 / (64 * 64);
    }
    CHECK(mass == Approx(1).margin(0.01));
}

TEST_CASE("a moved slider shows in the panes while training goes on", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    lab.send({0, command::SetLook{look_at(2)}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.panes[0].trajectories != nullptr; }));
    ViewSpec view = lab.snapshot()->scene->views[0];
    for (int steps = 5; steps <= 9; ++steps) {
        view.sampler.steps = steps;
        lab.send({1, command::SetView{0, view}});
    }
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.panes[0].trajectories && s.panes[0].trajectories->times.size() == 10;
    }));
    // One gesture: one undo brings the four steps back.
    lab.send({0, command::Undo{}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.panes[0].trajectories->times.size() == 5 && s.can_redo;
    }));
    CHECK(lab.snapshot()->scene->views[0].sampler.steps == 4);
}

TEST_CASE("the same pane on the same weights gives the same paths", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    lab.send({0, command::SetLook{look_at(2)}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 10; }));
    settle(lab);
    const std::shared_ptr<const Trajectories> before = lab.snapshot()->panes[1].trajectories;
    ViewSpec view = lab.snapshot()->scene->views[1];
    view.sampler.steps = 7;
    lab.send({0, command::SetView{1, view}});
    settle(lab);
    REQUIRE(lab.snapshot()->panes[1].trajectories->positions != before->positions);
    lab.send({0, command::Undo{}});
    settle(lab);
    CHECK(lab.snapshot()->panes[1].trajectories->positions == before->positions);
}

TEST_CASE("nothing is computed that is not on the screen, and nothing twice", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    for (int i = 0; i < 20; ++i)
        lab.tick(5ms);
    CHECK(lab.counters().training_slices > 0);
    CHECK(lab.counters().path_blocks == 0);
    CHECK(lab.counters().arrows == 0);
    CHECK(lab.counters().exact_densities == 0);
    CHECK(lab.counters().pane_metrics == 0);
    CHECK(lab.counters().losses_against_time == 0);

    Look look = look_at(1);
    look.panes[0].arrows = false;
    lab.send({0, command::SetLook{look}});
    settle(lab);
    CHECK(lab.snapshot()->panes[0].trajectories);
    CHECK_FALSE(lab.snapshot()->panes[1].trajectories);
    CHECK(lab.counters().arrows == 0);
    CHECK(lab.counters().exact_densities == 1);
    const std::int64_t blocks = lab.counters().path_blocks;
    lab.send({0, command::SetLook{look}});
    settle(lab);
    CHECK(lab.counters().path_blocks == blocks);
    CHECK(lab.counters().exact_densities == 1);

    // Linked panes share one density.
    look.panes.push_back(look.panes[0]);
    lab.send({0, command::SetLook{look}});
    settle(lab);
    CHECK(lab.counters().exact_densities == 1);
    CHECK(lab.snapshot()->panes[0].density_exact == lab.snapshot()->panes[1].density_exact);
    // Another time: a new density, the old paths.
    look.time = 0.7;
    lab.send({0, command::SetLook{look}});
    const std::int64_t after = lab.counters().path_blocks;
    settle(lab);
    CHECK(lab.counters().exact_densities == 2);
    CHECK(lab.counters().path_blocks == after);
}

TEST_CASE("metrics and plots appear when they are asked for", "[lab]") {
    Scene scene = small_scene();
    scene.views[0].sampler.steps = 16;
    scene.views[1] = scene.views[0];
    scene.views[1].field = FieldKind::exact;
    Lab lab(scene, on_cpu());
    Look look = look_at(2);
    look.metrics = look.loss_curve = look.loss_against_time = true;
    lab.send({0, command::SetLook{look}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 10; }));
    lab.send({0, command::SetRunning{false}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.panes[0].metrics && s.panes[1].metrics && s.loss_against_time && s.loss->floor;
    }));
    const std::shared_ptr<const Snapshot> s = lab.snapshot();
    CHECK(s->panes[0].metrics->w2_points >= 2000);
    CHECK(s->panes[0].metrics->w2 > 0);
    CHECK(s->panes[0].metrics->w2_floor > 0);
    CHECK_FALSE(s->panes[0].metrics->w2_to_first);
    REQUIRE(s->panes[0].metrics->paths);
    // No path is shorter than the best transport; npe is what this one takes beyond.
    CHECK(s->panes[0].metrics->paths->energy > 0);
    CHECK(s->panes[0].metrics->paths->npe > 0);
    CHECK(s->panes[1].metrics->w2_to_first);
    // The exact field of the points gives the points back; the barely trained network does not.
    CHECK(s->panes[1].metrics->w2 < s->panes[0].metrics->w2);
    // No prediction beats the conditional mean.
    const LossAgainstTime& loss = *s->loss_against_time;
    REQUIRE(loss.floor.size() == loss.learned.size());
    for (std::size_t i = 0; i < loss.floor.size(); ++i) {
        CHECK(loss.learned[i] >= loss.floor[i]);
    }
}

TEST_CASE("data at the edges: none, one point, all equal, very many", "[lab]") {
    const auto with = [](PointSet points) {
        Scene scene = small_scene();
        scene.data = {};
        scene.data.kind = DataKind::points;
        scene.data.points = std::make_shared<const PointSet>(std::move(points));
        return scene;
    };
    SECTION("none: training waits and says so") {
        Lab lab(with({2, {}, {}}), on_cpu());
        lab.send({0, command::SetLook{look_at(2)}});
        for (int i = 0; i < 5; ++i)
            lab.tick(2ms);
        REQUIRE(lab.snapshot()->banner);
        CHECK_FALSE(lab.snapshot()->banner->fault);
        CHECK(lab.snapshot()->status.step == 0);
        // A stroke brings it to life.
        Stroke stroke;
        stroke.path = {{-1, 0}, {1, 0}};
        lab.send({1, command::Paint{std::make_shared<const Stroke>(stroke)}});
        CHECK(tick_until(lab, [](const Snapshot& s) { return s.status.step > 3 && !s.banner; }));
    }
    SECTION("one point, and many that are equal") {
        for (const int count : {1, 500}) {
            PointSet points{2, {}, {}};
            for (int i = 0; i < count; ++i) {
                points.x.push_back(0.5F);
                points.x.push_back(-1.0F);
            }
            Scene scene = with(points);
            scene.views[1].field = FieldKind::exact;
            scene.views[1].sampler = scene.views[0].sampler;
            scene.views[1].sampler.method = Method::ddim;
            Lab lab(scene, on_cpu());
            lab.send({0, command::SetLook{look_at(2)}});
            REQUIRE(tick_until(lab, [](const Snapshot& s) {
                return s.status.step > 10 && s.panes[0].trajectories && s.panes[1].trajectories;
            }));
            CHECK_FALSE(lab.snapshot()->panes[0].trajectories->diverged);
            // DDIM is exact on one point: the ends are alpha x0 + sigma x1 at t_min = 0.001.
            const Trajectories& paths = *lab.snapshot()->panes[1].trajectories;
            const std::size_t last =
                (paths.times.size() - 1) * static_cast<std::size_t>(paths.count) * 2;
            for (std::size_t i = 0; i < 50; ++i) {
                CHECK(paths.positions[last + 2 * i] == Approx(0.5).margin(0.01));
                CHECK(paths.positions[last + 2 * i + 1] == Approx(-1).margin(0.01));
            }
        }
    }
    SECTION("100,000") {
        PointSet points{2, {}, {}};
        for (int i = 0; i < 100000; ++i) {
            points.x.push_back(std::sin(static_cast<float>(i)));
            points.x.push_back(std::cos(static_cast<float>(3 * i)));
        }
        Lab lab(with(points), on_cpu());
        lab.send({0, command::SetLook{look_at(1)}});
        CHECK(tick_until(lab, [](const Snapshot& s) {
            return s.status.step > 3 && s.panes[0].trajectories && s.panes[0].density_exact;
        }));
    }
}

TEST_CASE("a command that cannot be is a notice, and all stays as it was", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    lab.send({0, command::SetRunning{false}});
    lab.tick(1ms);
    const auto refused = [&](Command command) -> std::string {
        const std::shared_ptr<const Snapshot> before = lab.snapshot();
        lab.send(std::move(command));
        lab.tick(1ms);
        const std::shared_ptr<const Snapshot> after = lab.snapshot();
        CHECK(after->scene == before->scene);
        CHECK(after->data == before->data);
        CHECK(after->can_undo == before->can_undo);
        CHECK(after->notice_id == before->notice_id + 1);
        CHECK(after->notice_is_error);
        return after->notice;
    };
    DataSettings data;
    data.kind = DataKind::points;
    data.points = std::make_shared<const PointSet>(PointSet{2, {1e30F, 0}, {}});
    CHECK_THAT(refused({0, command::SetData{data}}), Contains("data.points[0]"));
    data.points = std::make_shared<const PointSet>(PointSet{2, {std::nanf(""), 0}, {}});
    CHECK_THAT(refused({0, command::SetData{data}}), Contains("data.points[0]"));
    data = {};
    data.kind = DataKind::csv;
    data.file = "no-such-file.csv";
    CHECK_THAT(refused({0, command::SetData{data}}), Contains("no-such-file.csv"));
    PathSettings path;
    path.beta_max = -1;
    CHECK_THAT(refused({0, command::SetPath{path}}), Contains("path.beta_max"));
    TrainingSettings training;
    training.batch = 0;
    CHECK_THAT(refused({0, command::SetTraining{training}}), Contains("training.batch"));
    ViewSpec view;
    view.guidance.scale = std::nan("");
    CHECK_THAT(refused({0, command::SetView{0, view}}), Contains("guidance.scale"));
    CHECK_THAT(refused({0, command::SetView{9, {}}}), Contains("pane"));
    CHECK_THAT(refused({0, command::SetDevice{"quantum"}}), Contains("quantum"));
    CHECK_THAT(refused({0, command::OpenScene{"/no/such/scene.json"}}), Contains("scene.json"));
    CHECK_THAT(refused({0, command::SaveScene{""}}), Contains("name"));
    Scene broken = small_scene();
    broken.model.width = 0;
    CHECK_THAT(refused({0, command::ReplaceScene{broken, {}}}), Contains("model.width"));
    CHECK_THROWS_AS(Lab(broken, on_cpu()), Error);
}

TEST_CASE("a view that cannot be says why in its pane", "[lab]") {
    Scene scene = small_scene();
    scene.source.kind = SourceKind::uniform;
    scene.views[0].sampler.noise = 0;
    scene.views[1].sampler.method = Method::euler_maruyama;
    scene.views[1].sampler.noise = 1;
    Lab lab(scene, on_cpu());
    lab.send({0, command::SetLook{look_at(2)}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.panes[0].trajectories && !s.panes[1].note.empty();
    }));
    CHECK_FALSE(lab.snapshot()->panes[1].trajectories);
    CHECK(lab.snapshot()->panes[1].lacks_score);
    CHECK(lab.snapshot()->panes[0].note.empty());
    CHECK_FALSE(lab.snapshot()->panes[0].lacks_score);

    // Guidance to a label that nothing has, then to one that is there.
    ViewSpec view = scene.views[0];
    view.guidance.kind = GuidanceKind::cfg;
    view.guidance.label = 3;
    lab.send({0, command::SetView{0, view}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return !s.panes[0].note.empty(); }));
    CHECK_THAT(lab.snapshot()->panes[0].note, Contains("label 3"));
    CHECK_FALSE(lab.snapshot()->panes[0].lacks_score);
    view.guidance.label = 1;
    lab.send({0, command::SetView{0, view}});
    CHECK(tick_until(
        lab, [](const Snapshot& s) { return s.panes[0].note.empty() && s.panes[0].trajectories; }));
}

TEST_CASE("drawing goes on while training does, and undo takes strokes back", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 5; }));
    const std::int64_t points = lab.snapshot()->data->size();
    Stroke stroke;
    stroke.label = 2;
    stroke.name = "new";
    for (int i = 0; i < 30; ++i) {
        stroke.path.push_back({-1.5F, static_cast<float>(i) * 0.05F});
        lab.send({3, command::Paint{std::make_shared<const Stroke>(stroke)}});
        if (i % 5 == 0) lab.tick(1ms);
    }
    const std::int64_t step = lab.snapshot()->status.step;
    REQUIRE(tick_until(
        lab, [&](const Snapshot& s) { return s.strokes.size() == 5 && s.status.step > step; }));
    CHECK(lab.snapshot()->data->size() > points);
    CHECK(lab.snapshot()->strokes.back().points > 0);
    CHECK(lab.snapshot()->unsaved);
    lab.send({0, command::Undo{}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->data->size() == points);
    CHECK_FALSE(lab.snapshot()->unsaved);
}

TEST_CASE("a new schedule goes on from what was learnt", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 50; }));
    PathSettings path;
    path.schedule = ScheduleKind::vp_cosine;
    const std::int64_t step = lab.snapshot()->status.step;
    lab.send({0, command::SetPath{path}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->status.step >= step);
    CHECK(lab.snapshot()->schedule->sigma[50] == Approx(std::sin(3.14159265358979 / 4)));
    ModelSettings model = lab.snapshot()->scene->model;
    model.width = 24;
    lab.send({0, command::SetModel{model}});
    lab.send({0, command::SetRunning{false}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->status.step == 0);
}

TEST_CASE("scenes are saved, opened and autosaved", "[lab]") {
    const std::filesystem::path folder = fresh_folder("files");
    const std::filesystem::path autosave = folder / "autosave.json";
    LabOptions options = on_cpu();
    options.autosave = autosave;
    {
        Lab lab(small_scene(), options);
        lab.send({0, command::SetRunning{false}});
        lab.send({0, command::SetSeed{77}});
        lab.tick(1ms);
        CHECK(lab.snapshot()->unsaved);
        lab.autosave();
        CHECK(load_scene(autosave).seed == 77);
        lab.send({0, command::SaveScene{folder / "mine.json"}});
        lab.tick(1ms);
        CHECK(lab.snapshot()->notice == "saved mine.json");
        CHECK_FALSE(lab.snapshot()->unsaved);
        CHECK(lab.snapshot()->file == folder / "mine.json");
        CHECK_FALSE(std::filesystem::exists(autosave));
        // Elsewhere: from then on all steps of undo are of the file there.
        const auto seed_in = [&](const char* name) { return load_scene(folder / name).seed; };
        lab.send({0, command::SetSeed{79}});
        lab.send({0, command::SaveScene{folder / "other.json"}});
        lab.send({0, command::Undo{}});
        lab.send({0, command::SaveScene{{}}});
        lab.tick(1ms);
        CHECK(lab.snapshot()->file == folder / "other.json");
        CHECK(seed_in("other.json") == 77);
        lab.send({0, command::Redo{}});
        lab.send({0, command::SaveScene{{}}});
        lab.tick(1ms);
        CHECK(seed_in("other.json") == 79);
        CHECK(seed_in("mine.json") == 77);
        lab.send({0, command::SetSeed{78}});
        lab.tick(1ms);
        // A file that is not a scene: the drawing stays.
        std::ofstream(folder / "bad.json") << "{ \"seed\": }";
        lab.send({0, command::OpenScene{folder / "bad.json"}});
        lab.tick(1ms);
        CHECK(lab.snapshot()->notice_is_error);
        CHECK_THAT(lab.snapshot()->notice, Contains("line 1"));
        CHECK(lab.snapshot()->scene->seed == 78);
    }
    // Left unsaved: it is there for the next start.
    REQUIRE(std::filesystem::exists(autosave));
    const Scene left = load_scene(autosave);
    CHECK(left.seed == 78);
    CHECK(load_scene(folder / "mine.json").seed == 77);
    CHECK(document_of(autosave) == folder / "other.json");
    const std::filesystem::path kept = folder / "autosave-kept-1.json";
    CHECK_FALSE(std::filesystem::exists(kept));
    {
        LabOptions again = options;
        again.recovered = true;
        Lab lab(left, again);
        CHECK(lab.snapshot()->unsaved);
        lab.send({0, command::OpenScene{folder / "mine.json"}});
        lab.tick(1ms);
        CHECK(lab.snapshot()->scene->seed == 77);
        CHECK_FALSE(lab.snapshot()->unsaved);
        // What made way unsaved is kept, by undo and as a file.
        CHECK_THAT(lab.snapshot()->notice, Contains("opened mine.json") && Contains(kept.string()));
        REQUIRE(std::filesystem::exists(kept));
        CHECK(load_scene(kept).seed == 78);
        CHECK_FALSE(std::filesystem::exists(autosave));
        lab.send({0, command::Undo{}});
        lab.tick(1ms);
        CHECK(lab.snapshot()->scene->seed == 78);
        CHECK(lab.snapshot()->file.empty());
        lab.send({0, command::Redo{}});
        lab.tick(1ms);
    }
    CHECK_FALSE(std::filesystem::exists(autosave));  // all saved: nothing to bring back
    CHECK(document_of(autosave).empty());
    std::filesystem::remove_all(folder);
}

TEST_CASE("an autosave that cannot be written says so once, and keeps the scene elsewhere",
          "[lab]") {
    const std::filesystem::path folder = fresh_folder("lost");
    LabOptions options = on_cpu();
    options.autosave = folder / "state" / "autosave.json";
    Lab lab(small_scene(), options);
    lab.send({0, command::SetRunning{false}});
    lab.send({0, command::SetSeed{77}});
    lab.tick(1ms);
    // Its folder is made again where it is gone.
    lab.autosave();
    CHECK(load_scene(options.autosave).seed == 77);
    std::filesystem::remove_all(folder / "state");
    std::ofstream(folder / "state") << "in the way";
    lab.send({0, command::SetSeed{78}});
    lab.tick(1ms);
    lab.autosave();
    CHECK(lab.snapshot()->version > 0);
    lab.send({0, command::SetSeed{79}});
    lab.tick(1ms);
    const std::uint64_t told = lab.snapshot()->notice_id;
    CHECK_THAT(lab.snapshot()->notice, Contains("the autosave failed"));
    lab.autosave();
    lab.send({0, command::SetSeed{80}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->notice_id == told);
    const std::string words = lab.finish();
    const std::string place = "is kept as ";
    REQUIRE_THAT(words, Contains(place));
    const std::filesystem::path elsewhere = words.substr(words.find(place) + place.size());
    CHECK(load_scene(elsewhere).seed == 80);
    std::filesystem::remove(elsewhere);
    // Once is enough: neither asked again nor in the end it is written again.
    CHECK(lab.finish().empty());
    CHECK(std::filesystem::is_empty(elsewhere.parent_path()));
    std::filesystem::remove_all(folder);
}

TEST_CASE("names for what is kept begin again with the oldest", "[lab]") {
    const std::filesystem::path folder = fresh_folder("kept");
    const std::filesystem::path autosave = folder / "autosave.json";
    for (int i = 1; i <= 20; ++i) {
        const std::filesystem::path name = name_to_keep(autosave);
        CHECK(name == folder / ("autosave-kept-" + std::to_string(i) + ".json"));
        std::ofstream(name) << i;
        std::filesystem::last_write_time(name, std::filesystem::file_time_type::clock::now() -
                                                   std::chrono::hours(i == 7 ? 100 : 1));
    }
    CHECK(name_to_keep(autosave) == folder / "autosave-kept-7.json");
    std::filesystem::remove_all(folder);
}

TEST_CASE("a scene that is opened is shown by its own weights", "[lab]") {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("driftglass-opened-" + std::to_string(::getpid()));
    // As render leaves them: the same names in different folders.
    const auto render = [&](const char* name, std::int64_t steps) {
        Scene scene = small_scene();
        scene.training.steps = steps;
        std::filesystem::create_directories(folder / name);
        Lab lab(scene, on_cpu());
        lab.train(0, {}, {});
        lab.save_weights(folder / name / "weights.pt");
        scene.folder = folder / name;
        scene.weights = "weights.pt";
        save_scene(scene, folder / name / "scene.json");
    };
    render("a", 500);
    render("b", 9);
    Lab lab(load_scene(folder / "a" / "scene.json"), on_cpu());
    CHECK(lab.snapshot()->status.step == 500);
    lab.send({0, command::OpenScene{folder / "b" / "scene.json"}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->status.step == 9);
    CHECK_FALSE(lab.snapshot()->status.running);
    lab.send({0, command::Undo{}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->status.step == 500);

    // The same network, but nothing has been learnt of this one.
    Scene plain = small_scene();
    save_scene(plain, folder / "plain.json");
    lab.send({0, command::OpenScene{folder / "plain.json"}});
    lab.tick(0ms);
    CHECK(lab.snapshot()->status.running);
    CHECK(lab.snapshot()->status.step < 500);
    std::filesystem::remove_all(folder);
}

TEST_CASE("the same scene on one thread gives the same report to the last digit", "[lab]") {
    const auto report = [] {
        Scene scene = small_scene();
        scene.data = {};
        scene.data.preset = Preset::two_moons;
        scene.training.steps = 40;
        Lab lab(scene, on_cpu());
        lab.train(0, {}, {});
        Report r = lab.measure({}, {});
        r.seconds = r.steps_per_second = 0;
        return r;
    };
    const Report one = report();
    CHECK(one.steps == 40);
    CHECK(one.points >= 2000);
    CHECK(one.draws == 5);
    REQUIRE(one.measured("w2").value);
    CHECK(*one.measured("w2").value > *one.measured("w2").floor);
    CHECK(one.final_loss);
    CHECK(one.loss_floor);
    CHECK(one.measured("straightness").value);
    CHECK(one.nfe > 0);
    // Two moons: neither an exact field without a kernel nor a class to tilt to, but all the rest.
    CHECK(one.measured("mmd").floor);
    CHECK(*one.measured("memorised").floor == Approx(1.0 / 9).margin(0.03));
    CHECK(*one.measured("memorised").value < 0.3);
    // Both of the same points: Hutchinson's estimate scatters by a share of the divergence.
    REQUIRE(one.measured("nll").value);
    REQUIRE(one.measured("nll_hutchinson").value);
    CHECK(*one.measured("nll_hutchinson").value == Approx(*one.measured("nll").value).margin(0.3));
    CHECK(*one.measured("nll_hutchinson").value != *one.measured("nll").value);
    CHECK(one.velocity_error.size() == 11);
    CHECK(one.loss_against_time->floor.size() == one.loss_against_time->learned.size());
    CHECK(one.solver_error.size() == 7);
    CHECK_FALSE(one.measured("tilted_w2").value);
    CHECK_FALSE(one.ddpm_bound);
    CHECK(to_json(one) == to_json(report()));
}

TEST_CASE("the report of an exact mixture: guided samples are not the tilted density", "[lab]") {
    Scene scene = small_scene();
    scene.data = two_labels().data;
    scene.path = two_labels().path;
    scene.field = FieldKind::exact;
    scene.sampler.steps = 32;
    scene.guidance.kind = GuidanceKind::cfg;
    scene.guidance.label = 1;
    scene.guidance.scale = 1;
    const auto report = [&](double scale) {
        scene.guidance.scale = scale;
        return Lab(scene, on_cpu()).measure({}, {});
    };
    // At w = 1 both are the class's density: the distance is its floor, within its wander of a
    // tenth at 2,000 points and 5 draws, and the solver's and the grid's errors.
    const Report plain = report(1);
    REQUIRE(plain.measured("tilted_w2").value);
    CHECK(*plain.measured("tilted_w2").value < 1.3 * *plain.measured("tilted_w2").floor);
    // At w = 3 the mean alone is off by 0.68 (docs/mathematics.md, Guidance).
    const Report guided = report(3);
    CHECK(*guided.measured("tilted_w2").value > 0.6);
    CHECK(*guided.measured("tilted_w2").value > 4 * *guided.measured("tilted_w2").floor);
    CHECK_FALSE(guided.measured("nll").value);
    // Slopes of the solvers on this field, as they are named.
    for (const Report::SolverErrors& errors : plain.solver_error) {
        INFO(errors.method << " " << *errors.median_slope);
        if (errors.method == "euler") CHECK(*errors.median_slope == Approx(-1).margin(0.25));
        if (errors.method == "heun") CHECK(*errors.median_slope == Approx(-2).margin(0.4));
        if (errors.method == "rk4") CHECK(*errors.median_slope < -2.9);
    }
}

TEST_CASE("the floor under a pane becomes the mean of its pairs while training goes on", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    Look look = look_at(1);
    look.metrics = true;
    lab.send({0, command::SetLook{look}});
    lab.send({0, command::SetRunning{true}});
    std::set<double> floors;
    const auto several = [&](const Snapshot& s) {
        if (s.panes[0].metrics && s.panes[0].metrics->w2_floor > 0)
            floors.insert(s.panes[0].metrics->w2_floor);
        return floors.size() >= 3 && s.status.running;
    };
    // They get a small share of the engine's time, and under a sanitizer each takes seconds of it.
    CHECK(tick_until(lab, several, 100000));
}

TEST_CASE("a flow without a prior in closed form has no likelihood in its report", "[lab]") {
    Scene scene = small_scene();
    scene.training.steps = 20;
    for (const auto& [kind, known] :
         {std::pair{CouplingKind::diffusion, false}, std::pair{CouplingKind::minibatch_ot, true}}) {
        scene.coupling.kind = kind;
        Lab lab(scene, on_cpu());
        lab.train(0, {}, {});
        const Report report = lab.measure({}, {});
        CHECK(report.measured("w2").value);
        CHECK(report.measured("nll").value.has_value() == known);
        CHECK(report.measured("nll_hutchinson").value.has_value() == known);
        CHECK((report.likelihood_points > 0) == known);
    }
}

TEST_CASE("DDPM's bound is reported on its own path, above the entropy", "[lab]") {
    Scene scene = small_scene();
    scene.data = {};
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{-1, 0}, 0.4, 1, 0}, {{1, 0}, 0.4, 1, 1}};
    scene.field = FieldKind::exact;
    scene.path.schedule = ScheduleKind::ddpm;
    const Report report = Lab(scene, on_cpu()).measure({}, {});
    REQUIRE(report.ddpm_bound);
    CHECK(report.ddpm_bound->kl.size() == 999);
    // The bound of one Gaussian of this width lies 0.90 above its entropy by its closed form (see
    // tests/core/measure/ddpm_bound_test.cpp); 512 points scatter by 0.09.
    CHECK(report.ddpm_bound->total - *report.measured("nll").floor == Approx(0.9).margin(0.4));
    CHECK(*report.measured("nll").value == Approx(*report.measured("nll").floor).margin(0.2));
}

TEST_CASE("samples, trajectories and fields come as plain tables", "[lab]") {
    Scene scene = small_scene();
    scene.data = {};
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{0, 0}, 1, 1, -1}};
    scene.field = FieldKind::exact;
    scene.training.steps = 0;
    Lab lab(scene, on_cpu());
    lab.train(0, {}, {});
    const PointSet some = lab.sample(100, {}, {});
    const PointSet more = lab.sample(3000, {}, {});
    CHECK(some.size() == 100);
    REQUIRE(more.size() == 3000);
    const Trajectories paths = lab.sample_trajectories(100, {}, {});
    CHECK(paths.count == 100);
    CHECK(paths.times.size() == 5);
    for (std::size_t i = 0; i < 200; ++i) {
        REQUIRE(paths.positions[4 * 200 + i] == some.x[i]);
    }
    // N(0, I) to N(0, I) on the linear path: v = (2 t - 1) / ((1 - t)^2 + t^2) x.
    const FieldTable table = lab.field_at({2, {1, -2}, {}}, 0.25);
    CHECK(table.velocity[0] == Approx(-0.8).epsilon(1e-5));
    CHECK(table.velocity[1] == Approx(1.6).epsilon(1e-5));
    CHECK(table.divergence[0] == Approx(-1.6).epsilon(1e-5));
    CHECK(table.score[0] == Approx(-1 / 0.625).epsilon(1e-5));
    CHECK(table.log_density.size() == 1);
    CHECK_THROWS_AS(lab.field_at({1, {1}, {}}, 0.25), Error);
    std::stop_source stop;
    stop.request_stop();
    CHECK(lab.sample(100, {}, stop.get_token()).size() == 0);
    CHECK(lab.field_at({2, {0.5F, 0.5F}, {}}, 0.25, false, {}, stop.get_token()).velocity.empty());
    CHECK_THROWS_AS(lab.measure({}, stop.get_token()), Stopped);
}

TEST_CASE("weights are saved, and a scene with weights trains nothing", "[lab]") {
    const std::filesystem::path folder = fresh_folder("weights");
    Scene scene = small_scene();
    scene.training.steps = 20;
    PointSet samples;
    {
        Lab lab(scene, on_cpu());
        lab.train(0, {}, {});
        lab.save_weights(folder / "weights.pt");
        samples = lab.sample(50, {}, {});
    }
    scene.weights = "weights.pt";
    scene.folder = folder;
    Lab lab(scene, on_cpu());
    lab.train(0, {}, {});
    CHECK(lab.snapshot()->status.step == 20);
    CHECK(lab.sample(50, {}, {}).x == samples.x);
    // By command, as the window does; a place where they cannot be written changes nothing.
    lab.send({0, command::SaveWeights{folder / "again.pt"}});
    lab.tick(1ms);
    CHECK_THAT(lab.snapshot()->notice, Contains("\"weights\": \"again.pt\""));
    CHECK_FALSE(lab.snapshot()->notice_is_error);
    lab.send({0, command::SaveWeights{folder / "nowhere" / "again.pt"}});
    lab.tick(1ms);
    CHECK(lab.snapshot()->notice_is_error);
    scene.weights = "again.pt";
    CHECK(Lab(scene, on_cpu()).sample(50, {}, {}).x == samples.x);
    scene.weights = "gone.pt";
    CHECK_THROWS_WITH(Lab(scene, on_cpu()), Contains("weights: ") && Contains("gone.pt"));

    // A label that came after the weights cannot be guided to, nor evaluated.
    scene.weights = "weights.pt";
    PointSet points{2, {0, 0, 1, 1, 2, 2}, {0, 1, 7}};
    scene.data = {};
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(points);
    scene.guidance = {GuidanceKind::cfg, 3, 7, 0, 1};
    const auto not_learnt =
        Contains("label 7: the model has not learnt that label; it knows 0, 1 only");
    CHECK_THROWS_WITH(Lab(scene, on_cpu()).check_sampling(), not_learnt);
    CHECK_THROWS_WITH(Lab(scene, on_cpu()).sample(5, {}, {}), not_learnt);
    scene.guidance = {};
    CHECK_THROWS_WITH(Lab(scene, on_cpu()).field_at(points, 0.5), not_learnt);
    points.labels[2] = 1;
    CHECK(Lab(scene, on_cpu()).field_at(points, 0.5).velocity.size() == 6);
    std::filesystem::remove_all(folder);
}

TEST_CASE("an edit that weights of a file do not serve lets go of them", "[lab]") {
    const std::filesystem::path folder = fresh_folder("dropped");
    Scene scene = small_scene();
    scene.training.steps = 20;
    {
        Lab lab(scene, on_cpu());
        lab.train(0, {}, {});
        lab.save_weights(folder / "weights.pt");
    }
    scene.weights = "weights.pt";
    scene.folder = folder;
    Lab lab(scene, on_cpu());
    const auto named_after = [&](const auto& body) {
        lab.send({0, body});
        lab.tick(1ms);
        return lab.snapshot()->scene->weights;
    };
    // New data go on from them.
    DataSettings data = scene.data;
    data.count = 500;
    CHECK(named_after(command::SetData{data}) == "weights.pt");
    ModelSettings wider = scene.model;
    wider.width = 24;
    CHECK(named_after(command::SetModel{wider}).empty());
    CHECK_THAT(lab.snapshot()->notice, Contains("weights"));
    CHECK(lab.snapshot()->status.step == 0);
    CHECK(named_after(command::Undo{}) == "weights.pt");
    CHECK(lab.snapshot()->status.step == 20);
    CouplingSettings coupling = scene.coupling;
    coupling.kind = CouplingKind::minibatch_ot;
    CHECK(named_after(command::SetCoupling{coupling}).empty());
    // What is saved now opens.
    lab.send({0, command::SaveScene{folder / "scene.json"}});
    lab.tick(1ms);
    CHECK_NOTHROW(Lab(load_scene(folder / "scene.json"), on_cpu()));
    std::filesystem::remove_all(folder);
}

TEST_CASE("a round that comes from a file makes its pairs again to train on", "[lab]") {
    const std::filesystem::path folder = fresh_folder("rounds");
    Scene scene = small_scene();
    scene.training.steps = 30;
    scene.reflow.rounds = 1;
    scene.reflow.pairs = 500;
    scene.reflow.steps = 20;
    std::vector<float> lines;
    Look look = look_at(2);
    look.pairing = true;
    {
        Lab lab(scene, on_cpu());
        lab.train(0, {}, {});
        lab.save_weights(folder / "weights.pt");
        lab.send({0, command::SetLook{look}});
        REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.panes[0].pairing != nullptr; }));
        lines = *lab.snapshot()->panes[0].pairing;
    }
    scene.weights = "weights.pt";
    scene.folder = folder;
    Lab lab(scene, on_cpu());
    lab.send({0, command::SetLook{look}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.panes[0].trajectories; }));
    CHECK(lab.snapshot()->status.reflow.round == 1);
    CHECK(lab.snapshot()->status.step == 20);
    CHECK_FALSE(lab.snapshot()->panes[0].pairing);
    lab.send({0, command::SetRunning{true}});
    REQUIRE(tick_until(lab,
                       [](const Snapshot& s) { return s.status.step > 20 && s.panes[0].pairing; }));
    CHECK(lab.snapshot()->status.reflow.round == 1);
    CHECK(*lab.snapshot()->panes[0].pairing == lines);

    // Reflow goes on from what was opened.
    scene.reflow.rounds = 2;
    lab.send({0, command::SetReflow{scene.reflow}});
    CHECK(tick_until(lab, [](const Snapshot& s) { return s.status.reflow.round == 2; }));
    std::filesystem::remove_all(folder);
}

TEST_CASE("paths start where the coupling says", "[lab]") {
    Scene scene = small_scene();
    Lab lab(scene, on_cpu());
    lab.send({0, command::SetLook{look_at(1)}});
    const auto begin_at = [&](CouplingKind kind) {
        CouplingSettings coupling = scene.coupling;
        coupling.kind = kind;
        lab.send({0, command::SetCoupling{coupling}});
        const torch::Tensor starts = [&] {
            Scene with = scene;
            with.coupling = coupling;
            const Setup setup = make_setup(std::make_shared<const Scene>(with), nullptr);
            return setup.starts(*setup.schedule, 2048, derive_seed(scene.seed, "source"));
        }();
        const float x = starts[0][0].item<float>();
        return tick_until(lab, [x](const Snapshot& s) {
            const auto& paths = s.panes[0].trajectories;
            return paths && !paths->positions.empty() && paths->positions[0] == x;
        });
    };
    CHECK(begin_at(CouplingKind::independent));
    CHECK(begin_at(CouplingKind::diffusion));
    CHECK(begin_at(CouplingKind::independent));
}

TEST_CASE("numbers come where the samples are the data", "[lab]") {
    Scene scene = small_scene();
    scene.data = {};
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(PointSet{2, {0.5F, 0.5F}, {}});
    for (ViewSpec& view : scene.views) {
        view.field = FieldKind::exact;
        view.sampler.last = LastStep::denoise;
    }
    Lab lab(scene, on_cpu());
    Look look = look_at(2);
    look.metrics = true;
    lab.send({0, command::SetLook{look}});
    CHECK(tick_until(lab, [](const Snapshot& s) {
        return s.panes[0].metrics && s.panes[1].metrics && s.panes[0].metrics->w2 < 1e-6;
    }));
}

TEST_CASE("rounds of reflow are made, kept and measured", "[lab]") {
    Scene scene = small_scene();
    scene.training.steps = 30;
    scene.reflow.rounds = 1;
    scene.reflow.pairs = 500;
    scene.reflow.steps = 20;
    Lab lab(scene, on_cpu());
    lab.train(0, {}, {});
    const Report report = lab.measure({}, {});
    REQUIRE(report.rounds.size() == 2);
    CHECK(report.rounds[0].w2);
    CHECK(report.rounds[1].straightness);

    // The lines of the pairs that the round learns from, each from an end to its own start.
    Look look = look_at(2);
    look.pairing = true;
    lab.send({0, command::SetLook{look}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.panes[0].pairing != nullptr; }));
    const std::vector<float> lines = *lab.snapshot()->panes[0].pairing;
    REQUIRE(lines.size() == 4 * 96);
    const Setup setup = make_setup(lab.snapshot()->scene, nullptr);
    const torch::Tensor starts =
        setup.starts(*setup.schedule, 500, derive_seed(scene.seed, "pairs1"));
    for (const std::int64_t i : {0, 50, 95}) {
        CHECK(lines[static_cast<std::size_t>(4 * i + 2)] == starts[i][0].item<float>());
        CHECK(lines[static_cast<std::size_t>(4 * i + 3)] == starts[i][1].item<float>());
    }

    // A pane may look at either, and says so where a round is not there.
    ViewSpec view = scene.views[1];
    view.sampler = scene.views[0].sampler;
    view.round = 2;
    lab.send({0, command::SetLook{look}});
    lab.send({0, command::SetView{1, view}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return !s.panes[1].note.empty(); }));
    view.round = 0;
    lab.send({0, command::SetView{1, view}});
    CHECK(tick_until(
        lab, [](const Snapshot& s) { return s.panes[1].note.empty() && s.panes[1].trajectories; }));
}

namespace {

/// Few pairs, or so many that they are not made while a test looks.
void ask_for_round(Lab& lab, std::int64_t pairs) {
    ReflowSettings reflow = lab.snapshot()->scene->reflow;
    ++reflow.rounds;
    reflow.pairs = pairs;
    lab.send({0, command::SetReflow{reflow}});
    lab.tick(1ms);
}

bool no_round_for(Lab& lab, int ticks) {
    for (int i = 0; i < ticks; ++i) {
        lab.tick(5ms);
        const ReflowStatus now = lab.snapshot()->status.reflow;
        if (now.round > 0 || now.pairs_wanted > 0) return false;
    }
    return true;
}

command::Paint one_stroke() {
    Stroke stroke;
    stroke.path = {{-1, 0.5F}, {1, 0.5F}};
    return {std::make_shared<const Stroke>(stroke)};
}

}  // namespace

TEST_CASE("reflow waits for nothing: where nothing is learnt it says so", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    lab.send({0, command::SetRunning{false}});
    lab.tick(1ms);
    ask_for_round(lab, 500);
    CHECK_THAT(lab.snapshot()->notice, Contains("Train first"));
    CHECK_FALSE(lab.snapshot()->notice_is_error);
    CHECK(lab.snapshot()->scene->reflow.rounds == 0);
    CHECK_FALSE(lab.snapshot()->can_undo);

    lab.send({0, command::SetRunning{true}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 10; }));
    lab.send({0, command::ClearData{}});
    lab.tick(1ms);
    ask_for_round(lab, 500);
    CHECK_THAT(lab.snapshot()->notice, Contains("nothing to learn"));
    CHECK(lab.snapshot()->scene->reflow.rounds == 0);
    // The weights are of the old drawing, and so would be the pairs.
    lab.send({0, one_stroke()});
    CHECK(no_round_for(lab, 20));
}

TEST_CASE("a round of reflow belongs to the data that it was asked for", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 10; }));
    SECTION("while pairs are made") {
        ask_for_round(lab, 100000);
        REQUIRE(
            tick_until(lab, [](const Snapshot& s) { return s.status.reflow.pairs_wanted > 0; }));
    }
    SECTION("while it trains") {
        ask_for_round(lab, 500);
        REQUIRE(tick_until(lab, [](const Snapshot& s) {
            return s.status.reflow.round == 1 && s.status.step > 3;
        }));
    }
    SECTION("while it waits") {
        lab.send({0, command::SetRunning{false}});
        ask_for_round(lab, 500);
        REQUIRE(lab.snapshot()->scene->reflow.rounds == 1);
    }
    lab.send({0, one_stroke()});
    lab.send({0, command::SetRunning{true}});
    lab.tick(1ms);
    CHECK_THAT(lab.snapshot()->notice, Contains("dropped"));
    CHECK(lab.snapshot()->scene->reflow.rounds == 0);
    CHECK(no_round_for(lab, 20));
    // Undo brings setting and drawing back together, and the round begins when that is learnt.
    const std::int64_t step = lab.snapshot()->status.step;
    lab.send({0, command::Undo{}});
    CHECK(no_round_for(lab, 20));
    CHECK(lab.snapshot()->strokes.size() == 4);
    CHECK(lab.snapshot()->scene->reflow.rounds == 1);
    CHECK(lab.snapshot()->status.step > step);
}

TEST_CASE("a first round that is cancelled leaves the lab as it was", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    lab.send({0, command::SetLook{look_at(2)}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 10; }));
    ask_for_round(lab, 100000);
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.reflow.pairs_wanted > 0; }));
    settle(lab);
    const std::shared_ptr<const Snapshot> before = lab.snapshot();
    ReflowSettings reflow = before->scene->reflow;
    reflow.rounds = 0;
    lab.send({0, command::SetReflow{reflow}});
    settle(lab);
    const std::shared_ptr<const Snapshot> after = lab.snapshot();
    CHECK(after->status.reflow.pairs_wanted == 0);
    CHECK(after->status.reflow.round == 0);
    CHECK(after->status.step == before->status.step);
    CHECK(after->status.kept_steps == before->status.kept_steps);
    CHECK(after->panes[0].trajectories->positions == before->panes[0].trajectories->positions);
    lab.send({0, command::SetRunning{true}});
    CHECK(no_round_for(lab, 10));
    CHECK(lab.snapshot()->status.step > before->status.step);
}

TEST_CASE("plots of the loss are of the data and the round that are learnt", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    Look look = look_at(1);
    look.loss_curve = look.loss_against_time = true;
    lab.send({0, command::SetLook{look}});
    const auto measured = [](const Snapshot& s) { return s.loss->floor && s.loss_against_time; };
    REQUIRE(tick_until(lab, [&](const Snapshot& s) { return s.status.step > 10 && measured(s); }));
    ask_for_round(lab, 500);
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.reflow.round == 1; }));
    CHECK_FALSE(lab.snapshot()->loss->floor);
    CHECK_FALSE(lab.snapshot()->loss_against_time);
    ReflowSettings reflow = lab.snapshot()->scene->reflow;
    reflow.rounds = 0;
    lab.send({0, command::SetReflow{reflow}});
    lab.tick(1ms);
    CHECK(measured(*lab.snapshot()));

    const double floor = *lab.snapshot()->loss->floor;
    DataSettings data;
    data.kind = DataKind::mixture;
    data.mixture = {{{0.5, -0.5}, 0.4, 1, -1}};
    lab.send({0, command::SetData{data}});
    lab.tick(0us);
    const std::shared_ptr<const Snapshot> changed = lab.snapshot();
    REQUIRE(changed->scene->data.kind == DataKind::mixture);
    CHECK_FALSE(changed->loss->floor);
    CHECK_FALSE(changed->loss_against_time);
    REQUIRE(tick_until(lab, measured));
    CHECK(*lab.snapshot()->loss->floor != Approx(floor).margin(0.01));
}

TEST_CASE("numbers go with what they are of: a round, and pane A for the distances to it",
          "[lab]") {
    Scene scene = small_scene();
    scene.views[1] = scene.views[0];
    scene.views[1].sampler.steps = 7;
    Lab lab(scene, on_cpu());
    Look look = look_at(2);
    look.metrics = true;
    lab.send({0, command::SetLook{look}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 10; }));
    const auto measured = [](const Snapshot& s) {
        return s.panes[0].metrics && s.panes[1].metrics && s.panes[1].metrics->w2_to_first;
    };
    ask_for_round(lab, 20000);
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.reflow.pairs_wanted > 0; }));
    settle(lab);
    REQUIRE(measured(*lab.snapshot()));
    lab.send({0, command::SetRunning{true}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.reflow.round == 1; }));
    CHECK_FALSE(lab.snapshot()->panes[0].metrics);
    CHECK_FALSE(lab.snapshot()->panes[1].metrics);
    // Back at round 0, with the very weights that had been measured.
    ReflowSettings reflow = lab.snapshot()->scene->reflow;
    reflow.rounds = 0;
    lab.send({0, command::SetRunning{false}});
    lab.send({0, command::SetReflow{reflow}});
    settle(lab);
    REQUIRE(measured(*lab.snapshot()));

    ViewSpec view = scene.views[0];
    view.sampler.steps = 3;
    lab.send({0, command::SetView{0, view}});
    lab.tick(0us);
    CHECK_FALSE(lab.snapshot()->panes[0].metrics);
    REQUIRE(lab.snapshot()->panes[1].metrics);
    CHECK_FALSE(lab.snapshot()->panes[1].metrics->w2_to_first);
    settle(lab);
    CHECK(measured(*lab.snapshot()));
}

TEST_CASE("each pane has the pairing that its weights learnt with", "[lab]") {
    const auto squared_length = [](const std::vector<float>& lines) {
        double sum = 0;
        for (std::size_t i = 0; i + 3 < lines.size(); i += 4)
            sum += std::pow(static_cast<double>(lines[i + 2] - lines[i]), 2) +
                   std::pow(static_cast<double>(lines[i + 3] - lines[i + 1]), 2);
        return sum;
    };
    Scene scene = small_scene();
    scene.views[1] = scene.views[0];
    Lab lab(scene, on_cpu());
    Look look = look_at(2);
    look.pairing = true;
    lab.send({0, command::SetLook{look}});
    REQUIRE(tick_until(lab, [](const Snapshot& s) { return s.status.step > 30; }));
    CHECK(lab.snapshot()->panes[0].coupling == CouplingKind::independent);
    std::vector<ViewSpec> views = scene.views;
    views[0].weights_step = lab.snapshot()->status.kept_steps.back();
    CouplingSettings coupling;
    coupling.kind = CouplingKind::minibatch_ot;
    lab.send({0, command::SetCoupling{coupling}});
    lab.send({0, command::SetViews{views}});
    lab.tick(1ms);
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.panes[1].coupling == CouplingKind::minibatch_ot && s.panes[0].pairing &&
               s.panes[1].pairing;
    }));
    CHECK(lab.snapshot()->panes[0].coupling == CouplingKind::independent);
    CHECK(squared_length(*lab.snapshot()->panes[1].pairing) <
          0.7 * squared_length(*lab.snapshot()->panes[0].pairing));

    // Beside a round of reflow the round before keeps its own.
    views[0].weights_step = -1;
    views[0].round = 0;
    lab.send({0, command::SetViews{views}});
    ask_for_round(lab, 500);
    REQUIRE(tick_until(lab, [](const Snapshot& s) {
        return s.status.reflow.round == 1 && s.panes[0].pairing && s.panes[1].pairing &&
               !s.panes[1].coupling;
    }));
    CHECK(lab.snapshot()->panes[0].coupling == CouplingKind::minibatch_ot);
    CHECK(*lab.snapshot()->panes[0].pairing != *lab.snapshot()->panes[1].pairing);
}

TEST_CASE("threads send and read while the engine ticks", "[lab]") {
    Lab lab(small_scene(), on_cpu());
    lab.send({0, command::SetLook{look_at(2)}});
    std::jthread engine([&lab](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (!lab.tick(2ms)) lab.wait_for_work(1ms, stop);
        }
    });
    std::uint64_t last = 0;
    {
        std::vector<std::jthread> senders;
        for (int s = 0; s < 3; ++s) {
            senders.emplace_back([&lab, s] {
                Stroke stroke;
                for (int i = 0; i < 60; ++i) {
                    ViewSpec view;
                    view.sampler.steps = 2 + i % 5;
                    lab.send({static_cast<std::uint64_t>(s + 1), command::SetView{s % 2, view}});
                    stroke.path.push_back({static_cast<float>(s), static_cast<float>(i) * 0.01F});
                    lab.send({static_cast<std::uint64_t>(10 + s),
                              command::Paint{std::make_shared<const Stroke>(stroke)}});
                    if (i % 20 == 0) lab.send({0, command::Undo{}});
                    const std::shared_ptr<const Snapshot> snapshot = lab.snapshot();
                    if (snapshot->panes[0].trajectories) {
                        volatile float x = snapshot->panes[0].trajectories->positions[0];
                        static_cast<void>(x);
                    }
                    std::this_thread::yield();
                }
            });
        }
        for (int i = 0; i < 200; ++i) {
            const std::shared_ptr<const Snapshot> snapshot = lab.snapshot();
            CHECK(snapshot->version >= last);
            last = snapshot->version;
            std::this_thread::yield();
        }
    }
    engine.request_stop();
    engine.join();
    lab.tick(1ms);
    CHECK(lab.snapshot()->version > last);
}
