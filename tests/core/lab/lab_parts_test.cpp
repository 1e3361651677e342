// The parts of the lab that need no tensors: history, queue, autosave, loss curve, report.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/lab/autosave.hpp"
#include "core/lab/command_queue.hpp"
#include "core/lab/edit.hpp"
#include "core/lab/history.hpp"
#include "core/lab/lab.hpp"
#include "core/lab/loss_history.hpp"
#include "core/lab/measures.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using Catch::Matchers::Contains;

namespace {

Document with_seed(std::uint64_t seed) {
    Scene scene = default_scene();
    scene.seed = seed;
    return {std::make_shared<const Scene>(scene), {}};
}

command::SetTraining training(int batch) {
    TrainingSettings settings;
    settings.batch = batch;
    return {settings};
}

std::filesystem::path fresh_folder(const std::string& name) {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("driftglass-parts-" + name);
    std::filesystem::remove_all(folder);
    return folder;
}

}  // namespace

TEST_CASE("history: undo and redo go through shared scenes", "[history]") {
    const Document first = with_seed(0);
    History history(first);
    history.edit(with_seed(1), 0);
    history.edit(with_seed(2), 0);
    REQUIRE(history.before() != nullptr);
    history.undo();
    history.undo();
    CHECK(history.now().scene == first.scene);  // the same object, not an equal one
    CHECK(history.before() == nullptr);
    history.undo();
    CHECK(history.now().scene == first.scene);
    history.redo();
    CHECK(history.now().scene->seed == 1);
    history.edit(with_seed(9), 0);
    CHECK(history.after() == nullptr);
}

TEST_CASE("history: steps move with their file", "[history]") {
    Document first = with_seed(0), other = with_seed(1);
    first.file = "a.json";
    other.file = "c.json";
    History history(first);
    history.edit(other, 0);
    history.edit({with_seed(2).scene, "a.json"}, 0);
    history.undo();
    history.rename("a.json", "b.json",
                   [](const Scene& scene) { return std::make_shared<const Scene>(scene); });
    CHECK(history.now().file == "c.json");
    CHECK(history.before()->file == "b.json");
    CHECK(history.after()->file == "b.json");
    CHECK(history.after()->scene->seed == 2);
}

TEST_CASE("history: one gesture is one step, and undo ends it", "[history]") {
    History history(with_seed(0));
    for (std::uint64_t i = 1; i <= 50; ++i)
        history.edit(with_seed(i), 7);
    CHECK(history.now().scene->seed == 50);
    history.undo();
    CHECK(history.now().scene->seed == 0);
    history.edit(with_seed(60), 7);
    CHECK(history.now().scene->seed == 60);
    CHECK(history.before()->scene->seed == 0);
    history.edit(with_seed(61), 8);
    CHECK(history.before()->scene->seed == 60);
}

TEST_CASE("history forgets the oldest steps", "[history]") {
    History history(with_seed(0), 5);
    for (std::uint64_t i = 1; i <= 20; ++i)
        history.edit(with_seed(i), 0);
    int steps = 0;
    while (history.before() != nullptr) {
        history.undo();
        ++steps;
    }
    CHECK(steps == 5);
    CHECK(history.now().scene->seed == 15);
}

TEST_CASE("commands that wait are replaced by newer ones of the same gesture", "[queue]") {
    CommandQueue queue;
    for (int i = 1; i <= 300; ++i)
        queue.send({5, training(i)});
    const std::optional<Command> only = queue.take();
    REQUIRE(only);
    CHECK(std::get<command::SetTraining>(only->body).training.batch == 300);
    CHECK_FALSE(queue.take());

    // Two edits without a gesture are two steps of undo; looks are none.
    queue.send({0, training(1)});
    queue.send({0, training(2)});
    queue.send({0, command::SetLook{}});
    queue.send({0, command::SetLook{}});
    int count = 0;
    while (queue.take())
        ++count;
    CHECK(count == 3);

    // An undo between them gives their order a meaning.
    queue.send({5, training(1)});
    queue.send({0, command::Undo{}});
    queue.send({5, training(2)});
    queue.send({0, command::Undo{}});
    queue.send({0, command::Undo{}});
    count = 0;
    while (queue.take())
        ++count;
    CHECK(count == 5);

    CHECK(replaces({3, command::SetView{1, {}}}, {3, command::SetView{1, {}}}));
    CHECK_FALSE(replaces({3, command::SetView{1, {}}}, {3, command::SetView{0, {}}}));
    CHECK_FALSE(replaces({0, command::Restart{}}, {0, command::Restart{}}));
    CHECK_FALSE(replaces({0, command::Redo{}}, {0, command::Redo{}}));
    CHECK(replaces({0, command::SetRunning{true}}, {0, command::SetRunning{false}}));
}

