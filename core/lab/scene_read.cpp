// A scene from JSON: from files and --set, every value checked and every message with its place.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <nlohmann/json.hpp>

#include "core/data/atomic_file.hpp"
#include "core/data/table.hpp"
#include "core/error.hpp"
#include "core/key.hpp"
#include "core/lab/scene_table.hpp"
#include "core/lab/scene_write.hpp"
#include "core/nearest_word.hpp"
#include "core/path/schedule.hpp"

namespace driftglass {
namespace {

using Json = nlohmann::ordered_json;

constexpr int deepest = 64;  // a scene's lists and objects within each other

// ---- messages

/// Where in which file: `origin: key: sentence`.
struct Place {
    std::string origin;
    std::string key;

    Place operator/(std::string_view name) const {
        return {origin, key.empty() ? std::string(name) : key + "." + std::string(name)};
    }
    Place operator[](std::size_t index) const {
        return {origin, key + "[" + std::to_string(index) + "]"};
    }
    [[noreturn]] void fail(const std::string& sentence) const {
        throw Error((origin.empty() ? "" : origin + ": ") + (key.empty() ? "" : key + ": ") +
                    sentence);
    }
};

std::string shown(const Json& value) {
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > 60) text = text.substr(0, 57) + "…";
    return text;
}

std::string list_of(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// "; did you mean …?" or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
    const std::string nearest = nearest_word(word, known);
    return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
}

[[noreturn]] void unknown_key(const Place& place, std::string_view name,
                              const std::vector<std::string>& known) {
    std::string hint = suggestion(name, {known.begin(), known.end()});
    if (hint.empty()) {
        // Perhaps the right word in the wrong place: "steps" at the top.
        for (const SceneKey& row : scene_keys()) {
            if (row.key.ends_with("." + std::string(name)) &&
                row.key.find("[]") == std::string::npos) {
                hint += (hint.empty() ? "; did you mean \"" : " or \"") + row.key + "\"";
            }
        }
        if (!hint.empty()) hint += "?";
    }
    (place / (name.size() > 40 ? std::string(name.substr(0, 40)) + "…" : std::string(name)))
        .fail("unknown key" + (hint.empty() ? "; known here: " + list_of(known) : hint));
}

// ---- reading

void expect_object(const Json& json, const Place& place) {
    if (!json.is_object()) place.fail("expected an object {…}, found " + shown(json));
}

double finite_number(const Json& json, const Place& place, const std::string& what) {
    if (!json.is_number()) place.fail("expected " + what + ", found " + shown(json));
    return json.get<double>();
}

void read_knots(const Json& json, const Place& place, const Key& key, Knots& knots) {
    if (!json.is_array()) place.fail("expected " + allowed(key) + ", found " + shown(json));
    Knots read;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const Json& pair = json[i];
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number() ||
            !key.range.contains(pair[0].get<double>()) ||
            !key.range.contains(pair[1].get<double>())) {
            place[i].fail("expected [alpha, sigma], each " + key.range.text() + ", found " +
                          shown(pair));
        }
        read.push_back({pair[0].get<double>(), pair[1].get<double>()});
    }
    knots = std::move(read);
}

/// Reads one JSON value into whatever a key's slot points to.
struct ValueReader {
    const Json& json;
    const Place& place;
    const Key& key;

    void wrong() const { place.fail("expected " + allowed(key) + ", found " + shown(json)); }
    double number() const {
        if (!json.is_number() || !key.range.contains(json.get<double>())) wrong();
        return json.get<double>();
    }
    template <class Whole>
    Whole whole() const {
        const double value = number();
        // 4e3 is a whole number too, though JSON calls it a float.
        if (!json.is_number_float()) return json.get<Whole>();
        if (value != std::floor(value) || std::abs(value) > 9e15) wrong();
        return static_cast<Whole>(value);
    }
    void operator()(double* v) const { *v = number(); }
    void operator()(std::optional<double>* v) const {
        if (json.is_null()) {
            v->reset();
        } else {
            *v = number();
        }
    }
    void operator()(int* v) const { *v = whole<int>(); }
    void operator()(std::int64_t* v) const { *v = whole<std::int64_t>(); }
    void operator()(std::uint64_t* v) const { *v = whole<std::uint64_t>(); }
    void operator()(bool* v) const {
        if (!json.is_boolean()) wrong();
        *v = json.get<bool>();
    }
    void operator()(std::string* v) const {
        if (!json.is_string()) wrong();
        *v = json.get<std::string>();
    }
    void operator()(const ChoiceSlot& slot) const {
        if (!json.is_string()) wrong();
        const auto& name = json.get_ref<const std::string&>();
        if (!slot.set(slot.value, name)) {
            place.fail("expected " + allowed(key) + ", found " + shown(json) +
                       suggestion(name, slot.names()));
        }
    }
    void operator()(Knots* v) const { read_knots(json, place, key, *v); }
};

