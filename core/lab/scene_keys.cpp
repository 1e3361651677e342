#include "core/key.hpp"
#include "core/lab/scene_table.hpp"

namespace driftglass {
namespace {

constexpr Limits any_seed = {0, 18446744073709551615.0};

}  // namespace

std::vector<Key> keys_of(ViewSpec& v) {
    return {{"field", choice_slot(v.field), {}, "the network's field, or the exact one"},
            {"round", &v.round, {-1, 10}, "round of reflow, 0 before any, -1 the latest"},
            {"weights_step", &v.weights_step, {-1, 1e9}, "an earlier training step, -1 for now"}};
}

std::vector<Key> keys_of(Scene& s) {
    return {{"seed", &s.seed, any_seed, "seed of every random draw"},
            {"dimension", &s.dimension, {1, 2}, "dimension of the space"},
            {"field", choice_slot(s.field), {}, "the field that samples are drawn with"},
            {"weights",
             &s.weights,
             {},
             "a file with weights, relative to the scene: used instead of training"}};
}

std::vector<Group> groups_of(Scene& s) {
    return {{"coupling", keys_of(s.coupling)}, {"path", keys_of(s.path)},
            {"model", keys_of(s.model)},       {"training", keys_of(s.training)},
            {"reflow", keys_of(s.reflow)},     {"exact", keys_of(s.exact)},
            {"sampler", keys_of(s.sampler)},   {"guidance", keys_of(s.guidance)}};
}

const std::vector<DataKey>& data_keys() {
    static const std::vector<DataKey> keys = {
        {"preset", DataKind::preset, "", "a distribution that comes with the program"},
        {"csv", DataKind::csv, "text", "a table of x,y[,label], relative to the scene"},
        {"image", DataKind::image, "text", "a picture, relative to the scene: dark is dense"},
        {"text", DataKind::text, "text", "words turned into points"},
        {"points", DataKind::points, "list of [x, y] or [x, y, label]", "the points themselves"},
        {"mixture", DataKind::mixture, "list of objects", "a mixture of Gaussians"}};
    return keys;
}

std::vector<SceneKey> scene_keys() {
    std::vector<SceneKey> rows;
    const auto add = [&](const std::string& prefix, const std::vector<Key>& keys) {
        for (const Key& key : keys) {
            const bool ranged = is_number(key) || std::holds_alternative<Knots*>(key.slot);
            rows.push_back({prefix + std::string(key.name), type_text(key),
                            ranged && key.range.high > 0 ? key.range.text() : "", value_text(key),
                            std::string(key.help)});
        }
    };
    rows.push_back({"version", "whole number", "1", "1", "version of the file's format"});

    Scene scene;
    add("", keys_of(scene));

    for (const DataKey& key : data_keys()) {
        const bool preset = key.kind == DataKind::preset;
        rows.push_back({"data." + std::string(key.name),
                        preset ? "one of " + names_of_all<Preset>() : std::string(key.type), "",
                        preset ? "\"two-moons\"" : "unset", std::string(key.help)});
    }
    add("data.", keys_of(scene.data));
    MixtureComponent component;
    rows.push_back({"data.mixture[].mean", "list of numbers", "-1000000 to 1000000", "[0, 0]",
                    "the component's mean"});
    add("data.mixture[].", keys_of(component));
    rows.push_back({"data.strokes", "list of objects", "", "[]",
                    "a drawing, on top of whatever else there is"});
    Stroke stroke;
    add("data.strokes[].", keys_of(stroke));
    rows.push_back({"data.strokes[].path", "list of [x, y]", "-1000000 to 1000000", "[]",
                    "where the tool went"});

    rows.push_back({"source.kind", "one of gaussian, uniform or annulus", "", "\"gaussian\"",
                    "x1; or, in place of kind, any keys of data: a drawn source"});
    for (const Group& group : groups_of(scene))
        add(std::string(group.name) + ".", group.keys);

    rows.push_back({"views", "list of objects", "1 to 4", "[{}]", "what each pane shows"});
    ViewSpec view;
    std::vector<Key> view_keys = keys_of(view);
    add("views[].", view_keys);
    for (SceneKey& row : rows) {
        if (row.key == "views[].field") row.fallback = "the scene's field";
    }
    rows.push_back({"views[].sampler", "object", "", "the scene's sampler", "the keys of sampler"});
    rows.push_back(
        {"views[].guidance", "object", "", "the scene's guidance", "the keys of guidance"});
    rows.push_back({"views[].path", "object", "", "the scene's path",
                    "the keys of path: sample on another schedule than the one trained on"});
    return rows;
}

}  // namespace driftglass