TEST_CASE("a queue says whether a command waits that changes a picture", "[queue]") {
    CommandQueue queue;
    CHECK_FALSE(queue.urgent());
    queue.send({0, command::SetLook{}});
    CHECK_FALSE(queue.urgent());
    queue.send({4, training(1)});
    queue.send({4, training(2)});
    CHECK(queue.urgent());
    while (queue.take()) {
    }
    CHECK_FALSE(queue.urgent());
    queue.wait(std::chrono::milliseconds(1), {});  // returns without a command
    std::stop_source stop;
    stop.request_stop();
    queue.wait(std::chrono::hours(1), stop.get_token());
}

TEST_CASE("painting goes on within a gesture and begins anew with another", "[edit]") {
    History history(with_seed(0));
    const auto paint = [&](std::uint64_t gesture, std::size_t points) {
        Stroke stroke;
        stroke.path.resize(points);
        const Command command{gesture, command::Paint{std::make_shared<const Stroke>(stroke)}};
        const std::optional<Document> document = edited(history, command);
        REQUIRE(document);
        history.edit(*document, gesture);
    };
    const std::size_t before = history.now().scene->data.strokes.size();
    paint(1, 1);
    paint(1, 2);
    paint(1, 3);
    CHECK(history.now().scene->data.strokes.size() == before + 1);
    CHECK(history.now().scene->data.strokes.back()->path.size() == 3);
    paint(2, 1);
    CHECK(history.now().scene->data.strokes.size() == before + 2);
    history.undo();
    history.undo();
    CHECK(history.now().scene->data.strokes.size() == before);

    // A stroke takes the place of none but its own beginning.
    const std::optional<Document> other = edited(history, {3, command::SetSeed{4}});
    history.edit(*other, 3);
    paint(3, 1);
    CHECK(history.now().scene->data.strokes.size() == before + 1);
    history.undo();

    CHECK_THROWS_WITH(edited(history, {0, command::SetView{7, {}}}), Contains("no pane 8"));
    CHECK_THROWS_WITH(edited(history, {0, command::RemoveStroke{99}}), Contains("no stroke 100"));
    CHECK_FALSE(edited(history, {0, command::Undo{}}));
}

TEST_CASE("the first pane is what the commands sample", "[edit]") {
    const History history(with_seed(0));
    ViewSpec view;
    view.sampler.method = Method::rk4;
    view.field = FieldKind::exact;
    const std::optional<Document> first = edited(history, {0, command::SetView{0, view}});
    CHECK(first->scene->sampler.method == Method::rk4);
    CHECK(first->scene->field == FieldKind::exact);
    const std::optional<Document> second = edited(history, {0, command::SetView{1, view}});
    CHECK(second->scene->sampler.method == Method::heun);
    CHECK(second->scene->views[1].sampler.method == Method::rk4);
}

