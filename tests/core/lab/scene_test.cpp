#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "core/error.hpp"
#include "core/lab/scene.hpp"
#include "core/lab/scene_table.hpp"
#include "core/sample/sampler.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string message(const std::string& json) {
    try {
        parse_scene(json, "my.json");
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

std::string set_message(const std::string& assignment) {
    Scene scene = default_scene();
    const std::string before = to_json(scene);
    try {
        set_value(scene, assignment);
    } catch (const Error& error) {
        CHECK(to_json(scene) == before);
        return error.what();
    }
    return "accepted";
}

std::filesystem::path fresh_folder(const std::string& name) {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("driftglass-scene-" + name);
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace

TEST_CASE("a scene survives being written and read", "[scene]") {
    Scene scene = default_scene();
    scene.seed = 18446744073709551615ULL;
    scene.path.schedule = ScheduleKind::vp_cosine;
    scene.path.shift = 0.1 + 0.2;
    scene.path.sigma_min = 0.25;
    scene.training.learning_rate = 1.0 / 3;
    scene.views[1].guidance.kind = GuidanceKind::cfg;
    scene.views[1].guidance.scale = 3;
    scene.views[0].path = scene.path;
    scene.views[0].path->schedule = ScheduleKind::linear;
    scene.weights = "weights.pt";
    const std::string text = to_json(scene);
    const Scene read = parse_scene(text, "x");
    CHECK(to_json(read) == text);
    CHECK(read.seed == scene.seed);
    CHECK(read.path == scene.path);
    CHECK(read.training == scene.training);
    CHECK((read.views == scene.views));
    REQUIRE(read.data.strokes.size() == scene.data.strokes.size());
    for (std::size_t i = 0; i < read.data.strokes.size(); ++i) {
        CHECK(*read.data.strokes[i] == *scene.data.strokes[i]);
    }
}

TEST_CASE("points of a scene round-trip to the last bit", "[scene]") {
    PointSet points{2, {0.1F, -3.0000001F, 1e-30F, 12345.678F}, {0, -1}};
    Scene scene = default_scene();
    scene.data = {};
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(points);
    const Scene read = parse_scene(to_json(scene), "x");
    REQUIRE(read.data.kind == DataKind::points);
    CHECK(*read.data.points == points);

    scene.dimension = 1;
    points = {1, {0.5F, -2}, {}};
    scene.data.points = std::make_shared<const PointSet>(points);
    CHECK(*parse_scene(to_json(scene), "x").data.points == points);
}

TEST_CASE("each kind of data is told by its key", "[scene]") {
    const auto data = [](const std::string& json) {
        return parse_scene("{\"data\": " + json + "}", "x").data;
    };
    CHECK(data(R"({"preset": "rings", "count": 7})").preset == Preset::rings);
    CHECK(data(R"({"preset": "rings", "count": 7})").count == 7);
    CHECK(data(R"({"csv": "a.csv"})").kind == DataKind::csv);
    CHECK(data(R"({"image": "a.png"})").file == "a.png");
    CHECK(data(R"({"text": "ODE"})").text == "ODE");
    CHECK(data(R"({"points": [[1, 2], [3, 4, 5]]})").points->labels == std::vector<int>{-1, 5});
    CHECK(data(R"({"points": []})").points->size() == 0);
    CHECK(data(R"({"mixture": [{"mean": [1, 2], "std": 0.1}]})").mixture[0].mean[1] == 2);
    CHECK(data(R"({"strokes": []})").kind == DataKind::none);
    CHECK(data(R"({})").kind == DataKind::preset);
    const DataSettings both = data(R"({"preset": "rings", "strokes": [{"path": [[0, 0]]}]})");
    CHECK(both.kind == DataKind::preset);
    CHECK(both.strokes.size() == 1);

    CHECK(parse_scene(R"({"source": {"kind": "annulus"}})", "x").source.kind ==
          SourceKind::annulus);
    const SourceSettings drawn =
        parse_scene(R"({"source": {"strokes": [{"path": [[0, 1]]}]}})", "x").source;
    CHECK(drawn.kind == SourceKind::data);
    CHECK(drawn.data.strokes.size() == 1);
    CHECK(parse_scene(R"({"dimension": 1, "data": {"mixture": [{"mean": [1]}]}})", "x")
              .data.mixture.size() == 1);
}

TEST_CASE("a view takes what it does not say from the scene", "[scene]") {
    const Scene scene = parse_scene(
        R"({"field": "exact", "sampler": {"method": "rk4", "steps": 9}, "guidance": {"scale": 3},
            "path": {"schedule": "ve"},
            "views": [{}, {"sampler": {"steps": 4}, "field": "learned", "path": {"s_max": 3}}]})",
        "x");
    REQUIRE(scene.views.size() == 2);
    CHECK(scene.views[0].field == FieldKind::exact);
    CHECK(scene.views[0].sampler.method == Method::rk4);
    CHECK(scene.views[0].sampler.steps == 9);
    CHECK(scene.views[0].guidance.scale == 3);
    CHECK_FALSE(scene.views[0].path.has_value());
    CHECK(scene.views[1].sampler.method == Method::rk4);
    CHECK(scene.views[1].sampler.steps == 4);
    CHECK(scene.views[1].field == FieldKind::learned);
    REQUIRE(scene.views[1].path.has_value());
    CHECK(scene.views[1].path->schedule == ScheduleKind::ve);
    CHECK(scene.views[1].path->s_max == 3);
    CHECK(parse_scene("{}", "x").views.size() == 1);
}

