#include "core/lab/change_dimension.hpp"

#include <memory>
#include <utility>

#include "core/data/presets.hpp"
#include "core/error.hpp"

namespace driftglass {
namespace {

std::shared_ptr<const PointSet> projected(const PointSet& points) {
    auto line = std::make_shared<PointSet>();
    line->dimension = 1;
    line->labels = points.labels;
    for (std::size_t i = 0; i < points.x.size(); i += 2)
        line->x.push_back(points.x[i]);
    return line;
}

DataSettings projected(DataSettings data) {
    switch (data.kind) {
        case DataKind::none:
            break;
        case DataKind::points:
            if (data.points) data.points = projected(*data.points);
            break;
        case DataKind::mixture:
            for (MixtureComponent& component : data.mixture)
                component.mean[1] = 0;
            break;
        case DataKind::preset:
            if (exists_in(data.preset, 1)) break;
            [[fallthrough]];
        case DataKind::csv:
        case DataKind::image:
        case DataKind::text:
            data.kind = DataKind::preset;
            data.preset = Preset::three_gaussians;
            data.file.clear();
            data.text.clear();
            break;
    }
    for (std::shared_ptr<const Stroke>& shared : data.strokes) {
        Stroke stroke = *shared;
        for (std::array<float, 2>& place : stroke.path)
            place[1] = 0;
        shared = std::make_shared<const Stroke>(std::move(stroke));
    }
    return data;
}

}  // namespace

void change_dimension(Scene& scene, int dimension, const Scene* last) {
    if (dimension != 1 && dimension != 2) throw Error("dimension: must be 1 or 2");
    if (scene.dimension == dimension) return;
    scene.dimension = dimension;
    scene.weights.clear();
    if (dimension == 1) {
        scene.data = projected(std::move(scene.data));
        if (scene.source.kind == SourceKind::data)
            scene.source.data = projected(std::move(scene.source.data));
    } else if (last != nullptr) {
        scene.data = last->data;
        scene.source = last->source;
    } else {
        // On its line in the plane it would be no drawing: the preset, which has both.
        if (scene.data.kind != DataKind::preset) scene.data = {};
        scene.data.strokes.clear();
        scene.source = {};
    }
}

}  // namespace driftglass
