#include "core/lab/setup.hpp"

#include <utility>

#include "core/data/painting.hpp"
#include "core/error.hpp"
#include "core/lab/edit.hpp"
#include "core/lab/source_law.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/coupling.hpp"

namespace driftglass {
namespace {

std::shared_ptr<const Snapshot::ScheduleCurve> curve_of(const Schedule& schedule) {
    constexpr int points = 101;
    auto curve = std::make_shared<Snapshot::ScheduleCurve>();
    for (int i = 0; i < points; ++i) {
        const double t = static_cast<double>(i) / (points - 1);
        const Coefficients at = schedule.at(t);
        curve->t.push_back(t);
        curve->alpha.push_back(at.alpha);
        curve->sigma.push_back(at.sigma);
        curve->log_snr.push_back(schedule.log_snr(t));
    }
    return curve;
}

std::vector<StrokeInfo> describe(const DataSettings& data,
                                 const std::vector<std::int64_t>& points) {
    std::vector<StrokeInfo> strokes;
    for (std::size_t i = 0; i < data.strokes.size(); ++i) {
        const Stroke& stroke = *data.strokes[i];
        const bool eraser = stroke.tool == StrokeTool::eraser;
        const std::string number = std::to_string(i + 1);
        strokes.push_back(
            {stroke.name.empty() ? (eraser ? "eraser " : "stroke ") + number : stroke.name,
             stroke.label, eraser, i < points.size() ? points[i] : 0});
    }
    return strokes;
}

}  // namespace

bool Setup::has_score() const {
    return scene->source.kind == SourceKind::gaussian &&
           scene->coupling.kind == CouplingKind::independent;
}

torch::Tensor Setup::starts(const Schedule& on, std::int64_t count, std::uint64_t seed) const {
    if (makes_x1(scene->coupling.kind)) {
        Random random(derive_seed(seed, "data"));
        const torch::Tensor x0 = positions_of(target_law(*this)->draw(count, random));
        torch::Generator noise = make_generator(seed, "noise");
        return couple(scene->coupling, {}, x0, {}, {}, noise) * on.source_scale();
    }
    const torch::Tensor starts =
        start_points(scene->source, drawn_source.get(), on, count, scene->dimension, seed);
    return scene->source.kind == SourceKind::gaussian ? starts : starts * on.source_scale();
}

const char* why_no_prior(const Setup& setup, bool later_round) {
    if (setup.scene->source.kind != SourceKind::gaussian)
        return "source.kind: a log density along the ODE starts from a Gaussian; choose gaussian";
    if (makes_x1(setup.scene->coupling.kind)) {
        return "coupling.kind: with diffusion the ODE starts from blurred data, not from a "
               "Gaussian; choose another";
    }
    // Later rounds run on the straight line, from the first path's starts.
    if (later_round && setup.schedule->source_scale() != 1) {
        return "reflow.rounds: the log density of a later round needs a path whose source has "
               "width 1; choose another path.schedule, or 0 rounds";
    }
    return nullptr;
}

std::string Setup::data_hint() const {
    if (data->size() > 0) return {};
    return "There is nothing to learn yet: paint on the canvas, or choose a preset.";
}

Error no_points(const DataSettings& data) {
    const char* key = data.kind == DataKind::points ? "data.points"
                      : data.strokes.empty()        ? "data"
                                                    : "data.strokes";
    return Error(std::string(key) + ": there are no points to learn; list or paint some, or name " +
                 "a preset or a file");
}

Setup make_setup(std::shared_ptr<const Scene> scene, const Setup* before) {
    Setup setup;
    if (before != nullptr) setup = *before;
    const Scene* old = before == nullptr ? nullptr : before->scene.get();
    const Scene& now = *scene;
    const bool moved = old == nullptr || old->folder != now.folder;
    const bool other_space = old == nullptr || old->dimension != now.dimension;
    const bool other_draws = other_space || old->seed != now.seed;

    setup.path_changed = old == nullptr || !(old->path == now.path);
    if (setup.path_changed) {
        setup.schedule = make_schedule(now.path);
        setup.curve = curve_of(*setup.schedule);
    }
    const bool base_changed =
        other_draws || !same_base(old->data, now.data) || (moved && !now.data.file.empty());
    if (base_changed) {
        setup.base = make_base_distribution(now.data, now.dimension, now.folder);
        setup.base_points = std::make_shared<const PointSet>(make_base_points(
            setup.base.get(), now.data, now.dimension, derive_seed(now.seed, "data")));
    }
    setup.data_changed = base_changed || !same_data(old->data, now.data);
    if (setup.data_changed) {
        PaintedSet painted =
            paint(*setup.base_points, now.data.strokes, derive_seed(now.seed, "data"));
        setup.strokes = describe(now.data, painted.stroke_points);
        setup.data = std::make_shared<const PointSet>(std::move(painted.points));
    }
    setup.source_changed = other_space || !same_source(old->source, now.source) ||
                           (moved && !now.source.data.file.empty());
    if (setup.source_changed)
        setup.drawn_source = drawn_source(now.source, now.dimension, now.folder);
    setup.scene = std::move(scene);
    return setup;
}

std::shared_ptr<const Distribution> target_law(const Setup& setup) {
    if (setup.data->size() == 0) throw no_points(setup.scene->data);
    return make_distribution(setup.base, setup.scene->data, setup.scene->dimension);
}

std::shared_ptr<const ExactField> make_exact_field(const Setup& setup, torch::Device device) {
    const Scene& scene = *setup.scene;
    if (setup.data->size() == 0) {
        throw Error("The exact field needs data: paint on the canvas, or choose a preset.");
    }
    if (scene.coupling.kind != CouplingKind::independent) {
        throw Error("coupling.kind: there is no closed form with the coupling " +
                    std::string(name_of(scene.coupling.kind)) +
                    ": choose the independent coupling, or look at the learned field.");
    }
    const std::vector<MixtureComponent> components = scene.data.strokes.empty()
                                                         ? mixture_of(scene.data, scene.dimension)
                                                         : std::vector<MixtureComponent>{};
    const GaussianMixture data = components.empty()
                                     ? mixture_of_points(*setup.data, scene.exact.kernel_width)
                                     : mixture_of_components(components, scene.dimension);
    if (scene.source.kind == SourceKind::gaussian) {
        return std::make_shared<const ExactField>(setup.schedule, data, device);
    }
    if (scene.source.kind != SourceKind::data) {
        throw Error("source.kind: there is no closed form with the source " +
                    std::string(name_of(scene.source.kind)) +
                    ": choose a Gaussian source, or look at the learned field.");
    }
    const std::vector<MixtureComponent> noise = scene.source.data.strokes.empty()
                                                    ? mixture_of(scene.source.data, scene.dimension)
                                                    : std::vector<MixtureComponent>{};
    const PointSet* points = setup.drawn_source->finite_set();
    if (noise.empty() && points == nullptr) {
        throw Error(
            "source: there is no closed form with a drawn source: choose a Gaussian source, or "
            "look at the learned field.");
    }
    return std::make_shared<const ExactField>(setup.schedule, data,
                                              noise.empty()
                                                  ? mixture_of_points(*points, 0)
                                                  : mixture_of_components(noise, scene.dimension),
                                              device);
}

}  // namespace driftglass
