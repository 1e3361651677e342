// A scene as JSON: what files hold, and what --set changes a value of.

#include "core/lab/scene_write.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ostream>

#include "core/data/atomic_file.hpp"
#include "core/lab/scene_table.hpp"

namespace driftglass {
namespace {

using Json = nlohmann::ordered_json;

/// 1 rather than 1.0.
Json number_json(double value) {
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return static_cast<std::int64_t>(value);
    }
    return value;
}

/// The double whose shortest decimal is the float's: 0.1f is written as 0.1.
Json tidy(float value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    double result = value;
    std::from_chars(text, end, result);
    return number_json(result);
}

Json value_of(const Key& key) {
    struct Visitor {
        Json operator()(const double* v) const { return number_json(*v); }
        Json operator()(const std::optional<double>* v) const {
            return *v ? number_json(**v) : Json();
        }
        Json operator()(const int* v) const { return *v; }
        Json operator()(const std::int64_t* v) const { return *v; }
        Json operator()(const std::uint64_t* v) const { return *v; }
        Json operator()(const bool* v) const { return *v; }
        Json operator()(const std::string* v) const { return *v; }
        Json operator()(const ChoiceSlot& slot) const { return slot.name(slot.value); }
        Json operator()(const Knots* v) const {
            Json list = Json::array();
            for (const auto& knot : *v)
                list.push_back(Json::array({number_json(knot[0]), number_json(knot[1])}));
            return list;
        }
    };
    return std::visit(Visitor{}, key.slot);
}

Json values_of(const std::vector<Key>& keys) {
    Json json = Json::object();
    for (const Key& key : keys) {
        Json value = value_of(key);
        if (!value.is_null()) json[std::string(key.name)] = std::move(value);
    }
    return json;
}

/// Only the values of `keys` that are not those of `base`; null unsets one that the base has.
Json difference(const std::vector<Key>& keys, const std::vector<Key>& base) {
    Json json = Json::object();
    for (std::size_t i = 0; i < keys.size(); ++i) {
        Json value = value_of(keys[i]);
        if (value != value_of(base[i])) json[std::string(keys[i].name)] = std::move(value);
    }
    return json;
}

std::string moved(const std::string& file, const std::filesystem::path& from,
                  const std::filesystem::path& to) {
    const std::filesystem::path path(file);
    if (file.empty() || path.is_absolute() || from == to) return file;
    std::error_code error;
    // The folders' links resolved: the system follows them before it goes up.
    const auto resolved = [&](const std::filesystem::path& folder) {
        return std::filesystem::weakly_canonical(
            std::filesystem::absolute(folder.empty() ? std::filesystem::path(".") : folder, error),
            error);
    };
    const std::filesystem::path target = resolved((from / path).parent_path()) / path.filename();
    const std::filesystem::path relative = target.lexically_relative(resolved(to));
    return (relative.empty() ? target : relative).generic_string();
}

Json data_json(const DataSettings& settings, int dimension) {
    DataSettings data = settings;
    Json json = Json::object();
    switch (data.kind) {
        case DataKind::none:
            break;
        case DataKind::preset:
            json["preset"] = name_of(data.preset);
            break;
        case DataKind::csv:
            json["csv"] = data.file;
            break;
        case DataKind::image:
            json["image"] = data.file;
            break;
        case DataKind::text:
            json["text"] = data.text;
            break;
        case DataKind::points: {
            Json rows = Json::array();
            const PointSet none{dimension, {}, {}};
            const PointSet& points = data.points ? *data.points : none;
            const auto d = static_cast<std::size_t>(dimension);
            for (std::size_t i = 0; i < static_cast<std::size_t>(points.size()); ++i) {
                Json row = Json::array();
                for (std::size_t k = 0; k < d; ++k)
                    row.push_back(tidy(points.x[i * d + k]));
                if (!points.labels.empty()) row.push_back(points.labels[i]);
                rows.push_back(std::move(row));
            }
            json["points"] = std::move(rows);
            break;
        }
        case DataKind::mixture: {
            Json list = Json::array();
            for (MixtureComponent component : data.mixture) {
                Json one = Json::object();
                one["mean"] = dimension == 1 ? Json::array({number_json(component.mean[0])})
                                             : Json::array({number_json(component.mean[0]),
                                                            number_json(component.mean[1])});
                one.update(values_of(keys_of(component)));
                list.push_back(std::move(one));
            }
            json["mixture"] = std::move(list);
            break;
        }
    }
    DataSettings plain;
    json.update(data.kind == DataKind::none ? difference(keys_of(data), keys_of(plain))
                                            : values_of(keys_of(data)));
    if (data.kind == DataKind::none || !data.strokes.empty()) {
        Json list = Json::array();
        for (const std::shared_ptr<const Stroke>& shared : data.strokes) {
            Stroke stroke = *shared;
            Json one = values_of(keys_of(stroke));
            if (stroke.name.empty()) one.erase("name");
            Json path = Json::array();
            for (const auto& point : stroke.path) {
                path.push_back(Json::array({tidy(point[0]), tidy(point[1])}));
            }
            one["path"] = std::move(path);
            list.push_back(std::move(one));
        }
        json["strokes"] = std::move(list);
    }
    return json;
}

bool is_flat(const Json& json) {
    return json.is_primitive() ||
           (json.is_array() &&
            std::all_of(json.begin(), json.end(), [](const Json& v) { return v.is_primitive(); }));
}

/// Like Json::dump, but lists of numbers, and lists of those, fill lines of about 100 columns.
void print(const Json& json, int indent, std::string& out) {
    const std::string inner(static_cast<std::size_t>(indent) + 4, ' ');
    const std::string outer(static_cast<std::size_t>(indent), ' ');
    const auto plain = [](const Json& value) {
        return value.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    if (is_flat(json) || json.empty()) {
        out += plain(json);
    } else if (json.is_object()) {
        out += "{\n";
        std::size_t left = json.size();
        for (const auto& [name, value] : json.items()) {
            out += inner + plain(name) + ": ";
            print(value, indent + 4, out);
            out += --left > 0 ? ",\n" : "\n";
        }
        out += outer + "}";
    } else if (std::all_of(json.begin(), json.end(), is_flat)) {
        out += "[\n" + inner;
        std::size_t column = inner.size();
        for (std::size_t i = 0; i < json.size(); ++i) {
            std::string text = plain(json[i]);
            if (i + 1 < json.size()) text += ",";
            if (column > inner.size() && column + text.size() > 100) {
                out += "\n" + inner;
                column = inner.size();
            } else if (column > inner.size()) {
                out += " ";
            }
            out += text;
            column += text.size() + 1;
        }
        out += "\n" + outer + "]";
    } else {
        out += "[\n";
        for (std::size_t i = 0; i < json.size(); ++i) {
            out += inner;
            print(json[i], indent + 4, out);
            out += i + 1 < json.size() ? ",\n" : "\n";
        }
        out += outer + "]";
    }
}

}  // namespace

nlohmann::ordered_json scene_json(const Scene& original) {
    Scene scene = original;
    Json json = Json::object();
    json["version"] = scene_format_version;
    json["seed"] = scene.seed;
    json["dimension"] = scene.dimension;
    json["data"] = data_json(scene.data, scene.dimension);
    json["source"] = scene.source.kind == SourceKind::data
                         ? data_json(scene.source.data, scene.dimension)
                         : Json{{"kind", name_of(scene.source.kind)}};
    for (const Group& group : groups_of(scene)) {
        json[std::string(group.name)] = values_of(group.keys);
        if (group.name == "reflow") json["field"] = name_of(scene.field);
    }
    Json views = Json::array();
    ViewSpec base = own_view(scene);
    for (ViewSpec view : scene.views) {
        Json one = difference(keys_of(view), keys_of(base));
        if (Json d = difference(keys_of(view.sampler), keys_of(base.sampler)); !d.empty()) {
            one["sampler"] = std::move(d);
        }
        if (Json d = difference(keys_of(view.guidance), keys_of(base.guidance)); !d.empty()) {
            one["guidance"] = std::move(d);
        }
        if (view.path) {
            Json d = difference(keys_of(*view.path), keys_of(scene.path));
            if (!d.empty()) one["path"] = std::move(d);
        }
        views.push_back(std::move(one));
    }
    json["views"] = std::move(views);
    if (!scene.weights.empty()) json["weights"] = scene.weights;
    return json;
}

Scene moved_to(const Scene& scene, const std::filesystem::path& folder) {
    Scene moved_scene = scene;
    moved_scene.folder = folder;
    moved_scene.data.file = moved(scene.data.file, scene.folder, folder);
    moved_scene.source.data.file = moved(scene.source.data.file, scene.folder, folder);
    moved_scene.weights = moved(scene.weights, scene.folder, folder);
    return moved_scene;
}

std::string to_json(const Scene& scene, const std::filesystem::path& folder) {
    std::string text;
    print(scene_json(moved_to(scene, folder)), 0, text);
    return text + "\n";
}

void save_scene(const Scene& scene, const std::filesystem::path& file) {
    const std::string text = to_json(scene, file.parent_path());
    write_atomically(file, [&](std::ostream& out) { out << text; });
}

}  // namespace driftglass