void read_key(const Json& json, const Place& place, const Key& key) {
    std::visit(ValueReader{json, place, key}, key.slot);
}

/// Reads the keys of an object; `others` are read elsewhere, anything else is an error.
void read_keys(const Json& json, const Place& place, const std::vector<Key>& keys,
               const std::vector<std::string>& others = {}) {
    expect_object(json, place);
    for (const auto& [name, value] : json.items()) {
        const auto key =
            std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == name; });
        if (key != keys.end()) {
            read_key(value, place / name, *key);
        } else if (std::find(others.begin(), others.end(), name) == others.end()) {
            std::vector<std::string> known;
            for (const Key& k : keys)
                known.emplace_back(k.name);
            known.insert(known.end(), others.begin(), others.end());
            unknown_key(place, name, known);
        }
    }
}

float coordinate(const Json& json, const Place& place) {
    const double value = finite_number(json, place, "a coordinate");
    if (!(std::abs(value) <= largest_coordinate)) {
        place.fail("expected a coordinate from -1000000 to 1000000, found " + shown(json));
    }
    return static_cast<float>(value);
}

int label(const Json& json, const Place& place) {
    if (!json.is_number() || json.get<double>() != std::floor(json.get<double>()) ||
        json.get<double>() < -1 || json.get<double>() > 999) {
        place.fail("expected a label, a whole number from -1 (none) to 999, found " + shown(json));
    }
    return static_cast<int>(json.get<double>());
}

std::shared_ptr<const PointSet> read_points(const Json& json, const Place& place, int dimension) {
    const std::string shape = dimension == 1 ? "[x] or [x, label]" : "[x, y] or [x, y, label]";
    if (!json.is_array()) place.fail("expected a list of " + shape + ", found " + shown(json));
    if (static_cast<std::int64_t>(json.size()) > most_points) {
        place.fail("at most " + std::to_string(most_points) + " points, found " +
                   std::to_string(json.size()));
    }
    const auto d = static_cast<std::size_t>(dimension);
    PointSet points;
    points.dimension = dimension;
    points.x.reserve(json.size() * d);
    bool labelled = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const Json& row = json[i];
        if (!row.is_array() || (row.size() != d && row.size() != d + 1)) {
            place[i].fail("expected " + shape + ", found " + shown(row));
        }
        for (std::size_t k = 0; k < d; ++k) {
            // The place's text is made only for a fault: there may be 100,000 of these.
            const double value = row[k].is_number() ? row[k].get<double>() : largest_coordinate * 2;
            if (std::abs(value) <= largest_coordinate) {
                points.x.push_back(static_cast<float>(value));
            } else {
                coordinate(row[k], place[i]);
            }
        }
        if (row.size() == d + 1) {
            if (!labelled) points.labels.assign(i, -1);
            labelled = true;
            points.labels.push_back(label(row[d], place[i]));
        } else if (labelled) {
            points.labels.push_back(-1);
        }
    }
    return std::make_shared<const PointSet>(std::move(points));
}

std::vector<MixtureComponent> read_mixture(const Json& json, const Place& place, int dimension) {
    if (!json.is_array()) place.fail("expected a list of components, found " + shown(json));
    if (json.empty()) place.fail("expected at least one component");
    if (json.size() > 10000) place.fail("at most 10000 components");
    std::vector<MixtureComponent> mixture;
    for (std::size_t i = 0; i < json.size(); ++i) {
        MixtureComponent component;
        read_keys(json[i], place[i], keys_of(component), {"mean"});
        if (json[i].contains("mean")) {
            const Json& mean = json[i]["mean"];
            const Place at = place[i] / "mean";
            if (!mean.is_array() || mean.size() != static_cast<std::size_t>(dimension)) {
                at.fail(std::string("expected ") + (dimension == 1 ? "[x]" : "[x, y]") +
                        ", found " + shown(mean));
            }
            for (std::size_t k = 0; k < mean.size(); ++k) {
                coordinate(mean[k], at);
                component.mean[k] = mean[k].get<double>();
            }
        }
        mixture.push_back(component);
    }
    return mixture;
}

