#include "tests/app/synthetic_lab.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/data/presets.hpp"
#include "core/lab/change_dimension.hpp"
#include "core/sample/methods.hpp"

namespace driftglass::test {

namespace {

/// Points along the strokes, without the subtleties of the real brush.
void add_stroke(PointSet& points, const Stroke& stroke, Random& random, StrokeInfo& info) {
    const double half = stroke.width / 2;
    const auto put = [&](double x, double y) {
        const double radius = half * std::sqrt(random.uniform());
        const double angle = random.uniform(0, 6.283185307179586);
        points.x.push_back(static_cast<float>(x + radius * std::cos(angle)));
        points.x.push_back(static_cast<float>(y + radius * std::sin(angle)));
        points.labels.push_back(stroke.label);
        ++info.points;
    };
    for (std::size_t i = 0; i + 1 < stroke.path.size(); ++i) {
        const double ax = static_cast<double>(stroke.path[i][0]);
        const double ay = static_cast<double>(stroke.path[i][1]);
        const double bx = static_cast<double>(stroke.path[i + 1][0]);
        const double by = static_cast<double>(stroke.path[i + 1][1]);
        const double wanted = std::hypot(bx - ax, by - ay) * stroke.density;
        const int count = static_cast<int>(wanted + random.uniform());
        for (int k = 0; k < count; ++k) {
            const double s = random.uniform();
            put(ax + s * (bx - ax), ay + s * (by - ay));
        }
    }
}

std::shared_ptr<const PointSet> points_of(const Scene& scene, std::vector<StrokeInfo>& infos) {
    auto points = std::make_shared<PointSet>();
    Random random(derive_seed(scene.seed, "data"));
    if (scene.data.kind == DataKind::preset) {
        for (std::int64_t i = 0; i < std::min<std::int64_t>(scene.data.count, 4000); ++i) {
            const LabelledPoint point = draw_preset(scene.data.preset, 2, random);
            points->x.push_back(static_cast<float>(point.x));
            points->x.push_back(static_cast<float>(point.y));
            points->labels.push_back(point.label);
        }
    }
    for (const std::shared_ptr<const Stroke>& stroke : scene.data.strokes) {
        StrokeInfo info{stroke->name, stroke->label, stroke->tool == StrokeTool::eraser, 0};
        if (!info.eraser) add_stroke(*points, *stroke, random, info);
        infos.push_back(info);
    }
    if (scene.dimension == 1) {
        PointSet line{1, {}, points->labels};
        for (std::size_t i = 0; i < points->x.size(); i += 2)
            line.x.push_back(points->x[i]);
        *points = std::move(line);
    }
    return points;
}

}  // namespace

SyntheticLab::SyntheticLab(Scene scene) {
    auto first = std::make_shared<Snapshot>();
    first->status.device_name = "CPU 2 threads";
    first->status.devices = {"cpu"};
    first->status.step = 12400;
    first->status.steps_per_second = 610;
    first->status.loss = 2.269;
    snapshot_ = std::move(first);
    refresh(std::move(scene));
}

Engine SyntheticLab::engine() {
    return {[this] { return snapshot_; }, [this](Command command) { send(std::move(command)); }};
}

void SyntheticLab::send(Command command) {
    log_.push_back(command);
    publish(
        [&](Snapshot& snapshot) { snapshot.handled = std::max(snapshot.handled, command.number); });
    if (const auto* running = std::get_if<command::SetRunning>(&command.body)) {
        publish([&](Snapshot& snapshot) { snapshot.status.running = running->running; });
    } else if (std::get_if<command::Restart>(&command.body)) {
        publish([&](Snapshot& snapshot) { snapshot.status.step = 0; });
    } else if (std::get_if<command::DismissBanner>(&command.body)) {
        publish([&](Snapshot& snapshot) { snapshot.banner.reset(); });
    } else if (std::get_if<command::Undo>(&command.body)) {
        if (past_.empty()) return;
        future_.push_back(scene());
        Scene back = std::move(past_.back());
        past_.pop_back();
        last_gesture_ = 0;
        refresh(std::move(back));
    } else if (std::get_if<command::Redo>(&command.body)) {
        if (future_.empty()) return;
        past_.push_back(scene());
        Scene next = std::move(future_.back());
        future_.pop_back();
        last_gesture_ = 0;
        refresh(std::move(next));
    } else {
        edit(command);
    }
}

void SyntheticLab::edit(const Command& command) {
    const bool same_gesture = command.gesture != 0 && command.gesture == last_gesture_;
    Scene next = same_gesture && !past_.empty() && std::get_if<command::Paint>(&command.body)
                     ? past_.back()
                     : scene();
    bool edits = true;
    if (const auto* paint = std::get_if<command::Paint>(&command.body))
        next.data.strokes.push_back(paint->stroke);
    else if (const auto* data = std::get_if<command::SetData>(&command.body))
        next.data = data->data;
    else if (const auto* dimension = std::get_if<command::SetDimension>(&command.body))
        change_dimension(next, dimension->dimension, nullptr);
    else if (const auto* path = std::get_if<command::SetPath>(&command.body))
        next.path = path->path;
    else if (const auto* model = std::get_if<command::SetModel>(&command.body))
        next.model = model->model;
    else if (const auto* training = std::get_if<command::SetTraining>(&command.body))
        next.training = training->training;
    else if (const auto* coupling = std::get_if<command::SetCoupling>(&command.body))
        next.coupling = coupling->coupling;
    else if (const auto* reflow = std::get_if<command::SetReflow>(&command.body))
        next.reflow = reflow->reflow;
    else if (const auto* view = std::get_if<command::SetView>(&command.body))
        next.views[static_cast<std::size_t>(view->pane)] = view->view;
    else if (const auto* views = std::get_if<command::SetViews>(&command.body))
        next.views = views->views;
    else if (const auto* scene = std::get_if<command::ReplaceScene>(&command.body))
        next = scene->scene;
    else if (const auto* stroke = std::get_if<command::RemoveStroke>(&command.body))
        next.data.strokes.erase(next.data.strokes.begin() + stroke->index);
    else if (std::get_if<command::ClearData>(&command.body))
        next.data = {}, next.data.kind = DataKind::none;
    else
        edits = false;
    if (!edits) return;
    if (!same_gesture) past_.push_back(scene());
    future_.clear();
    last_gesture_ = command.gesture;
    refresh(std::move(next));
}

void SyntheticLab::refresh(Scene scene) {
    publish([&](Snapshot& next) {
        next.strokes.clear();
        next.data = points_of(scene, next.strokes);
        next.can_undo = !past_.empty();
        next.can_redo = !future_.empty();
        next.unsaved = !past_.empty();
        next.scene = std::make_shared<const Scene>(std::move(scene));
        invent_numbers(next);
    });
}

void SyntheticLab::invent_numbers(Snapshot& next) {
    next.panes.assign(next.scene->views.size(), {});
    if (next.data->size() == 0) return;
    for (std::size_t pane = 0; pane < next.panes.size(); ++pane) {
        auto metrics = std::make_shared<PaneMetrics>();
        metrics->w2 = 0.133 + 0.011 * static_cast<double>(pane);
        metrics->w2_floor = 0.134;
        metrics->w2_points = 2000;
        metrics->energy_distance = 0.0021;
        if (!is_stochastic(next.scene->views[pane].sampler)) metrics->paths = {0.98, 1.94, 0.31};
        if (pane > 0) metrics->w2_to_first = 0.097;
        next.panes[pane].metrics = std::move(metrics);
    }
    auto loss = std::make_shared<LossCurve>();
    Random wobble(1);
    for (int i = 0; i <= 300; ++i) {
        loss->step.push_back(i * 12400.0 / 300);
        loss->loss.push_back(2.262 + 1.4 * std::exp(-i / 9.0) + 0.18 * std::exp(-i / 70.0) +
                             0.015 * wobble.normal());
    }
    loss->floor = 2.258;
    next.loss = std::move(loss);
    auto against = std::make_shared<LossAgainstTime>();
    for (int i = 1; i < 60; ++i) {
        const double time = i / 60.0;
        against->time.push_back(time);
        against->floor.push_back(1.6 + 1.2 * std::sin(3 * time) -
                                 0.9 * std::exp(-30 * time * time));
        against->learned.push_back(against->floor.back() + 0.05 * std::exp(-8 * time));
    }
    next.loss_against_time = std::move(against);
    auto schedule = std::make_shared<Snapshot::ScheduleCurve>();
    for (int i = 0; i <= 100; ++i) {
        const double time = i / 100.0;
        schedule->t.push_back(time);
        schedule->alpha.push_back(1 - time);
        schedule->sigma.push_back(time);
        schedule->log_snr.push_back(2 * std::log((1 - time) / time));
    }
    next.schedule = std::move(schedule);
}

}  // namespace driftglass::test