TEST_CASE("an autosave belongs to one process and is found when that is gone", "[autosave]") {
    const std::filesystem::path folder = fresh_folder("slots");
    std::filesystem::path mine;
    {
        const AutosaveSlot one(folder);
        const AutosaveSlot two(folder);
        CHECK_FALSE(one.left_behind());
        CHECK_FALSE(two.left_behind());
        CHECK(one.file() != two.file());
        CHECK(one.file().filename() == "autosave.json");
        mine = two.file();
        std::ofstream(mine) << "{}";
        // Its owner is here: nobody else claims it.
        const AutosaveSlot three(folder);
        CHECK_FALSE(three.left_behind());
        CHECK(three.file() != mine);
    }
    const AutosaveSlot later(folder);
    CHECK(later.left_behind());
    CHECK(later.file() == mine);
    const AutosaveSlot another(folder);
    CHECK_FALSE(another.left_behind());
    std::filesystem::remove_all(folder);
}

TEST_CASE("an autosave that cannot be says where and what to do", "[autosave]") {
    const std::filesystem::path folder = fresh_folder("blocked");
    std::ofstream(folder) << "a file where the folder should be";
    CHECK_THROWS_WITH(AutosaveSlot(folder), Contains("DRIFTGLASS_STATE_DIR"));
    CHECK_THROWS_AS(AutosaveSlot(std::filesystem::path()), Error);
    std::filesystem::remove_all(folder);
}

TEST_CASE("the curve of the loss stays bounded and keeps its mean", "[loss]") {
    LossHistory history;
    double sum = 0;
    std::int64_t steps = 0;
    for (int i = 1; i <= 100000; ++i) {
        const std::int64_t step = 3LL * i;
        const double loss = 1.0 / i;
        history.add(step, loss);
        sum += 3 * loss;
        steps = step;
    }
    CHECK(history.steps().size() < LossHistory::limit);
    CHECK(history.steps().size() >= LossHistory::limit / 4);
    double kept = 0;
    double last = 0;
    for (std::size_t i = 0; i < history.steps().size(); ++i) {
        CHECK(history.steps()[i] > last);
        kept += history.losses()[i] * (history.steps()[i] - last);
        last = history.steps()[i];
    }
    // What is still being gathered is missing: less than one point's share, of losses near zero.
    CHECK(std::abs(kept - sum) < 1e-3 * sum);
    CHECK(last <= static_cast<double>(steps));
    history.add(steps, 5);                 // not a new step
    history.add(steps + 1, std::nan(""));  // not a number
    CHECK(history.steps().back() == last);
}

TEST_CASE("a report's JSON has the names that interface.md gives", "[report]") {
    Report report;
    report.steps = 10;
    report.measures = {{"w2", {0.25, 0.2}}, {"nll", {std::nan("")}}, {"mmd", {}}};
    report.rounds.push_back({0.5, 0.75, std::nullopt, 1.0, 2.0});
    const nlohmann::json json = nlohmann::json::parse(to_json(report));
    CHECK(json["steps"] == 10);
    CHECK(json["metrics"]["w2"] == 0.25);
    CHECK(json["metrics"]["w2_floor"] == 0.2);
    CHECK_FALSE(json["metrics"].contains("nll"));
    CHECK_FALSE(json["metrics"].contains("mmd"));
    CHECK_FALSE(json["metrics"].contains("solver_error"));
    CHECK(json["metrics"]["rounds"][0]["one_step_w2"] == 0.75);
    CHECK_FALSE(json["metrics"]["rounds"][0].contains("straightness"));
}