TEST_CASE("a fault in a scene is named with its place and what is allowed", "[scene]") {
    CHECK(message("{\n\"seed\": 0,\n\"dimension\" 2}") ==
          "my.json, line 3: not valid JSON: syntax error while parsing object separator - "
          "unexpected number literal; expected ':'");
    CHECK_THAT(message(""), StartsWith("my.json: is empty"));
    CHECK_THAT(message("[]"), StartsWith("my.json: expected an object"));
    CHECK_THAT(message(R"({"seed": 1, "seed": 2})"), Contains("\"seed\" is given twice"));
    CHECK_THAT(message(R"({"version": 2})"), Contains("version") && Contains("newer"));
    CHECK_THAT(message(R"({"version": "1"})"), StartsWith("my.json: version: expected 1"));
    CHECK(message(R"({"sampler": {"stpes": 3}})") ==
          "my.json: sampler.stpes: unknown key; did you mean \"steps\"?");
    CHECK_THAT(message(R"({"noise": 3})"), Contains("sampler.noise"));
    CHECK_THAT(message(R"({"sampler": {"zzzzzz": 3}})"), Contains("known here: method, steps"));
    CHECK_THAT(message(R"({"sampler": {"method": "huen"}})"),
               Contains("my.json: sampler.method: expected one of euler") &&
                   Contains("did you mean \"heun\""));
    CHECK(message(R"({"sampler": {"steps": 0}})") ==
          "my.json: sampler.steps: expected a whole number from 1 to 10000, found 0");
    CHECK_THAT(message(R"({"sampler": {"steps": 1.5}})"), Contains("whole number"));
    CHECK_THAT(message(R"({"sampler": {"steps": "3"}})"), Contains("found \"3\""));
    CHECK(message(R"({"sampler": {"steps": 1e3}})") == "accepted");
    CHECK(message(R"({"sampler": {"t_min": 1}})") ==
          "my.json: sampler.t_min: expected a number above 0 to below 1, found 1");
    CHECK_THAT(message(R"({"sampler": 3})"), StartsWith("my.json: sampler: expected an object"));
    CHECK_THAT(message(R"({"views": []})"), Contains("1 to 4 views"));
    CHECK_THAT(message(R"({"views": [{}, {"sampler": {"noise": 9}}]})"),
               StartsWith("my.json: views[1].sampler.noise: expected a number from 0 to 4"));
    CHECK_THAT(message(R"({"data": {"csv": "a", "text": "b"}})"), Contains("keep one"));
    CHECK_THAT(message(R"({"data": {"preset": "moons"}})"), Contains("two-moons"));
    CHECK_THAT(message(R"({"data": {"points": [[1, 2], [3]]}})"),
               StartsWith("my.json: data.points[1]: expected [x, y] or [x, y, label]"));
    CHECK_THAT(message(R"({"data": {"points": [[1, 1e30]]}})"),
               StartsWith("my.json: data.points[0]: expected a coordinate"));
    CHECK_THAT(message(R"({"data": {"points": [[1, null]]}})"), Contains("data.points[0]"));
    CHECK_THAT(message(R"({"data": {"points": [[1, 2, 0.5]]}})"), Contains("label"));
    CHECK_THAT(message(R"({"data": {"points": [[1, 1e999]]}})"),
               Contains("line 1: the number 1e999"));
    CHECK_THAT(message(R"({"dimension": 1, "data": {"points": [[1, 2, 3]]}})"),
               Contains("expected [x] or [x, label]"));
    CHECK_THAT(message(R"({"dimension": 3})"), Contains("from 1 to 2"));
    CHECK_THAT(message(R"({"data": {"mixture": []}})"), Contains("at least one"));
    CHECK_THAT(message(R"({"data": {"strokes": [{"label": 1}]}})"),
               StartsWith("my.json: data.strokes[0].path: missing"));
    CHECK_THAT(message(R"({"data": {"strokes": [{"path": [[1]]}]}})"),
               StartsWith("my.json: data.strokes[0].path[0]"));
    CHECK_THAT(message(R"({"source": {"kind": "data"}})"), Contains("leave \"kind\" out"));
    CHECK_THAT(message(R"({"source": {"kind": "gaussian", "preset": "rings"}})"),
               Contains("source.preset: unknown key"));
    CHECK_THAT(message(R"({"guidance": {"interval_low": 0.9, "interval_high": 0.1}})"),
               Contains("guidance.interval_low"));
    CHECK_THAT(message("{\"data\": {\"text\": \"\xff\"}}"), Contains("not valid JSON"));
    CHECK_THAT(message(R"({"weights": 3})"), Contains("weights: expected text"));
}

