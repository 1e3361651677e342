// The lab's long work, as the commands ask for it: train and sample.

#include <algorithm>
#include <cmath>
#include <exception>
#include <set>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/field/stoppable_field.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/source_law.hpp"
#include "core/sample/likelihood.hpp"
#include "core/sample/start_points.hpp"
#include "core/sample/time_grid.hpp"

namespace driftglass {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t sample_block = 2048;

/// Passes progress on about ten times a second.
class Meter {
public:
    Meter(const Progress& progress, double total, std::string what)
        : progress_(progress), total_(total), what_(std::move(what)) {}
    void at(double done) {
        const auto now = Clock::now();
        if (!progress_ || (done < total_ && now - last_ < 100ms)) return;
        last_ = now;
        progress_(done, total_, what_);
    }

private:
    const Progress& progress_;
    double total_;
    std::string what_;
    Clock::time_point last_{};
};

}  // namespace

std::shared_ptr<const Field> Lab::State::field_of(const ViewSpec& view) {
    model = learner.latest();
    std::shared_ptr<const Field> field = view_field(view, parts_of(view), setup);
    check_sampler(view.sampler, field->has_score(), field->schedule());
    return field;
}

ViewSpec Lab::State::chosen_view() const {
    const Scene& scene = *setup.scene;
    return options.view ? scene.views.at(*options.view) : own_view(scene);
}

Setup Lab::State::setup_of(const ViewSpec& view) const {
    Setup there = setup;
    if (!view.path) return there;
    auto scene = std::make_shared<Scene>(*setup.scene);
    scene->path = *view.path;
    there.scene = std::move(scene);
    there.schedule = make_schedule(*view.path);
    return there;
}

std::int64_t Lab::State::rows_at_once() const {
    constexpr std::int64_t pairs = std::int64_t{1} << 25;
    std::int64_t components = std::max<std::int64_t>(setup.data->size(), 1);
    if (setup.drawn_source && setup.drawn_source->finite_set() != nullptr)
        components *= setup.drawn_source->finite_set()->size();
    return std::max<std::int64_t>(pairs / components, 64);
}

Path Lab::State::sample_paths(const Field& whole_field, const ViewSpec& view, std::int64_t count,
                              std::uint64_t seed, bool keep_rows,
                              const std::function<void(double)>& progress, std::stop_token stop) {
    // Later rounds of reflow run from the first round's own starts.
    const Schedule& on = view.path ? whole_field.schedule() : *setup.schedule;
    const torch::Tensor from = setup.starts(on, count, derive_seed(seed, "source"));
    const StoppableField field(whole_field, rows_at_once(), stop);
    Path all;
    std::vector<torch::Tensor> ends, rows;
    for (std::int64_t first = 0; first < count; first += sample_block) {
        const std::int64_t n = std::min(sample_block, count - first);
        const torch::Tensor label = label_rows(view.guidance.wanted_label(), n, field.device());
        const std::string purpose = "sampling" + std::to_string(first / sample_block);
        Path path;
        try {
            path = driftglass::sample(field, from.narrow(0, first, n).to(field.device()), label,
                                      view.sampler, make_generator(seed, purpose), keep_rows);
        } catch (const Stopped&) {
            all.cancelled = true;
            break;
        }
        ends.push_back(path.end.to(torch::kCPU, torch::kFloat32));
        if (keep_rows) rows.push_back(path.rows.to(torch::kCPU, torch::kFloat32));
        all.times = path.times;
        all.nfe = std::max(all.nfe, path.nfe);
        all.network_evaluations = std::max(all.network_evaluations, path.network_evaluations);
        all.diverged = all.diverged || path.diverged;
        if (progress) progress(static_cast<double>(first + n));
    }
    const auto none = torch::empty({0, setup.scene->dimension});
    all.end = ends.empty() ? none : torch::cat(ends);
    if (keep_rows && !rows.empty()) all.rows = torch::cat(rows, 1);
    return all;
}

Path Lab::State::sample_view(const ViewSpec& view, std::int64_t count, bool keep_rows,
                             const Progress& progress, std::stop_token stop) {
    Meter meter(progress, static_cast<double>(count), "sampling");
    return sample_paths(
        *field_of(view), view, count, setup.scene->seed, keep_rows,
        [&](double done) { meter.at(done); }, std::move(stop));
}

bool Lab::State::train_until(std::int64_t steps, double seconds, const Progress& progress,
                             std::stop_token stop, const std::string& what) {
    const auto start = Clock::now();
    const std::int64_t first = learner.step();
    Meter meter(progress, seconds > 0 ? seconds : static_cast<double>(steps), what);
    const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    const auto finished = [&] {
        return seconds > 0 ? passed() >= seconds : learner.step() - first >= steps;
    };
    step_limit.reset();
    if (seconds <= 0) step_limit = first + steps;
    running = true;
    while (!finished() && !stop.stop_requested() && running && learner.can_train()) {
        train_slice(50ms);
        meter.at(seconds > 0 ? std::min(passed(), seconds)
                             : static_cast<double>(learner.step() - first));
    }
    step_limit.reset();
    if (draft.banner && draft.banner->fault) {
        throw Error(diverged_at
                        ? "training left the finite numbers at step " +
                              std::to_string(*diverged_at) + ": lower training.learning_rate"
                        : draft.banner->text);
    }
    return finished();
}

