#include "core/lab/edit.hpp"

#include <string>
#include <type_traits>

#include "core/error.hpp"
#include "core/lab/change_dimension.hpp"

namespace driftglass {
namespace {

void set_view(Scene& scene, int pane, const ViewSpec& view) {
    if (pane < 0 || static_cast<std::size_t>(pane) >= scene.views.size()) {
        throw Error("there is no pane " + std::to_string(pane + 1) + ": the scene has " +
                    std::to_string(scene.views.size()));
    }
    ViewSpec& place = scene.views[static_cast<std::size_t>(pane)];
    place = view;
    if (place.path == scene.path) place.path.reset();
    if (pane == 0) {
        // The commands sample as the scene says: let that be what its author looks at.
        scene.field = view.field;
        scene.sampler = view.sampler;
        scene.guidance = view.guidance;
    }
}

/// Whether the body was an edit.
template <class Body>
bool apply(Scene& scene, const Body& body, std::size_t strokes) {
    using namespace command;
    if constexpr (std::is_same_v<Body, SetSeed>) {
        scene.seed = body.seed;
    } else if constexpr (std::is_same_v<Body, SetData>) {
        scene.data = body.data;
    } else if constexpr (std::is_same_v<Body, Paint>) {
        if (!body.stroke) throw Error("there is no stroke to paint");
        if (scene.data.strokes.size() > strokes) scene.data.strokes.resize(strokes);
        scene.data.strokes.push_back(body.stroke);
    } else if constexpr (std::is_same_v<Body, RemoveStroke>) {
        if (body.index < 0 || static_cast<std::size_t>(body.index) >= scene.data.strokes.size()) {
            throw Error("there is no stroke " + std::to_string(body.index + 1) +
                        ": the drawing has " + std::to_string(scene.data.strokes.size()));
        }
        scene.data.strokes.erase(scene.data.strokes.begin() + body.index);
    } else if constexpr (std::is_same_v<Body, ClearData>) {
        scene.data = {};
        scene.data.kind = DataKind::none;
    } else if constexpr (std::is_same_v<Body, SetSource>) {
        scene.source = body.source;
    } else if constexpr (std::is_same_v<Body, SetCoupling>) {
        scene.coupling = body.coupling;
    } else if constexpr (std::is_same_v<Body, SetPath>) {
        scene.path = body.path;
    } else if constexpr (std::is_same_v<Body, SetModel>) {
        scene.model = body.model;
    } else if constexpr (std::is_same_v<Body, SetTraining>) {
        scene.training = body.training;
    } else if constexpr (std::is_same_v<Body, SetReflow>) {
        scene.reflow = body.reflow;
    } else if constexpr (std::is_same_v<Body, SetExact>) {
        scene.exact = body.exact;
    } else if constexpr (std::is_same_v<Body, SetView>) {
        set_view(scene, body.pane, body.view);
    } else if constexpr (std::is_same_v<Body, SetViews>) {
        scene.views = body.views;
        if (!body.views.empty()) set_view(scene, 0, body.views[0]);
    } else {
        return false;
    }
    return true;
}

}  // namespace

bool apply_edit(Scene& scene, const Command& command, std::size_t strokes) {
    return std::visit([&](const auto& body) { return apply(scene, body, strokes); }, command.body);
}

std::optional<Document> edited(const History& history, const Command& command) {
    Document document = history.now();
    Scene scene = *document.scene;
    const Scene& first = history.continues(command.gesture) && history.before() != nullptr
                             ? *history.before()->scene
                             : scene;
    const std::size_t strokes = first.data.strokes.size();
    if (const auto* to = std::get_if<command::SetDimension>(&command.body))
        change_dimension(scene, to->dimension, history.last_in(to->dimension));
    else if (const auto* other = std::get_if<command::ReplaceScene>(&command.body))
        return Document{std::make_shared<const Scene>(other->scene), other->file};
    else if (!apply_edit(scene, command, strokes))
        return std::nullopt;
    document.scene = std::make_shared<const Scene>(std::move(scene));
    return document;
}

bool same_base(const DataSettings& a, const DataSettings& b) {
    return a.kind == b.kind && a.preset == b.preset && a.count == b.count && a.file == b.file &&
           a.text == b.text && a.points == b.points && a.mixture == b.mixture &&
           a.normalize == b.normalize;
}

bool same_data(const DataSettings& a, const DataSettings& b) {
    return same_base(a, b) && a.strokes == b.strokes;
}

bool same_source(const SourceSettings& a, const SourceSettings& b) {
    return a.kind == b.kind && (a.kind != SourceKind::data || same_data(a.data, b.data));
}

bool same_network(const Scene& a, const Scene& b) {
    return a.seed == b.seed && a.dimension == b.dimension && a.model == b.model &&
           same_source(a.source, b.source);
}

bool same_problem(const Scene& a, const Scene& b) {
    return same_network(a, b) && a.path == b.path && a.coupling == b.coupling &&
           same_data(a.data, b.data);
}

}  // namespace driftglass