TEST_CASE("a scene made in memory is checked against the same table", "[scene]") {
    check_scene(default_scene());
    const auto fault = [](auto&& change) -> std::string {
        Scene scene = default_scene();
        change(scene);
        try {
            check_scene(scene);
        } catch (const Error& error) {
            return error.what();
        }
        return "accepted";
    };
    CHECK_THAT(fault([](Scene& s) { s.views[1].sampler.steps = 0; }),
               StartsWith("views[1].sampler.steps: expected"));
    CHECK_THAT(fault([](Scene& s) { s.training.learning_rate = std::nan(""); }),
               StartsWith("training.learning_rate"));
    CHECK_THAT(fault([](Scene& s) { s.views.clear(); }), StartsWith("views"));
    CHECK_THAT(fault([](Scene& s) {
                   s.reflow.rounds = 1;
                   s.model.prediction = Prediction::score;
               }),
               StartsWith("reflow.rounds: a round of reflow learns a velocity"));
    CHECK_THAT(fault([](Scene& s) {
                   s.reflow.rounds = 1;
                   s.training.objective = Objective::implicit_score_matching;
               }),
               StartsWith("reflow.rounds: a round of reflow learns a velocity"));
    CHECK_THAT(fault([](Scene& s) {
                   Stroke stroke;
                   stroke.path = {{std::numeric_limits<float>::infinity(), 0}};
                   s.data.strokes.push_back(std::make_shared<const Stroke>(stroke));
               }),
               StartsWith("data.strokes[4].path"));
    CHECK_THAT(fault([](Scene& s) {
                   s.data.kind = DataKind::points;
                   s.data.points = std::make_shared<const PointSet>(PointSet{2, {0, 1e30F}, {}});
               }),
               StartsWith("data.points[0]"));
    CHECK_THAT(fault([](Scene& s) {
                   s.data.kind = DataKind::points;
                   s.data.points = std::make_shared<const PointSet>(PointSet{1, {0, 1}, {}});
               }),
               Contains("dimension"));
}