std::vector<std::shared_ptr<const Stroke>> read_strokes(const Json& json, const Place& place,
                                                        int dimension) {
    if (!json.is_array()) place.fail("expected a list of strokes, found " + shown(json));
    std::vector<std::shared_ptr<const Stroke>> strokes;
    for (std::size_t i = 0; i < json.size(); ++i) {
        Stroke stroke;
        read_keys(json[i], place[i], keys_of(stroke), {"path"});
        if (!json[i].contains("path")) {
            (place[i] / "path").fail("missing; expected a list of [x, y]");
        }
        const Json& path = json[i]["path"];
        const Place at = place[i] / "path";
        if (!path.is_array()) at.fail("expected a list of [x, y], found " + shown(path));
        if (static_cast<std::int64_t>(path.size()) > most_points) {
            at.fail("at most " + std::to_string(most_points) + " points");
        }
        for (std::size_t k = 0; k < path.size(); ++k) {
            const Json& point = path[k];
            const bool flat = dimension == 1 && point.is_array() && point.size() == 1;
            if (!flat && (!point.is_array() || point.size() != 2)) {
                at[k].fail("expected [x, y], found " + shown(point));
            }
            stroke.path.push_back(
                {coordinate(point[0], at[k]), flat ? 0.0F : coordinate(point[1], at[k])});
        }
        strokes.push_back(std::make_shared<const Stroke>(std::move(stroke)));
    }
    return strokes;
}

DataSettings read_data(const Json& json, const Place& place, int dimension) {
    expect_object(json, place);
    DataSettings data;
    std::vector<std::string> others = {"strokes"};
    std::string kind;
    for (const DataKey& key : data_keys()) {
        others.emplace_back(key.name);
        if (!json.contains(key.name)) continue;
        if (!kind.empty()) {
            place.fail("both \"" + kind + "\" and \"" + std::string(key.name) +
                       "\" are given; keep one");
        }
        kind = key.name;
        data.kind = key.kind;
    }
    read_keys(json, place, keys_of(data), others);
    // Strokes alone are a drawing; with neither, the data are the default's.
    if (kind.empty() && json.contains("strokes")) data.kind = DataKind::none;
    if (!kind.empty()) {
        const Json& value = json[kind];
        const Place at = place / kind;
        switch (data.kind) {
            case DataKind::preset:
                read_key(value, at, {kind, choice_slot(data.preset), {}, ""});
                break;
            case DataKind::csv:
            case DataKind::image:
                read_key(value, at, {kind, &data.file, {}, ""});
                if (data.file.empty()) at.fail("expected the name of a file, found \"\"");
                break;
            case DataKind::text:
                read_key(value, at, {kind, &data.text, {}, ""});
                break;
            case DataKind::points:
                data.points = read_points(value, at, dimension);
                break;
            case DataKind::mixture:
                data.mixture = read_mixture(value, at, dimension);
                break;
            case DataKind::none:
                break;
        }
    }
    if (json.contains("strokes")) {
        data.strokes = read_strokes(json["strokes"], place / "strokes", dimension);
    }
    return data;
}

SourceSettings read_source(const Json& json, const Place& place, int dimension) {
    expect_object(json, place);
    SourceSettings source;
    if (json.empty()) return source;
    if (!json.contains("kind")) {
        source.kind = SourceKind::data;
        source.data = read_data(json, place, dimension);
        return source;
    }
    read_keys(json, place, {{"kind", choice_slot(source.kind), {}, ""}});
    if (source.kind == SourceKind::data) {
        (place / "kind")
            .fail(
                "expected gaussian, uniform or annulus; for a drawn source leave \"kind\" out and "
                "give "
                "the keys of data, as \"preset\" or \"strokes\"");
    }
    return source;
}

void check_guidance(const GuidanceSettings& guidance, const Place& place) {
    if (guidance.interval_low > guidance.interval_high) {
        (place / "interval_low").fail("must not be above guidance.interval_high");
    }
}

void check_path(const PathSettings& path, const Place& place) {
    try {
        make_schedule(path);
    } catch (const Error& error) {
        std::string sentence = error.what();
        if (!sentence.starts_with("path")) sentence = place.key + ": " + sentence;
        Place{place.origin, ""}.fail(sentence);
    }
}