int Lab::State::rounds_to_come() const {
    return learner.loaded() ? learner.round()
                            : std::max(setup.scene->reflow.rounds, learner.round());
}

void Lab::State::check_view(const ViewSpec& view) {
    const bool closed_form = view.field == FieldKind::exact;
    const int rounds = rounds_to_come();
    const bool later_round = !closed_form && (view.round < 0 ? rounds > 0 : view.round > 0);
    if (closed_form && !exact_field()) throw Error(exact_fault);
    if (!closed_form && view.round > rounds) {
        const int asked = setup.scene->reflow.rounds;
        throw Error("round " + std::to_string(view.round) + " of reflow will not be there: " +
                    (view.round > asked ? "reflow.rounds is " + std::to_string(asked)
                                        : "the weights hold " + std::to_string(rounds)));
    }
    // What is loaded is all there.
    if (!closed_form && learner.loaded()) (void)view_field(view, parts_of(view), setup);
    check_guidance(view, setup, later_round);
    const auto check_times = [&](const Schedule& on) {
        const SamplerSettings& sampler = view.sampler;
        if (sampler.method != Method::langevin)
            (void)time_grid(on, sampler.grid, sampler.steps, sampler.t_min);
    };
    if (later_round) {
        check_sampler(view.sampler, false);
        return check_times(*make_schedule(PathSettings{}));
    }
    // A classifier and earlier weights are still to be learnt; the rest is there to be tried.
    ViewSpec bare = view;
    bare.guidance = {};
    bare.weights_step = -1;
    check_times(field_of(bare)->schedule());
}

void Lab::State::check_view_by_steps(const ViewSpec& view) {
    check_view(view);
    const Scene& scene = *setup.scene;
    const std::int64_t last = view.round > 0 ? scene.reflow.steps : scene.training.steps;
    if (view.field == FieldKind::learned && !learner.loaded() && view.weights_step > last) {
        throw Error("weights_step " + std::to_string(view.weights_step) +
                    " comes after the training's last, " + std::to_string(last));
    }
}

void Lab::State::check_numbered_view(std::size_t i, bool by_steps) {
    const ViewSpec& view = setup.scene->views.at(i);
    try {
        by_steps ? check_view_by_steps(view) : check_view(view);
    } catch (const Error& error) {
        throw Error("views[" + std::to_string(i) + "]: " + error.what());
    }
}

void Lab::check_sampling(bool by_steps) {
    State& s = *state_;
    s.take_commands();
    if (s.options.view) return s.check_numbered_view(*s.options.view, by_steps);
    const ViewSpec view = own_view(*s.setup.scene);
    by_steps ? s.check_view_by_steps(view) : s.check_view(view);
}

void Lab::check_views(bool by_steps) {
    State& s = *state_;
    s.take_commands();
    for (std::size_t i = 0; i < s.setup.scene->views.size(); ++i)
        s.check_numbered_view(i, by_steps);
}

void Lab::train(double seconds, const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    std::exception_ptr fault;
    try {
        s.train_all(seconds, progress, stop);
    } catch (const Error&) {
        fault = std::current_exception();
    }
    // The snapshot says how far it came, in either case.
    s.running = false;
    s.next_model();
    s.publish();
    if (fault) std::rethrow_exception(fault);
}

void Lab::State::train_all(double seconds, const Progress& progress, const std::stop_token& stop) {
    const Scene scene = *setup.scene;
    const bool needed = scene.field == FieldKind::learned ||
                        std::any_of(scene.views.begin(), scene.views.end(), [](const ViewSpec& v) {
                            return v.field == FieldKind::learned;
                        });
    if (learner.loaded() || !needed) return;
    const bool wanted = scene.training.steps > 0 || seconds > 0;
    if (wanted && setup.data->size() == 0) {
        throw no_points(scene.data);
    }
    // The same views of the loop: nothing is looked at while a command trains.
    bool whole = train_until(scene.training.steps, seconds, progress, stop, "training");
    while (whole && learner.round() < scene.reflow.rounds) {
        const std::string round = std::to_string(learner.round() + 1);
        PairMaker maker(setup, learner.latest());
        Meter meter(progress, maker.total(), "pairs for reflow round " + round);
        bool made = false;
        while (!made && !stop.stop_requested()) {
            made = maker.step([&] { return stop.stop_requested(); });
            meter.at(maker.done());
        }
        if (!made) break;
        learner.push_round(setup, maker.pairs());
        whole = train_until(scene.reflow.steps, 0, progress, stop, "reflow round " + round);
    }
    if (learner.step() > 0) learner.read_loss();
}