TEST_CASE("--set reaches every value by its dotted key", "[scene]") {
    Scene scene = default_scene();
    set_value(scene, "sampler.method=rk4");
    CHECK(scene.sampler.method == Method::rk4);
    CHECK(scene.views[0].sampler.method == Method::rk4);  // it did not differ: it follows
    CHECK(scene.views[1].sampler.method == Method::euler_maruyama);  // it did
    set_value(scene, "views[1].sampler.steps=8");
    CHECK(scene.views[1].sampler.steps == 8);
    CHECK(scene.views[1].sampler.noise == 1);
    set_value(scene, "data.text=2024");
    CHECK(scene.data.kind == DataKind::text);
    CHECK(scene.data.text == "2024");
    CHECK(scene.data.strokes.empty());
    set_value(scene, "data.count=50");
    set_value(scene, "data.preset=rings");
    CHECK(scene.data.kind == DataKind::preset);
    CHECK(scene.data.count == 50);
    set_value(scene, "source.preset=pinwheel");
    CHECK(scene.source.kind == SourceKind::data);
    set_value(scene, "source.kind=uniform");
    CHECK(scene.source.kind == SourceKind::uniform);
    set_value(scene, R"(data.points=[[1, 2], [3, 4]])");
    CHECK(scene.data.points->size() == 2);
    set_value(scene, R"(training={"batch": 64})");
    CHECK(scene.training.batch == 64);
    set_value(scene, "reflow.from_scratch=true");
    CHECK(scene.reflow.from_scratch);
    set_value(scene, "path.sigma_min=0.1");
    CHECK(scene.path.sigma_min == 0.1);
    set_value(scene, "path.sigma_min=null");
    CHECK_FALSE(scene.path.sigma_min.has_value());

    CHECK_THAT(set_message("sampler.steps=0"), StartsWith("--set: sampler.steps: expected"));
    CHECK_THAT(set_message("sampler.stepz=1"), Contains("did you mean \"steps\""));
    CHECK_THAT(set_message("samplr.steps=1"), Contains("did you mean \"sampler\""));
    CHECK_THAT(set_message("sampler.steps"), Contains("KEY=VALUE"));
    CHECK_THAT(set_message("views[4].field=exact"), Contains("\"views\" has 2 entries"));
    CHECK_THAT(set_message("views[x].field=exact"), Contains("index"));
    CHECK_THAT(set_message("seed.deep=1"), Contains("no such key"));
    CHECK_THAT(set_message("sampler..steps=1"), Contains("dotted key"));
}

TEST_CASE("a saved scene opens again from another folder with its files found", "[scene]") {
    const std::filesystem::path folder = fresh_folder("move");
    std::filesystem::create_directories(folder / "a");
    std::filesystem::create_directories(folder / "b");
    Scene scene = default_scene();
    scene.folder = folder / "a";
    scene.data = {};
    scene.data.kind = DataKind::csv;
    scene.data.file = "points.csv";
    scene.weights = "../weights.pt";
    save_scene(scene, folder / "b" / "scene.json");
    const Scene read = load_scene(folder / "b" / "scene.json");
    CHECK(read.data.file == "../a/points.csv");
    CHECK(read.weights == "../weights.pt");
    CHECK((read.folder / read.data.file).lexically_normal() == folder / "a" / "points.csv");

    // Through a link, as a folder for states may be: the way up is that of the file system.
    std::filesystem::create_directories(folder / "far" / "deep" / "state");
    std::filesystem::create_directory_symlink(folder / "far" / "deep" / "state", folder / "link");
    std::ofstream(folder / "a" / "points.csv") << "1,2\n";
    save_scene(scene, folder / "link" / "scene.json");
    const Scene linked = load_scene(folder / "link" / "scene.json");
    CHECK(std::filesystem::exists(linked.folder / linked.data.file));

    // Nothing but the file itself is left behind, and a failed save loses nothing.
    CHECK(std::distance(std::filesystem::directory_iterator(folder / "b"), {}) == 1);
    CHECK_THROWS_AS(save_scene(scene, folder / "b"), Error);
    CHECK_THROWS_AS(load_scene(folder / "none.json"), Error);
    CHECK_THROWS_AS(load_scene(folder), Error);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a scene of 100,000 points is read and written whole", "[scene]") {
    PointSet points{2, {}, {}};
    for (int i = 0; i < 100000; ++i) {
        points.x.push_back(std::sin(static_cast<float>(i)));
        points.x.push_back(std::cos(static_cast<float>(i)));
        points.labels.push_back(i % 4);
    }
    Scene scene = default_scene();
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(points);
    CHECK(*parse_scene(to_json(scene), "x").data.points == points);
}