ViewSpec read_view(const Json& json, const Place& place, const Scene& scene) {
    ViewSpec view = own_view(scene);
    read_keys(json, place, keys_of(view), {"sampler", "guidance", "path"});
    if (json.contains("sampler")) {
        read_keys(json["sampler"], place / "sampler", keys_of(view.sampler));
    }
    if (json.contains("guidance")) {
        read_keys(json["guidance"], place / "guidance", keys_of(view.guidance));
        check_guidance(view.guidance, place / "guidance");
    }
    if (json.contains("path")) {
        PathSettings path = scene.path;
        read_keys(json["path"], place / "path", keys_of(path));
        check_path(path, place / "path");
        if (!(path == scene.path)) view.path = path;
    }
    return view;
}

Scene scene_from(const Json& json, const std::string& origin, const std::filesystem::path& folder) {
    const Place top{origin, ""};
    expect_object(json, top);
    if (json.contains("version")) {
        const Json& version = json["version"];
        if (!version.is_number_integer() || version.get<std::int64_t>() < 1) {
            (top / "version").fail("expected 1, found " + shown(version));
        }
        if (version.get<std::int64_t>() > scene_format_version) {
            (top / "version")
                .fail("this scene is of version " + shown(version) +
                      ", newer than this program reads (" + std::to_string(scene_format_version) +
                      "); update driftglass");
        }
    }
    Scene scene;
    scene.folder = folder;
    std::vector<Group> groups = groups_of(scene);
    std::vector<std::string> others = {"version", "data", "source", "views"};
    for (const Group& group : groups)
        others.emplace_back(group.name);
    read_keys(json, top, keys_of(scene), others);
    for (const Group& group : groups) {
        if (json.contains(group.name)) {
            read_keys(json[std::string(group.name)], top / group.name, group.keys);
        }
    }
    check_guidance(scene.guidance, top / "guidance");
    check_path(scene.path, top / "path");
    if (json.contains("data")) scene.data = read_data(json["data"], top / "data", scene.dimension);
    if (json.contains("source")) {
        scene.source = read_source(json["source"], top / "source", scene.dimension);
    }
    if (json.contains("views")) {
        const Json& views = json["views"];
        const Place at = top / "views";
        if (!views.is_array() || views.empty() || views.size() > 4) {
            at.fail("expected a list of 1 to 4 views, found " + shown(views));
        }
        for (std::size_t i = 0; i < views.size(); ++i) {
            scene.views.push_back(read_view(views[i], at[i], scene));
        }
    } else {
        scene.views.push_back(own_view(scene));
    }
    return scene;
}

/// JSON text to values; keys given twice are refused.
Json json_from(std::string_view text, const std::string& origin) {
    if (text.find_first_not_of(" \t\r\n") == text.npos) {
        throw Error(origin + ": is empty; a scene is a JSON object, {} for all defaults");
    }
    std::vector<std::set<std::string>> seen;
    std::string twice;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
        // What is nested as deep as this is no scene, and would be too deep for what reads it.
        if (depth > deepest) throw Error(origin + ": is nested too deep for a scene");
        if (event == Json::parse_event_t::object_start) seen.emplace_back();
        if (event == Json::parse_event_t::object_end) seen.pop_back();
        if (event == Json::parse_event_t::key && twice.empty()) {
            const auto& name = value.get_ref<const std::string&>();
            if (!seen.back().insert(name).second) twice = name;
        }
        return true;
    };
    Json json;
    try {
        json = Json::parse(text, watch, true, true);
    } catch (const Json::parse_error& error) {
        const std::size_t end =
            std::min<std::size_t>(error.byte == 0 ? 0 : error.byte - 1, text.size());
        const auto line =
            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
        std::string what = error.what();
        // The library's text: "[json.exception…] parse error at line 3, column 4: syntax error …".
        if (const std::size_t at = what.find(": "); at != std::string::npos) {
            what = what.substr(at + 2);
        }
        throw Error(origin + ", line " + std::to_string(line) + ": not valid JSON: " + what);
    } catch (const Json::out_of_range& error) {
        // "number overflow parsing '1e999'": the library says what, not where.
        const std::string what = error.what();
        const std::size_t from = what.find('\'') + 1;
        const std::string number = what.substr(from, what.rfind('\'') - from);
        const std::size_t end = std::min(text.find(number), text.size());
        const auto line =
            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n');
        throw Error(origin + ", line " + std::to_string(line) + ": the number " + number +
                    " is too large for a computer's");
    }
    if (!twice.empty()) throw Error(origin + ": the key \"" + twice + "\" is given twice");
    return json;
}

