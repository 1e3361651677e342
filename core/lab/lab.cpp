#include "core/lab/lab.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "core/lab/autosave.hpp"
#include "core/lab/devices.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/path_warning.hpp"
#include "core/share_work.hpp"

namespace driftglass {
namespace {

using namespace std::chrono_literals;

constexpr auto slice = 8ms;  ///< of training
constexpr auto metrics_slice = 8000us;
constexpr double cycle_seconds = 0.1;  ///< pictures of new weights: ten a second at most
constexpr double publish_seconds = 1.0 / 60;
/// What views get for each second of the engine's: those of a changed time, those of new weights,
/// and measures and plots.
constexpr double look_share = 0.08;
constexpr double model_share = 0.1;
constexpr double measure_share = 0.04;
/// A person asked for it and waits.
constexpr double study_share = 0.5;
/// The same for measures of which none is there yet, and for numbers of weights much younger than
/// those of now; not in the first second of training, which everybody watches, nor while one draws.
constexpr double first_measure_share = 0.3;
constexpr double old_measure_share = 0.15;
constexpr double first_second = 1, still_drawing = 0.5;
constexpr double longest_turn = 0.1;  ///< that is earned for at once
constexpr double most_credit = 0.2;

double seconds_between(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

/// Told before anything is computed: sums of torch's operators depend on it.
int told_threads(const LabOptions& options) {
    const int threads = options.threads > 0 ? options.threads : core_count();
    set_work_threads(threads, options.beside_window);
    return threads;
}

Scene checked(Scene scene) {
    if (scene.views.empty()) scene.views.push_back(own_view(scene));
    check_scene(scene);
    return scene;
}

}  // namespace

Lab::State::State(Scene scene, LabOptions the_options, std::filesystem::path file)
    : options(std::move(the_options)),
      threads(told_threads(options)),
      history({std::make_shared<const Scene>(checked(std::move(scene))), std::move(file)}),
      saved(options.recovered ? nullptr : history.now().scene),
      autosaved(history.now().scene),
      device(device_named(options.device)),
      setup(make_setup(history.now().scene, nullptr)),
      learner(setup, device) {
    if (learner.loaded()) running = false;
    draft.panes.resize(pane.size());
    draft.status.devices = available_devices();
    next_model();
    publish();
}

bool Lab::State::can_train() const {
    return running && !pair_maker && learner.can_train() &&
           (!step_limit || learner.step() < *step_limit);
}

void Lab::State::train_slice(std::chrono::microseconds budget) {
    if (step_limit) {
        learner.train(budget, *step_limit - learner.step());
    } else {
        learner.train(budget);
    }
    ++counters.training_slices;
    // Of all the engine's time, not of training's alone: where the machine is busy and time plays,
    // views take most of it.
    const auto now = Clock::now();
    const double seconds = std::min(longest_turn, seconds_between(earned_at, now));
    earned_at = now;
    const auto earn = [seconds](double& credit, double share) {
        credit = std::min(most_credit, credit + share * seconds);
    };
    earn(look_credit, look_share);
    earn(model_credit, model_share);
    earn(study_credit, study_share);
    const auto wanted_share = [&] {
        const double drawn = seconds_between(data_at, now);
        if (learner.seconds() < first_second || drawn < still_drawing) return measure_share;
        if (metrics_missed() || loss_curve_missed()) return first_measure_share;
        return metrics_old() ? old_measure_share : measure_share;
    };
    earn(measure_credit, wanted_share());
    dirty = true;
    if (learner.diverged()) after_divergence();
}

void Lab::State::after_divergence() {
    diverged_at = learner.step();
    const std::int64_t back = restore_good();
    running = false;
    raise_banner("Training left the finite numbers at step " + std::to_string(*diverged_at) +
                     ". The weights of step " + std::to_string(back) +
                     " are back and training is paused: lower the learning rate, then go on.",
                 true);
    next_model();
}

std::int64_t Lab::State::restore_good() {
    const std::int64_t step = learner.restore_good(setup);
    if (learner.round() == 0) problem_step = std::min(problem_step, step);
    return step;
}

std::int64_t Lab::State::trained_steps() const {
    return learner.step() - (learner.round() == 0 ? problem_step : 0);
}

void Lab::State::engine_fault(const std::string& what) {
    const std::string cause = first_line(what);
    // Nothing half done is tried again, here or on another device.
    drop_half_done();
    plots_fault = exact_version;
    // Memory that ran out is no loss; a device that went away answers nothing any more.
    for (const bool lost : {false, true}) {
        if (device.is_cpu()) break;
        try {
            move_to(torch::kCPU, lost);
            raise_banner("The device failed (" + cause +
                             "). Driftglass goes on on the CPU, with the weights of step " +
                             std::to_string(learner.step()) + "; choose the device again to retry.",
                         true);
            return;
        } catch (const std::exception&) {
            // Told below.
        }
    }
    running = false;
    raise_banner("The computation failed (" + cause +
                     "). Training is paused and the drawing is safe: try a smaller network, batch "
                     "or data set, then go on.",
                 true);
}

bool Lab::State::reflow_slice() {
    const ReflowSettings& reflow = setup.scene->reflow;
    if (!running) return false;
    if (!pair_maker) {
        const int round = learner.round();
        const std::int64_t enough = round > 0 ? reflow.steps : setup.scene->training.steps;
        const bool due = round < reflow.rounds &&
                         (trained_steps() >= enough || (reflow_asked && trained_steps() > 0));
        if (due && (learner.can_train() || learner.needs_pairs())) {
            reflow_asked = false;
            pair_maker.emplace(setup, learner.latest());
        } else if (learner.needs_pairs()) {
            pair_maker.emplace(setup, learner.model(round - 1, -1));
        } else {
            return false;
        }
    }
    try {
        if (pair_maker->step([this] { return queue.urgent(); })) {
            if (pair_maker->round() > learner.round()) {
                learner.push_round(setup, pair_maker->pairs());
            } else {
                learner.set_pairs(setup, pair_maker->pairs());
            }
            pair_maker.reset();
            next_model();
        }
    } catch (const Error& error) {
        pair_maker.reset();
        running = false;
        notice(error.what(), true);
    }
    dirty = true;
    return true;
}

void Lab::State::forget_metrics() {
    metrics_round.clear();
    metrics_job.cancel();
    metrics_paths.clear();
    first_key.reset();
    first_ends = torch::Tensor();
}

void Lab::State::forget_numbers(int i) {
    draft.panes[static_cast<std::size_t>(i)].metrics = nullptr;
    pane[static_cast<std::size_t>(i)].metrics.reset();
    if (i != 0) return;
    for (PaneSnapshot& other : draft.panes) {
        if (!other.metrics || !other.metrics->w2_to_first) continue;
        auto without = std::make_shared<PaneMetrics>(*other.metrics);
        without->w2_to_first.reset();
        other.metrics = std::move(without);
    }
}

void Lab::State::forget_all_numbers() {
    forget_metrics();
    for (std::size_t i = 0; i < pane.size(); ++i)
        forget_numbers(static_cast<int>(i));
}

/// The floor gets better with each pair of draws: numbers that stand already follow.
void Lab::State::show_floor() {
    for (std::size_t i = 0; i < pane.size(); ++i) {
        const auto& metrics = draft.panes[i].metrics;
        const double floor = floor_job.w2().value_or(0);
        if (!metrics || metrics->to_tilt || metrics->w2_floor == 0 || metrics->w2_floor == floor)
            continue;
        auto next = std::make_shared<PaneMetrics>(*metrics);
        next->w2_floor = floor;
        draft.panes[i].metrics = std::move(next);
        dirty = true;
    }
}

bool Lab::State::metrics_missed() const {
    for (int i = 0; look.metrics && i < panes(); ++i) {
        const PaneState& p = pane[static_cast<std::size_t>(i)];
        const bool there =
            p.metrics && p.metrics->same_choice(p.key) && p.metrics_data == data_version;
        if (p.field && !there) return true;
    }
    return false;
}

bool Lab::State::metrics_old() const {
    for (std::size_t i = 0; look.metrics && i < static_cast<std::size_t>(panes()); ++i) {
        const auto& metrics = draft.panes[i].metrics;
        if (!metrics || pane[i].metrics == pane[i].key) continue;
        const std::int64_t first = learner.round() == 0 ? problem_step : 0;
        if (2 * (metrics->step - first) < learner.step() - first) return true;
    }
    return false;
}

bool Lab::State::loss_curve_missed() const {
    const bool looked_at = look.loss_curve || look.loss_against_time;
    return looked_at && learner.round() == 0 && loss_job.stale_problem() &&
           plots_fault != exact_version;
}

bool Lab::State::begin_metrics() {
    forget_metrics();
    next_model();  // a round of numbers takes seconds: let it not begin with old weights
    bool stale = false;
    for (int i = 0; i < panes(); ++i) {
        const PaneState& p = pane[static_cast<std::size_t>(i)];
        if (!p.field) continue;
        stale = stale || p.metrics != p.key || p.metrics_data != data_version;
        metrics_round.push_back({i, p.key, p.field, p.schedule, model->step});
    }
    if (!stale) metrics_round.clear();
    return stale;
}

bool Lab::State::refresh_metrics() {
    if (!look.metrics || setup.data->size() == 0 || panes() == 0) return false;
    floor_job.want(data_version);
    if (!floor_job.w2()) {
        floor_job.step(setup, metrics_slice);
        return true;
    }
    const auto still_shown = [&](int i, const PaneKey& key) {
        return i < panes() && pane[static_cast<std::size_t>(i)].field &&
               pane[static_cast<std::size_t>(i)].key.same_choice(key);
    };
    // Numbers of a pane that now shows something else are of no use.
    if (!metrics_round.empty() && (!still_shown(metrics_round[0].pane, metrics_round[0].key) ||
                                   (first_key && !still_shown(0, *first_key)))) {
        metrics_round.clear();
    }
    if (metrics_round.empty()) {
        // While training goes on the next round of numbers is always due: a pair of the floor comes
        // before it.
        const bool floor_first = floor_due && floor_job.stale();
        if (!floor_first && begin_metrics()) {
            floor_due = true;
        } else {
            if (!floor_job.stale()) return false;
            if (floor_job.step(setup, metrics_slice)) {
                floor_due = false;
                show_floor();
            }
            return true;
        }
    }
    const MetricsPane& now = metrics_round[0];
    if (!metrics_job.running()) {
        const PaneState& p = pane[static_cast<std::size_t>(now.pane)];
        if (metrics_paths.count() == 0 && p.paths.wanted() == now.key) metrics_paths = p.paths;
        metrics_paths.want(now.key);
    }
    if (!metrics_job.running() && !metrics_paths.has(metric_points)) {
        on_pane(now.pane, [&](PaneState&) {
            const bool made =
                metrics_paths.make_block(*now.field, starts(metric_points, *now.schedule),
                                         setup.scene->seed, [this] { return queue.urgent(); });
            ++(made ? counters.path_blocks : counters.cancelled_blocks);
        });
        return true;
    }
    on_pane(now.pane, [&](PaneState& p) {
        if (!metrics_job.running()) {
            const torch::Tensor ends = metrics_paths.ends(metric_points);
            if (!torch::isfinite(ends).all().item<bool>()) {
                // The picture says it: there is no distance.
                draft.panes[static_cast<std::size_t>(now.pane)].metrics = nullptr;
                p.metrics = now.key;
                p.metrics_data = data_version;
                metrics_paths.clear();
                metrics_round.erase(metrics_round.begin());
                return;
            }
            if (now.pane == 0) {
                first_key = now.key;
                first_ends = ends;
            }
            metrics_job.start(now.pane, now.key, setup, ends,
                              now.pane == 0 ? torch::Tensor() : first_ends,
                              starts(metric_points, *now.schedule), now.field, now.step);
            return;
        }
        const std::shared_ptr<const PaneMetrics> done = metrics_job.step(metrics_slice);
        if (!done) return;
        auto metrics = std::make_shared<PaneMetrics>(*done);
        // A guided pane has a floor of its own, that of the tilted density.
        if (now.key.view.guidance.kind == GuidanceKind::none)
            metrics->w2_floor = floor_job.w2().value_or(0);
        draft.panes[static_cast<std::size_t>(now.pane)].metrics = metrics;
        p.metrics = now.key;
        p.metrics_data = data_version;
        metrics_job.cancel();
        metrics_paths.clear();
        ++counters.pane_metrics;
        metrics_round.erase(metrics_round.begin());
    });
    return true;
}

// ---- publishing

void Lab::State::update_status() {
    Status& status = draft.status;
    status.device = name_of_device(device);
    status.device_name = full_name(device, threads);
    status.threads = threads;
    status.running = running;
    status.step = learner.step();
    status.seconds = learner.seconds();
    status.loss = std::isfinite(learner.loss()) ? learner.loss() : 0;
    status.reflow.round = learner.round();
    status.reflow.pairs_made = pair_maker ? static_cast<std::int64_t>(pair_maker->done()) : 0;
    status.reflow.pairs_wanted = pair_maker ? static_cast<std::int64_t>(pair_maker->total()) : 0;
    status.kept_steps = learner.kept_steps();
    const auto now = Clock::now();
    const double passed = seconds_between(rate_at, now);
    if (!running || status.step < rate_step) {
        status.steps_per_second = 0;
        rate_at = now;
        rate_step = status.step;
    } else if (passed >= 0.5) {
        const double rate = static_cast<double>(status.step - rate_step) / passed;
        status.steps_per_second =
            status.steps_per_second > 0 ? 0.5 * (status.steps_per_second + rate) : rate;
        rate_at = now;
        rate_step = status.step;
    }
}

void Lab::State::publish() {
    update_status();
    const Document& document = history.now();
    if (draft.scene != setup.scene) draft.schedule_warning = path_warning(setup);
    draft.scene = setup.scene;
    draft.file = document.file;
    draft.unsaved = document.scene != saved;
    draft.can_undo = history.before() != nullptr;
    draft.can_redo = history.after() != nullptr;
    draft.data = setup.data;
    draft.strokes = setup.strokes;
    draft.schedule = setup.curve;

    const LossHistory& losses = learner.losses();
    // Pairs of a later round have no floor, and that of another problem is none of this one.
    const bool measured = learner.round() == 0 && loss_job.made(loss_version);
    draft.loss_against_time = measured ? loss_job.curve() : nullptr;
    const std::optional<double> floor = measured ? loss_job.mean_floor() : std::nullopt;
    if (!draft.loss || draft.loss->step.size() != losses.steps().size() ||
        (!losses.steps().empty() && draft.loss->step.back() != losses.steps().back()) ||
        draft.loss->floor != floor) {
        auto curve = std::make_shared<LossCurve>();
        curve->step = losses.steps();
        curve->loss = losses.losses();
        curve->floor = floor;
        draft.loss = std::move(curve);
    }
    const std::string hint = setup.data_hint();
    if (!hint.empty()) {
        if (!draft.banner) draft.banner = Banner{false, hint};
    } else if (draft.banner && !draft.banner->fault) {
        draft.banner.reset();
    }

    ++draft.version;
    auto snapshot = std::make_shared<Snapshot>(draft);
    snapshot->panes.resize(setup.scene->views.size());
    for (std::size_t i = 0; i < snapshot->panes.size(); ++i) {
        PaneSnapshot& p = snapshot->panes[i];
        const bool looked_at = static_cast<int>(i) < panes();
        p.note = looked_at ? pane[i].note : "";
        p.lacks_score = looked_at && pane[i].lacks_score;
        if (p.note.empty()) continue;
        p.trajectories = nullptr;
        p.arrows = nullptr;
        p.density_exact = nullptr;
        p.density_samples = nullptr;
        p.profile = nullptr;
        p.metrics = nullptr;
        p.probes = nullptr;
        p.pairing = nullptr;
        p.coupling.reset();
    }
    {
        const std::lock_guard lock(published_mutex);
        published = std::move(snapshot);
    }
    published_at = Clock::now();
    dirty = false;
}

void Lab::State::autosave_failed(const std::string& fault) {
    autosaved = nullptr;
    // Once: the next attempt, in ten seconds, is likely to fail in the same way.
    if (std::exchange(autosave_fault, fault) != fault)
        notice("the autosave failed: " + fault, true);
}

void Lab::State::end_autosave() {
    if (const std::string fault = autosaving.get(); !fault.empty()) {
        autosave_failed(fault);
    } else {
        autosave_fault.clear();
    }
}

void Lab::State::autosave(bool wait) {
    if (autosaving.valid()) {
        if (!wait && autosaving.wait_for(0s) != std::future_status::ready) return;
        end_autosave();
    }
    const std::shared_ptr<const Scene>& scene = history.now().scene;
    if (options.autosave.empty() || scene == autosaved) return;
    autosaved = scene;
    autosaved_at = Clock::now();
    ++counters.autosaves;
    // A large drawing takes a while to write: not in the engine's time.
    try {
        autosaving = std::async(
            std::launch::async,
            [scene, file = options.autosave, document = history.now().file]() -> std::string {
                try {
                    write_autosave(*scene, file, document);
                    return {};
                } catch (const std::exception& error) {
                    return error.what();
                }
            });
    } catch (const std::system_error& error) {  // no thread is to be had
        return autosave_failed(error.what());
    }
    if (wait) end_autosave();
}

std::string Lab::State::keep_unsaved() {
    const Document& document = history.now();
    if (document.scene == saved) {
        if (autosaving.valid()) autosaving.wait();
        remove_autosave(options.autosave);
        return {};
    }
    autosave(true);
    if (autosave_fault.empty()) return {};
    // Any place is better than none.
    const std::filesystem::path elsewhere = name_to_keep(std::filesystem::temp_directory_path() /
                                                         "driftglass-unsaved" / "autosave.json");
    write_autosave(*document.scene, elsewhere, {});
    return autosave_fault + "; what was not saved is kept as " + elsewhere.string();
}

void Lab::State::autosave_if_due() {
    if (options.autosave.empty()) return;
    if (Clock::now() - autosaved_at >= autosave_every) autosave(false);
}

// ---- the lab

Lab::Lab(Scene scene, LabOptions options, std::filesystem::path file)
    : state_(std::make_unique<State>(std::move(scene), std::move(options), std::move(file))) {}

Lab::~Lab() {
    finish();
}

std::string Lab::finish() {
    std::string words;
    State& s = *state_;
    if (s.options.autosave.empty()) return words;
    try {
        words = s.keep_unsaved();
    } catch (const std::exception&) {
        words = s.autosave_fault + "; what was not saved is lost";
    }
    s.options.autosave.clear();  // it is done
    return words;
}

void Lab::send(Command command) {
    state_->queue.send(std::move(command));
}

std::shared_ptr<const Snapshot> Lab::snapshot() const {
    const std::lock_guard lock(state_->published_mutex);
    return state_->published;
}

void Lab::wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop) {
    state_->queue.wait(at_most, std::move(stop));
}

void Lab::autosave() {
    state_->autosave(true);
}

const LabCounters& Lab::counters() const {
    return state_->counters;
}

/// One piece of work after a slice of training: of what has most time left of its share and
/// something to do. Cheap pieces would otherwise take every turn.
void Lab::State::beside_training() {
    const auto start = Clock::now();
    using Work = bool (State::*)();
    std::array<std::pair<double*, Work>, 4> all = {{{&look_credit, &State::refresh_look},
                                                    {&study_credit, &State::study_slice},
                                                    {&measure_credit, &State::refresh_measures},
                                                    {&model_credit, &State::refresh_model}}};
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return *a.first > *b.first; });
    for (const auto& [credit, work] : all) {
        if (*credit <= 0) return;
        if (!(this->*work)()) continue;
        *credit -= seconds_between(start, Clock::now());
        return;
    }
}