TEST_CASE("the default scene is a labelled drawing in two panes", "[scene]") {
    const Scene scene = default_scene();
    CHECK(scene.data.kind == DataKind::none);
    REQUIRE(scene.data.strokes.size() == 4);
    CHECK(scene.data.strokes[0]->label == 0);
    CHECK(scene.data.strokes[1]->label == 1);
    for (const auto& stroke : scene.data.strokes) {
        for (const auto& point : stroke->path) {
            CHECK(std::abs(point[0]) < 2);
            CHECK(std::abs(point[1]) < 2);
        }
    }
    REQUIRE(scene.views.size() == 2);
    CHECK(scene.views[0].sampler.method == Method::heun);
    CHECK(scene.views[0].sampler.noise == 0);
    CHECK(scene.views[1].sampler.method == Method::euler_maruyama);
    CHECK(scene.views[1].sampler.noise == 1);
}

TEST_CASE("docs/scene.md has every key with its range and default", "[scene]") {
    std::ifstream page("docs/scene.md");
    REQUIRE(page.good());
    std::vector<std::string> rows;
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("| `")) rows.push_back(line);
    }
    std::vector<std::string> expected;
    for (const SceneKey& key : scene_keys()) {
        expected.push_back("| `" + key.key + "` | " + key.type + " | " + key.range + " | " +
                           key.fallback + " | " + key.help + " |");
    }
    // Row by row, so that a failure shows the row to paste.
    for (const std::string& row : expected) {
        INFO("docs/scene.md lacks this row: " << row);
        CHECK(std::count(rows.begin(), rows.end(), row) == 1);
    }
    for (const std::string& row : rows) {
        INFO("docs/scene.md has a row that the program does not know: " << row);
        CHECK(std::count(expected.begin(), expected.end(), row) == 1);
    }
}

TEST_CASE("every documented key can be set to its default", "[scene]") {
    for (const SceneKey& key : scene_keys()) {
        if (key.fallback == "unset" || key.key.find("[]") != std::string::npos) continue;
        INFO(key.key << "=" << key.fallback);
        Scene scene = default_scene();
        CHECK_NOTHROW(set_value(scene, key.key + "=" + key.fallback));
    }
}

TEST_CASE("the sampler's own check has the ranges of its keys", "[scene]") {
    SamplerSettings settings;
    settings.method = Method::predictor_corrector;  // reads every number without a rule of its own
    const auto accepted = [&] {
        try {
            check_sampler(settings, true);
            return true;
        } catch (const Error&) {
            return false;
        }
    };
    int numbers = 0;
    for (const Key& key : keys_of(settings)) {
        const auto check = [&](auto* value, auto next) {
            const auto before = *value;
            INFO("sampler." << key.name << ", " << key.range.text());
            const auto low = static_cast<decltype(before)>(key.range.low);
            const auto high = static_cast<decltype(before)>(key.range.high);
            const auto at = [&](auto number) {
                *value = number;
                return accepted();
            };
            CHECK(at(low) == !key.range.open_low);
            CHECK(at(next(low, 1)));
            CHECK_FALSE(at(next(low, -1)));
            CHECK(at(high) == !key.range.open_high);
            CHECK(at(next(high, -1)));
            CHECK_FALSE(at(next(high, 1)));
            *value = before;
            ++numbers;
        };
        if (const auto* real = std::get_if<double*>(&key.slot)) {
            check(*real, [](double x, int way) { return std::nextafter(x, way * 1e300); });
        } else if (const auto* whole = std::get_if<int*>(&key.slot)) {
            check(*whole, [](int x, int way) { return x + way; });
        }
    }
    CHECK(numbers == 10);
}