// ---- --set

/// One step of a dotted key: a name, and perhaps an index behind it.
struct Step {
    std::string name;
    std::optional<std::size_t> index;
};

std::vector<Step> steps_of(std::string_view key, const Place& place) {
    std::vector<Step> steps;
    while (true) {
        const std::size_t dot = std::min(key.find('.'), key.size());
        std::string_view part = key.substr(0, dot);
        Step step;
        if (const std::size_t open = part.find('['); open != std::string_view::npos) {
            const std::string_view digits = part.substr(open + 1);
            std::size_t index = 0;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), index);
            if (error != std::errc() || end + 1 != digits.data() + digits.size() || *end != ']') {
                place.fail("expected an index as in views[0].sampler.steps");
            }
            step.index = index;
            part = part.substr(0, open);
        }
        step.name = part;
        if (step.name.empty()) place.fail("expected a dotted key as in sampler.steps");
        steps.push_back(std::move(step));
        if (dot == key.size()) return steps;
        key.remove_prefix(dot + 1);
    }
}

bool is_data_kind(const std::string& name) {
    return std::any_of(data_keys().begin(), data_keys().end(),
                       [&](const DataKey& key) { return key.name == name; });
}

/// Puts `value` at the steps; a new kind of data or source takes the place of the old one.
void put(Json& root, const std::vector<Step>& steps, const Json& value, const Place& place) {
    Json* at = &root;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        if (!at->is_object()) place.fail("there is no such key");
        const std::string& parent = i > 0 ? steps[i - 1].name : step.name;
        if (i == 1 && (parent == "data" || parent == "source")) {
            const bool kind = parent == "source" && step.name == "kind";
            const bool data_kind = is_data_kind(step.name);
            if (kind) *at = Json::object();
            if (data_kind && !(at->contains(step.name) && i + 1 < steps.size())) {
                for (const DataKey& key : data_keys())
                    at->erase(std::string(key.name));
                at->erase("strokes");
            }
            if (parent == "source" && !kind) at->erase("kind");
        }
        at = &(*at)[step.name];
        if (step.index) {
            if (!at->is_array() || *step.index >= at->size()) {
                const std::size_t size = at->is_array() ? at->size() : 0;
                place.fail("there is no [" + std::to_string(*step.index) + "]: \"" + step.name +
                           "\" has " + std::to_string(size) + (size == 1 ? " entry" : " entries") +
                           "; for more, set the whole list");
            }
            at = &(*at)[*step.index];
        }
        if (at->is_null() && i + 1 < steps.size()) *at = Json::object();
    }
    *at = value;
}

/// JSON holds UTF-8 alone: another name would be saved as one that is not there.
void check_file_name(const std::filesystem::path& file, const Place& place) {
    try {
        static_cast<void>(Json(file.string()).dump());
    } catch (const Json::exception&) {
        place.fail("the file's name is not UTF-8, which a scene cannot hold: rename the file");
    }
}

void check_data(const DataSettings& settings, const Place& place, int dimension) {
    DataSettings data = settings;
    check_file_name(data.file, place / (data.kind == DataKind::image ? "image" : "csv"));
    check_keys(place.key, keys_of(data));
    const auto finite = [&](float value, const Place& at) {
        if (!(std::abs(value) <= largest_coordinate)) {
            at.fail("expected coordinates from -1000000 to 1000000, found " +
                    std::to_string(value));
        }
    };
    if (data.kind == DataKind::points && data.points) {
        const PointSet& points = *data.points;
        const Place at = place / "points";
        if (points.dimension != dimension) {
            at.fail("the points have dimension " + std::to_string(points.dimension) +
                    ", the scene has " + std::to_string(dimension));
        }
        if (points.size() > most_points) {
            at.fail("at most " + std::to_string(most_points) + " points");
        }
        if (!points.labels.empty() &&
            static_cast<std::int64_t>(points.labels.size()) != points.size()) {
            at.fail("there must be as many labels as points");
        }
        for (std::size_t i = 0; i < points.x.size(); ++i) {
            if (!(std::abs(points.x[i]) <= largest_coordinate)) {
                finite(points.x[i], at[i / static_cast<std::size_t>(dimension)]);
            }
        }
    }
    for (std::size_t i = 0; i < data.mixture.size(); ++i) {
        MixtureComponent component = data.mixture[i];
        const Place at = (place / "mixture")[i];
        check_keys(at.key, keys_of(component));
        for (const double mean : component.mean)
            finite(static_cast<float>(mean), at / "mean");
    }
    for (std::size_t i = 0; i < data.strokes.size(); ++i) {
        const Place at = (place / "strokes")[i];
        if (!data.strokes[i]) at.fail("missing");
        Stroke stroke = *data.strokes[i];
        check_keys(at.key, keys_of(stroke));
        for (const auto& point : stroke.path) {
            finite(point[0], at / "path");
            finite(point[1], at / "path");
        }
    }
}

}  // namespace