TEST_CASE("docs/report.md names every key of a report", "[report]") {
    std::ifstream file("docs/report.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    REQUIRE(!page.empty());
    Report full;
    full.final_loss = full.loss_floor = 1;
    for (const Measure& measure : all_measures()) {
        INFO(measure.name);
        CHECK((measure.number == nullptr) != (measure.list == nullptr));
        CHECK(page.find("`" + std::string(measure.name) + "`") != std::string::npos);
        if (measure.number != nullptr) full.measures.push_back({measure.name, {1, {}, {}}});
    }
    // Those that have a floor or a standard error.
    for (const char* name : {"w2", "sliced_w2", "energy_distance", "mmd", "memorised", "tilted_w2",
                             "path_energy", "transport_cost"})
        full.measures.push_back({name, {1, 1, {}}});
    full.measures.push_back({"nll", {1, 1, 1}});
    full.note = "path: terminal SNR is not zero";
    full.view = 'b';
    full.path_points = full.likelihood_points = full.velocity_points = full.solver_points = 1;
    full.ddpm_bound = Report::Bound{3, 0.5, 1.5, {0.25, 0.75}};
    full.velocity_error = {{0.5, 0.01}};
    full.solver_error.push_back({"euler", -1.0, -1.0, {{4, 4, 0.125, 0.25}}});
    full.loss_against_time =
        std::make_shared<const LossAgainstTime>(LossAgainstTime{{0.5}, {1.0}, {0.5}});
    full.rounds.push_back({0.5, 0.75, 1.5, 1.0, 2.0});
    full.floor_points = 1;
    full.path.push_back({0.5, 1, -1, 2, {0.5, 0.5, -1, 1}, {}});
    for (const Choice<Prediction>& kind : choices(Prediction{}))
        full.path.back().floor.emplace_back(kind.value, 1);
    const std::function<void(const nlohmann::json&)> check = [&](const nlohmann::json& json) {
        if (json.is_array()) {
            for (const nlohmann::json& one : json)
                check(one);
        }
        if (!json.is_object()) return;
        for (const auto& [key, value] : json.items()) {
            INFO(key);
            CHECK(page.find("`" + key + "`") != std::string::npos);
            check(value);
        }
    };
    check(nlohmann::json::parse(to_json(full)));
}

TEST_CASE("a report's table has a line for each number, with its floor", "[report]") {
    Report report;
    report.points = 2000;
    report.draws = 5;
    report.measures = {
        {"w2", {0.25, 0.2}}, {"straightness", {1.5}}, {"nll", {std::nan("")}}, {"mmd", {}}};
    report.velocity_error = {{0.5, 0.01}};
    report.solver_error.push_back({"euler", -1.0, std::nan(""), {{4, 4, 0.125, 0.25}}});
    report.solver_points = 256;
    report.ddpm_bound = Report::Bound{3, 0.5, 1.5, {0.25, 0.75}};
    const std::string table = to_table(report);
    CHECK_THAT(table, Catch::Matchers::Contains("2000 points, means of 5 draws"));
    CHECK_THAT(table, Catch::Matchers::Matches("(.|\n)*\nw2 +0\\.25 +0\\.2\n(.|\n)*"));
    CHECK_THAT(table, Catch::Matchers::Matches("(.|\n)*\nstraightness +1\\.5 +-\n(.|\n)*"));
    CHECK_THAT(table,
               Catch::Matchers::Matches("(.|\n)*\n  euler +- +0\\.125 +- +- +- +- +-1\n(.|\n)*"));
    CHECK(table.find("nll") == std::string::npos);
    CHECK(table.find("below its floor") == std::string::npos);
    CHECK(table.find("view") == std::string::npos);
    report.view = 'b';
    report.nfe = 64;
    report.network_evaluations = 100;
    CHECK_THAT(to_table(report), Catch::Matchers::StartsWith("view B; ") &&
                                     Contains("; NFE 64 (100 of the network); 2000 points"));
    report.measures[2].second = {0.69123, 0.70001, 0.0312};
    CHECK_THAT(to_table(report),
               Catch::Matchers::Matches("(.|\n)*\nnll +0\\.69 \\+- 0\\.03 +0\\.70001\n(.|\n)*") &&
                   Contains("below its floor is within the scatter"));

    const nlohmann::json metrics = nlohmann::json::parse(to_json(report))["metrics"];
    CHECK(metrics["velocity_error"][0]["relative_mse"] == 0.01);
    CHECK(metrics["solver_error"][0]["points"][0]["nfe"] == 4);
    CHECK(metrics["solver_error"][0]["median_slope"] == -1);
    CHECK_FALSE(metrics["solver_error"][0].contains("root_mean_square_slope"));
    CHECK(metrics["ddpm_bound"]["kl_sum"] == 1);
    CHECK(metrics["nll_standard_error"] == 0.0312);
}