PointSet Lab::sample(std::int64_t count, const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const Scene& scene = *s.setup.scene;
    const ViewSpec view = s.chosen_view();
    const Path path = s.sample_view(view, count, false, progress, std::move(stop));
    PointSet points;
    points.dimension = scene.dimension;
    points.x = numbers_of(path.end);
    if (view.guidance.kind != GuidanceKind::none) {
        points.labels.assign(static_cast<std::size_t>(points.size()), view.guidance.label);
    }
    return points;
}

Trajectories Lab::sample_trajectories(std::int64_t count, const Progress& progress,
                                      std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const Path path = s.sample_view(s.chosen_view(), count, true, progress, std::move(stop));
    Trajectories result = trajectories_of(path.rows, path.times);
    result.nfe = path.nfe;
    result.network_evaluations = path.network_evaluations;
    result.diverged = path.diverged;
    return result;
}

void Lab::check_points(const PointSet& points) {
    State& s = *state_;
    s.take_commands();
    const int dimension = s.setup.scene->dimension;
    if (points.dimension != dimension) {
        throw Error("the points have dimension " + std::to_string(points.dimension) +
                    ", the scene has " + std::to_string(dimension));
    }
    if (s.learner.loaded()) return;
    const std::vector<int>& labels = s.setup.data->labels;
    const std::set<int> known(labels.begin(), labels.end());
    for (std::size_t i = 0; i < points.labels.size(); ++i) {
        if (points.labels[i] < 0 || known.contains(points.labels[i])) continue;
        throw Error("point " + std::to_string(i + 1) + " has the label " +
                    std::to_string(points.labels[i]) +
                    ", which no data point has: give it one that is there, or none");
    }
}

FieldTable Lab::field_at(const PointSet& points, double time, bool log_density,
                         const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    check_points(points);
    if (!(time >= 0 && time <= 1)) throw Error("the time must be from 0 (data) to 1 (noise)");
    const ViewSpec view = s.chosen_view();
    s.model = s.learner.latest();
    const FieldParts parts = s.parts_of(view);
    const std::shared_ptr<const Field> whole = view_field(view, parts, s.setup);
    const StoppableField field(*whole, s.rows_at_once(), stop);
    const torch::Tensor t = at_time(time);
    const torch::Tensor positions = positions_of(points).to(field.device());
    torch::Tensor labels = labels_of(points);
    if (parts.model) {
        for (const int label : std::set<int>(points.labels.begin(), points.labels.end())) {
            if (label >= 0) check_label_learnt(label, *parts.model, "the points' label");
        }
    }
    if (!labels.defined()) {
        labels = label_rows(view.guidance.wanted_label(), positions.size(0), field.device());
    } else {
        labels = labels.to(field.device());
    }
    const bool closed_form =
        view.field == FieldKind::exact && view.guidance.kind == GuidanceKind::none;
    if (log_density && !closed_form) check_log_density();

    FieldTable table;
    const auto append = [](std::vector<float>& to, const torch::Tensor& values) {
        const std::vector<float> numbers = numbers_of(values);
        to.insert(to.end(), numbers.begin(), numbers.end());
    };
    constexpr std::int64_t block_rows = 512;  // a density takes some hundreds of evaluations
    const std::int64_t count = positions.size(0);
    Meter meter(progress, static_cast<double>(count), "evaluating the field");
    try {
        for (std::int64_t first = 0; first < count; first += block_rows) {
            const std::int64_t n = std::min(block_rows, count - first);
            const torch::Tensor x = positions.narrow(0, first, n);
            const torch::Tensor label = labels.defined() ? labels.narrow(0, first, n) : labels;
            append(table.velocity, field.velocity(x, t, label));
            if (field.has_score()) {
                append(table.score, field.score(x, t, label));
                append(table.data, field.data(x, t, label));
                append(table.noise, field.noise(x, t, label));
            }
            append(table.divergence, field.divergence(x, t, label));
            if (closed_form) {
                append(table.log_density, field.log_density(x, t, label));
            } else if (log_density) {
                append(table.log_density, log_density_at(field, x, time, label));
            }
            meter.at(static_cast<double>(first + n));
        }
    } catch (const Stopped&) {
        return {};
    }
    return table;
}

void Lab::save_weights(const std::filesystem::path& file) {
    state_->save_weights(file);
}

void Lab::State::save_weights(const std::filesystem::path& file) {
    const Scene& scene = *setup.scene;
    model = learner.latest();
    std::vector<ViewSpec> views = scene.views;
    views.push_back(own_view(scene));
    std::vector<ModelPtr> shown;
    for (const ViewSpec& view : views) {
        try {
            const FieldParts parts = parts_of(view);
            shown.insert(shown.end(), {parts.model, parts.weaker});
        } catch (const Error&) {
            // What a pane cannot show now either: its note says why.
        }
    }
    driftglass::save_weights(file, learner.saved(setup, shown));
}

}  // namespace driftglass