Scene parse_scene(std::string_view json, const std::string& origin,
                  const std::filesystem::path& folder) {
    return scene_from(json_from(json, origin), origin, folder);
}

Scene load_scene(const std::filesystem::path& file) {
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) {
        throw Error(file.string() + ": is a folder; give a scene file");
    }
    const std::string ending = file.extension().string();
    if (ending == ".csv" || ending == ".tsv" || ending == ".txt") {
        throw Error(file.string() + ": a scene is JSON; for a table of points name no scene, but " +
                    "--set data.csv=" + file.string());
    }
    const std::string text = read_file(file);
    return parse_scene(text, file.string(), file.parent_path());
}

const char* why_no_rounds(const Scene& scene) {
    if (scene.model.prediction != Prediction::velocity) {
        return "a round of reflow learns a velocity, the only thing that its straight pairs have: "
               "set model.prediction to velocity";
    }
    if (scene.training.objective == Objective::implicit_score_matching) {
        return "a round of reflow learns a velocity, and has no score: choose another "
               "training.objective than implicit-score-matching";
    }
    return nullptr;
}

void check_scene(const Scene& original) {
    Scene scene = original;
    const Place top{"", ""};
    check_keys(top.key, keys_of(scene));
    for (const Group& group : groups_of(scene))
        check_keys(std::string(group.name), group.keys);
    check_guidance(scene.guidance, top / "guidance");
    check_path(scene.path, top / "path");
    check_file_name(scene.weights, top / "weights");
    check_data(scene.data, top / "data", scene.dimension);
    if (scene.source.kind == SourceKind::data) {
        check_data(scene.source.data, top / "source", scene.dimension);
    }
    if (const char* why = why_no_rounds(scene); why != nullptr && scene.reflow.rounds > 0)
        (top / "reflow" / "rounds").fail(why);
    if (scene.views.empty() || scene.views.size() > 4) {
        (top / "views").fail("expected 1 to 4 views, found " + std::to_string(scene.views.size()));
    }
    for (std::size_t i = 0; i < scene.views.size(); ++i) {
        const Place at = (top / "views")[i];
        ViewSpec& view = scene.views[i];
        check_keys(at.key, keys_of(view));
        check_keys((at / "sampler").key, keys_of(view.sampler));
        check_keys((at / "guidance").key, keys_of(view.guidance));
        check_guidance(view.guidance, at / "guidance");
        if (view.path) {
            check_keys((at / "path").key, keys_of(*view.path));
            check_path(*view.path, at / "path");
        }
    }
}

void set_value(Scene& scene, std::string_view key_equals_value) {
    const std::size_t equals = key_equals_value.find('=');
    const std::string given(key_equals_value);
    if (equals == std::string_view::npos || equals == 0) {
        throw Error("--set " + given + ": expected KEY=VALUE, as in sampler.method=heun");
    }
    const std::string_view key = key_equals_value.substr(0, equals);
    const std::string word(key_equals_value.substr(equals + 1));
    const Place place{"--set", std::string(key)};
    const std::vector<Step> steps = steps_of(key, place);

    const auto with = [&](const Json& value) {
        Json root = scene_json(scene);
        put(root, steps, value, place);
        return scene_from(root, "--set", scene.folder);
    };
    const auto watch = [&](int depth, Json::parse_event_t, Json&) {
        if (depth > deepest) place.fail("is nested too deep for a scene");
        return true;
    };
    const Json value = Json::parse(word, watch, false);
    if (value.is_discarded()) {
        scene = with(word);
        return;
    }
    try {
        scene = with(value);
    } catch (const Error&) {
        // A bare number or true may be meant as text: data.text=2024.
        if (value.is_string() || value.is_structured()) throw;
        try {
            scene = with(word);
            return;
        } catch (const Error&) {
        }
        throw;
    }
}

}  // namespace driftglass