bool Lab::State::refresh_look() {
    return refresh(Stale::look);
}

bool Lab::State::refresh_model() {
    if (refresh(Stale::model)) return true;
    return seconds_between(model_at, Clock::now()) >= cycle_seconds && next_model();
}

bool Lab::tick(std::chrono::microseconds budget) {
    State& s = *state_;
    const auto end = Clock::now() + budget;
    // Torch counts its operators' threads by the thread that asks.
    if (s.engine_thread != std::this_thread::get_id()) {
        s.engine_thread = std::this_thread::get_id();
        set_work_threads(s.threads, s.options.beside_window);
    }
    bool any = s.take_commands();
    while (true) {
        bool worked = false, chosen = false;
        try {
            if (s.refresh(Stale::choice)) {
                worked = chosen = true;
            } else if (s.can_train()) {
                const auto left =
                    std::chrono::duration_cast<std::chrono::microseconds>(end - Clock::now());
                s.train_slice(std::clamp<std::chrono::microseconds>(left, 500us, slice));
                worked = true;
                s.beside_training();
            } else {
                // In turns, by the time that each takes: views never end while time plays.
                const auto start = Clock::now();
                const auto spent = [&] { return seconds_between(start, Clock::now()); };
                const auto views = [&] {
                    if (!s.refresh(Stale::look) && !s.refresh(Stale::model) && !s.next_model())
                        return false;
                    s.background_credit = std::min(most_credit, s.background_credit + spent());
                    return true;
                };
                const auto background = [&] {
                    if (!s.background()) return false;
                    s.background_credit = std::max(-most_credit, s.background_credit - spent());
                    return true;
                };
                worked =
                    s.background_credit > 0 ? background() || views() : views() || background();
            }
            if (s.can_train() && s.reflow_slice()) worked = true;
        } catch (const Error& error) {
            s.running = false;
            s.raise_banner(error.what(), true);
            worked = true;
        } catch (const std::exception& error) {
            s.engine_fault(error.what());
            worked = true;
        }
        any = any || worked;
        const auto now = Clock::now();
        // What a person waits for is shown at once.
        if (s.dirty && (chosen || seconds_between(s.published_at, now) >= publish_seconds))
            s.publish();
        if (!worked || now >= end || !s.queue.empty()) break;
    }
    if (s.dirty) s.publish();
    s.autosave_if_due();
    return any;
}

}  // namespace driftglass
