// What the panes and plots show, and what of it must be made again.

#include <algorithm>
#include <cmath>
#include <exception>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/paired_draws.hpp"
#include "core/lab/probe.hpp"
#include "core/lab/source_law.hpp"
#include "core/sample/sampler.hpp"

namespace driftglass {
namespace {

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// At most `most` of them, evenly taken, the first and the last among them.
std::vector<ModelPtr> thinned(const std::vector<ModelPtr>& models, std::size_t most) {
    std::vector<ModelPtr> few;
    const std::size_t count = std::min(models.size(), most);
    for (std::size_t i = 0; i < count; ++i)
        few.push_back(models[count == 1 ? 0 : i * (models.size() - 1) / (count - 1)]);
    return few;
}

std::int64_t whole_blocks(std::int64_t count) {
    return (std::max<std::int64_t>(count, 1) + PanePaths::block - 1) / PanePaths::block *
           PanePaths::block;
}

}  // namespace

int Lab::State::panes() const {
    return static_cast<int>(std::min(look.panes.size(), setup.scene->views.size()));
}

std::int64_t Lab::State::first_count() const {
    return whole_blocks(std::clamp(look.trajectories, 1, 20000));
}

std::int64_t Lab::State::full_count() const {
    return std::max(first_count(), whole_blocks(std::clamp(look.particles, 1, 20000)));
}

std::shared_ptr<const ExactField> Lab::State::exact_field() {
    if (!exact && exact_fault.empty()) {
        try {
            exact = make_exact_field(setup, device);
        } catch (const Error& error) {
            exact_fault = error.what();
        }
    }
    return exact;
}

std::shared_ptr<const ExactField> Lab::State::exact_field_of(const ViewSpec& view) {
    if (!view.path || !exact_field()) return exact_field();
    return make_exact_field(setup_of(view), device);
}

const torch::Tensor& Lab::State::starts(std::int64_t count, const Schedule& schedule) {
    const double scale = schedule.source_scale();
    if (!start_rows.defined() || start_rows.size(0) < count || start_rows_scale != scale) {
        start_rows = setup.starts(schedule, std::max<std::int64_t>(count, 2048),
                                  derive_seed(setup.scene->seed, "source"));
        start_rows_scale = scale;
    }
    return start_rows;
}

FieldParts Lab::State::parts_of(const ViewSpec& view) {
    FieldParts parts;
    if (view.field == FieldKind::exact) {
        parts.exact = exact_field();
        if (!parts.exact) throw Error(exact_fault);
    }
    if (view.field == FieldKind::learned) {
        parts.model = view.round < 0 && view.weights_step < 0
                          ? model
                          : learner.model(view.round, view.weights_step);
        if (view.guidance.kind == GuidanceKind::autoguidance) {
            try {
                parts.weaker = learner.model(view.round, weaker_step(*parts.model));
            } catch (const Error& error) {
                throw Error("guidance.kind: autoguidance leads away from earlier weights. " +
                            std::string(error.what()));
            }
        }
    }
    return parts;
}

/// What each pane is to show now, and its field.
void Lab::State::refresh_keys() {
    for (int i = 0; i < panes(); ++i) {
        PaneState& p = pane[static_cast<std::size_t>(i)];
        PaneSnapshot& shown = draft.panes[static_cast<std::size_t>(i)];
        const ViewSpec view =
            without_idle_guidance(setup.scene->views[static_cast<std::size_t>(i)], setup);
        const bool guided = view.guidance.kind != GuidanceKind::none;
        p.lacks_score = false;
        try {
            const FieldParts parts = parts_of(view);
            PaneKey key{view, parts.version(view.field, exact_version),
                        view.field == FieldKind::learned ? parts.model->round : 0, starts_version,
                        0};
            if (guided) {
                const std::vector<int>& labels = setup.data->labels;
                const bool there =
                    std::find(labels.begin(), labels.end(), view.guidance.label) != labels.end();
                const bool others = std::any_of(labels.begin(), labels.end(), [&](int label) {
                    return label != view.guidance.label;
                });
                key.labels =
                    (parts.exact ? exact_version << 2 : 0) + (there ? 1 : 0) + (others ? 2 : 0);
            }
            if (p.key_of_field == key) continue;
            p.field = view_field(view, parts, setup);
            p.lacks_score = needs_score(view.sampler) && !p.field->has_score();
            check_sampler(view.sampler, p.field->has_score(), p.field->schedule());
            // Later rounds run on the straight line from the first round's own starts.
            p.schedule = setup.schedule;
            if (view.path) p.schedule = make_schedule(*view.path);
            // What lies between the pairs of a later round has no closed form.
            p.after_reflow = view.field == FieldKind::learned && parts.model->round > 0;
            if (p.after_reflow) {
                p.exact_density.reset();
                shown.density_exact = nullptr;
            }
            p.key = key;
            p.key_of_field = key;
            p.paths.want(key);
            p.coupling = parts.model ? parts.model->coupling : setup.scene->coupling;
            shown.coupling.reset();
            if (view.field == FieldKind::learned && parts.model->round == 0)
                shown.coupling = p.coupling.kind;
            // Lines of other pairs are wrong at once.
            if (p.pairing &&
                (p.pairing->round != key.round || !(p.pairing->coupling == p.coupling))) {
                p.pairing.reset();
                shown.pairing = nullptr;
            }
            // Numbers of another choice say nothing about this one.
            if (p.metrics && !p.metrics->same_choice(key)) forget_numbers(i);
            if (!p.note.empty()) dirty = true;
            p.note.clear();
        } catch (const Error& error) {
            if (p.note != error.what()) dirty = true;
            p.note = error.what();
            p.field = nullptr;
            p.key_of_field.reset();
            if (i == 0) forget_numbers(0);
        }
    }
}

bool Lab::State::next_model() {
    const ModelPtr latest = learner.latest();
    if (latest == model) return false;
    model = latest;
    model_at = Clock::now();
    refresh_keys();
    return true;
}

// ---- what is stale

Stale Lab::State::stale_first_paths(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    if (!p.field) return Stale::no;
    if (!p.paths.has_choice(first_count())) return Stale::choice;
    return p.paths.has(first_count()) ? Stale::no : Stale::model;
}

Stale Lab::State::stale_all_paths(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    if (!p.field) return Stale::no;
    if (!p.paths.has_choice(full_count())) {
        // Blocks of new weights are on their way: the pane still shows the old ones.
        const bool shown = p.shown && p.shown->same_choice(p.key) && p.shown_count >= full_count();
        return shown ? Stale::model : Stale::choice;
    }
    return p.paths.has(full_count()) ? Stale::no : Stale::model;
}

// Space against time is the same at all times.
double Lab::State::picture_time() const {
    return setup.scene->dimension == 1 ? 0 : look.time;
}

ArrowKey Lab::State::arrow_key(int i) const {
    const Look::Pane& wanted = look.panes[static_cast<std::size_t>(i)];
    return {pane[static_cast<std::size_t>(i)].key, wanted.world, wanted.arrow_columns,
            wanted.arrow_rows, picture_time()};
}

Stale Lab::State::stale_arrows(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    const Look::Pane& wanted = look.panes[static_cast<std::size_t>(i)];
    if (!p.field || !wanted.arrows || wanted.arrow_columns <= 0 || wanted.arrow_rows <= 0)
        return Stale::no;
    const ArrowKey key = arrow_key(i);
    if (p.arrows == key) return Stale::no;
    if (!p.arrows || !p.arrows->pane.same_choice(key.pane)) return Stale::choice;
    return p.arrows->world == key.world && p.arrows->time == key.time &&
                   p.arrows->columns == key.columns && p.arrows->rows == key.rows
               ? Stale::model
               : Stale::look;
}

ProbeKey Lab::State::probe_key(int i) const {
    return {pane[static_cast<std::size_t>(i)].key, look.probes, picture_time(), exact_version};
}

Stale Lab::State::stale_probes(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    if (!p.field || (look.probes.empty() && !p.probes)) return Stale::no;
    const ProbeKey key = probe_key(i);
    if (p.probes == key) return Stale::no;
    if (!p.probes || !p.probes->pane.same_choice(key.pane)) return Stale::choice;
    return p.probes->points == key.points && p.probes->time == key.time ? Stale::model
                                                                        : Stale::look;
}

DensityKey Lab::State::exact_density_key(int i) const {
    const Look::Pane& wanted = look.panes[static_cast<std::size_t>(i)];
    const ViewSpec view =
        without_idle_guidance(setup.scene->views[static_cast<std::size_t>(i)], setup);
    return {static_cast<std::uintptr_t>(exact_version),
            wanted.world,
            wanted.density_columns,
            wanted.density_rows,
            picture_time(),
            view.path,
            tilt_of(view.guidance)};
}

std::shared_ptr<const DensityGrid> Lab::State::view_density(int i, const Rect& world, int columns,
                                                            int rows, double t) const {
    const ViewSpec view =
        without_idle_guidance(setup.scene->views[static_cast<std::size_t>(i)], setup);
    return exact_density(setup, view.path ? *make_schedule(*view.path) : *setup.schedule, world,
                         columns, rows, t, tilt_of(view.guidance));
}

Stale Lab::State::stale_exact_density(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    const Look::Pane& wanted = look.panes[static_cast<std::size_t>(i)];
    if (!p.field || !wanted.density_exact || wanted.density_columns <= 0 ||
        wanted.density_rows <= 0 || (p.after_reflow && !p.exact_density)) {
        return Stale::no;
    }
    const DensityKey key = exact_density_key(i);
    if (p.exact_density == key) return Stale::no;
    return p.exact_density && p.exact_density->source == key.source ? Stale::look : Stale::choice;
}

DensityKey Lab::State::profile_key(int i) const {
    DensityKey key = exact_density_key(i);
    key.time = look.time;
    return key;
}

Stale Lab::State::stale_profile(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    if (setup.scene->dimension != 1) return p.profile ? Stale::choice : Stale::no;
    if (!p.field) return Stale::no;
    const std::pair key{profile_key(i), p.paths_version};
    if (p.profile == key) return Stale::no;
    if (!p.profile || p.profile->first.source != key.first.source) return Stale::choice;
    return p.profile->first == key.first ? Stale::model : Stale::look;
}

DensityKey Lab::State::sample_density_key(int i) const {
    const Look::Pane& wanted = look.panes[static_cast<std::size_t>(i)];
    return {pane[static_cast<std::size_t>(i)].paths_version,
            wanted.world,
            wanted.density_columns,
            wanted.density_rows,
            look.time,
            {},
            {}};
}

Stale Lab::State::stale_sample_density(int i) const {
    const PaneState& p = pane[static_cast<std::size_t>(i)];
    const Look::Pane& wanted = look.panes[static_cast<std::size_t>(i)];
    const PaneSnapshot& shown = draft.panes[static_cast<std::size_t>(i)];
    // Where the marginal has no closed form, the samples' density stands in for it, and under
    // guidance, which does not sample what it names, it is what is to be seen beside it.
    const bool guided =
        setup.scene->views[static_cast<std::size_t>(i)].guidance.kind != GuidanceKind::none;
    const bool stands_in =
        wanted.density_exact &&
        (guided || (!shown.density_exact && (p.after_reflow || p.exact_density.has_value())));
    if (!(wanted.density_samples || stands_in) || wanted.density_columns <= 0 ||
        wanted.density_rows <= 0 || setup.scene->dimension != 2 || !shown.trajectories) {
        return Stale::no;
    }
    const DensityKey key = sample_density_key(i);
    if (p.sample_density == key) return Stale::no;
    if (!p.sample_density) return Stale::choice;
    return p.sample_density->source == key.source ? Stale::look : Stale::model;
}

// ---- making it

void Lab::State::on_pane(int i, const std::function<void(PaneState&)>& work) {
    PaneState& p = pane[static_cast<std::size_t>(i)];
    try {
        work(p);
    } catch (const Error& error) {
        p.note = error.what();
        p.field = nullptr;
    } catch (const std::exception& error) {
        p.note = "This view could not be computed: " + first_line(error.what());
        p.field = nullptr;
        engine_fault(error.what());
    }
    dirty = true;
}

void Lab::State::make_paths(int i) {
    on_pane(i, [&](PaneState& p) {
        const bool may_cancel = !p.cancelled_before;
        const bool made =
            p.paths.make_block(*p.field, starts(full_count(), *p.schedule), setup.scene->seed,
                               [&] { return may_cancel && queue.urgent(); });
        p.cancelled_before = !made;
        ++(made ? counters.path_blocks : counters.cancelled_blocks);
        if (made) show_paths(i);
    });
}

void Lab::State::show_paths(int i) {
    PaneState& p = pane[static_cast<std::size_t>(i)];
    // New weights replace the picture whole; a person's choice shows as soon as its first paths do.
    const bool same_choice = p.shown && p.shown->same_choice(p.key);
    const std::int64_t enough = same_choice
                                    ? std::max(first_count(), std::min(p.shown_count, full_count()))
                                    : first_count();
    if (!p.paths.has(enough)) return;
    if (p.shown == p.key && p.shown_count >= full_count()) return;
    const bool all = p.paths.has(full_count());
    if (p.shown == p.key && !all) return;
    const std::int64_t wanted = std::max(look.trajectories, look.particles);
    draft.panes[static_cast<std::size_t>(i)].trajectories =
        p.paths.trajectories(std::max<std::int64_t>(1, wanted));
    ++p.paths_version;
    if (!same_choice) ++draft.answers;
    p.shown = p.key;
    p.shown_count = p.paths.count();
    dirty = true;
}

void Lab::State::make_pane_arrows(int i) {
    on_pane(i, [&](PaneState& p) {
        const ArrowKey key = arrow_key(i);
        const std::shared_ptr<const DensityGrid> density =
            view_density(i, key.world, key.columns, key.rows, key.time);
        std::vector<float> weights =
            density ? density->values
                    : std::vector<float>(static_cast<std::size_t>(key.columns) *
                                             static_cast<std::size_t>(key.rows),
                                         1.0F);
        draft.panes[static_cast<std::size_t>(i)].arrows =
            make_arrows(*p.field, key.world, key.columns, key.rows, key.time,
                        p.key.view.guidance.wanted_label(), weights);
        p.arrows = key;
        ++counters.arrows;
    });
}

void Lab::State::make_probes(int i) {
    on_pane(i, [&](PaneState& p) {
        p.probes = probe_key(i);
        FieldParts parts = parts_of(p.key.view);
        // Beside the learned field stands the exact one, where there is one.
        if (!parts.exact && !p.after_reflow) parts.exact = exact_field();
        draft.panes[static_cast<std::size_t>(i)].probes =
            probe_points(p.key.view, parts, setup, look.probes, look.time);
        if (look.probes.empty()) p.probes.reset();
        ++counters.probes;
    });
}

void Lab::State::make_exact_density(int i) {
    on_pane(i, [&](PaneState& p) {
        const DensityKey key = exact_density_key(i);
        std::shared_ptr<const DensityGrid>& shown =
            draft.panes[static_cast<std::size_t>(i)].density_exact;
        p.exact_density = key;
        // Linked panes look at the same part of the plane: one grid serves them all.
        for (int other = 0; other < panes(); ++other) {
            if (other != i && pane[static_cast<std::size_t>(other)].exact_density == key) {
                shown = draft.panes[static_cast<std::size_t>(other)].density_exact;
                return;
            }
        }
        shown = view_density(i, key.world, key.columns, key.rows, key.time);
        ++counters.exact_densities;
    });
}

void Lab::State::make_profile(int i) {
    on_pane(i, [&](PaneState& p) {
        PaneSnapshot& shown = draft.panes[static_cast<std::size_t>(i)];
        p.profile.reset();
        shown.profile = nullptr;
        if (setup.scene->dimension != 1) return;
        const DensityKey key = profile_key(i);
        p.profile.emplace(key, p.paths_version);
        const ViewSpec& view = setup.scene->views[static_cast<std::size_t>(i)];
        std::shared_ptr<Profile> profile;
        if (!p.after_reflow) {
            profile = exact_profile(setup, view.path ? *make_schedule(*view.path) : *setup.schedule,
                                    key.world.y_min, key.world.y_max, key.rows, key.time, key.tilt);
        }
        if (!profile) profile = std::make_shared<Profile>();
        profile->time = key.time;
        profile->low = key.world.y_min;
        profile->high = key.world.y_max;
        if (shown.trajectories) {
            profile->samples = sample_profile(positions_at(*shown.trajectories, key.time),
                                              profile->low, profile->high, key.rows);
        }
        shown.profile = std::move(profile);
    });
}

void Lab::State::make_sample_density(int i) {
    on_pane(i, [&](PaneState& p) {
        const DensityKey key = sample_density_key(i);
        const Trajectories& paths = *draft.panes[static_cast<std::size_t>(i)].trajectories;
        p.sample_density = key;
        draft.panes[static_cast<std::size_t>(i)].density_samples = sample_density(
            positions_at(paths, key.time), key.time, key.world, key.columns, key.rows);
        ++counters.sample_densities;
    });
}

bool Lab::State::refresh(Stale reason) {
    using Check = Stale (State::*)(int) const;
    using Make = void (State::*)(int);
    // Most visible first.
    static constexpr std::pair<Check, Make> products[] = {
        {&State::stale_first_paths, &State::make_paths},
        {&State::stale_probes, &State::make_probes},
        {&State::stale_arrows, &State::make_pane_arrows},
        {&State::stale_exact_density, &State::make_exact_density},
        {&State::stale_profile, &State::make_profile},
        {&State::stale_all_paths, &State::make_paths},
        {&State::stale_sample_density, &State::make_sample_density}};
    static_assert(std::size(products) == std::tuple_size_v<decltype(made_at)>);
    Clock::time_point* chosen = nullptr;
    int pane_chosen = 0;
    Make make_chosen = nullptr;
    for (std::size_t k = 0; k < std::size(products); ++k) {
        const auto [check, make] = products[k];
        for (int i = 0; i < panes(); ++i) {
            if ((this->*check)(i) != reason) continue;
            // While time runs, all are stale again at once: then in turn, or only the first would
            // ever be made.
            Clock::time_point& at = made_at[k][static_cast<std::size_t>(i)];
            if (chosen != nullptr && (reason != Stale::look || at >= *chosen)) continue;
            chosen = &at;
            pane_chosen = i;
            make_chosen = make;
        }
    }
    if (chosen == nullptr) return false;
    (this->*make_chosen)(pane_chosen);
    *chosen = Clock::now();
    return true;
}

void Lab::State::start_study(StudyKind kind, int pane_index) {
    stop_study();
    const auto& views = setup.scene->views;
    if (pane_index < 0 || static_cast<std::size_t>(pane_index) >= views.size()) return;
    StudySubject subject{kind, pane_index, views[static_cast<std::size_t>(pane_index)], setup, {},
                         {},   device};
    std::shared_ptr<const Study>& shown = draft.studies[static_cast<std::size_t>(kind)];
    try {
        // What a pane shows of a model is studied with the model as it is now.
        model = learner.latest();
        if (kind == StudyKind::rounds || kind == StudyKind::training) {
            // Of the model alone, whatever the pane asks of it.
            subject.view.field = FieldKind::learned;
            subject.view.guidance = {};
            subject.view.round = -1;
            subject.view.weights_step = -1;
        }
        if (kind == StudyKind::rounds) subject.view.path.reset();
        subject.parts = parts_of(subject.view);
        if (kind == StudyKind::rounds) {
            for (int round = 0; round <= learner.round(); ++round)
                subject.models.push_back(learner.model(round, -1));
        } else if (kind == StudyKind::training) {
            subject.models = thinned(learner.kept_models(), 16);
        }
        study.emplace(subject);
        shown = study->study();
    } catch (const Error& error) {
        auto refused = std::make_shared<Study>();
        refused->kind = kind;
        refused->pane = pane_index;
        refused->note = error.what();
        shown = std::move(refused);
    }
}

void Lab::State::stop_study(const std::string& why) {
    if (!study) return;
    const std::shared_ptr<Study> last = study->study();
    last->running = false;
    last->note = why;
    draft.studies[static_cast<std::size_t>(last->kind)] = last;
    study.reset();
    dirty = true;
}

bool Lab::State::study_slice() {
    if (!study) return false;
    try {
        study->step([this] { return queue.urgent(); });
        draft.studies[static_cast<std::size_t>(study->kind())] = study->study();
        if (study->finished()) study.reset();
    } catch (const Error& error) {
        stop_study(error.what());
    }
    // Any other fault is engine_fault's, which stops the study.
    dirty = true;
    return true;
}

bool Lab::State::refresh_pairing() {
    for (std::size_t i = 0; i < pane.size(); ++i) {
        PaneState& p = pane[i];
        std::shared_ptr<const std::vector<float>>& shown = draft.panes[i].pairing;
        const bool wanted = look.pairing && static_cast<int>(i) < panes() && p.field &&
                            setup.data->size() > 0 && p.key.round <= learner.round() &&
                            (p.key.round == 0 || learner.pairs(p.key.round).x0.size(0) > 0);
        if (!wanted) {
            p.pairing.reset();
            if (!shown) continue;
            shown = nullptr;
            dirty = true;
            return true;
        }
        const PairingKey key{loss_version, setup.scene->training.batch, p.key.round, p.coupling};
        if (p.pairing == key) continue;
        constexpr std::int64_t lines = 96;
        p.pairing = key;
        shown = nullptr;
        dirty = true;
        for (std::size_t other = 0; other < i; ++other) {
            if (pane[other].pairing == key) shown = draft.panes[other].pairing;
        }
        if (shown) return true;
        try {
            // A round of reflow is trained on fixed pairs: the ends of the paths before it.
            const Pairs& pairs = learner.pairs(key.round);
            shown = std::make_shared<const std::vector<float>>(
                key.round == 0
                    ? pairing_lines(setup, key.coupling, lines)
                    : lines_between(pairs.x0.slice(0, 0, lines), pairs.x1.slice(0, 0, lines)));
        } catch (const Error& error) {
            notice(error.what(), true);
        }
        return true;
    }
    return false;
}

bool Lab::State::refresh_measures() {
    if (refresh_pairing()) return true;
    // A number that is not there yet is missed most, then the floor of the loss; old numbers and
    // that floor take turns.
    metrics_turn = metrics_missed() || (metrics_old() && !(loss_curve_missed() && metrics_turn));
    return metrics_turn ? refresh_metrics() || refresh_plots()
                        : refresh_plots() || refresh_metrics();
}

bool Lab::State::background() {
    // Pairs take long: a study or a number in between.
    pairs_turn = !pairs_turn;
    if (pair_maker && !pairs_turn && (study_slice() || refresh_measures())) return true;
    return reflow_slice() || study_slice() || refresh_measures();
}

bool Lab::State::refresh_plots() {
    if (!look.loss_curve && !look.loss_against_time) return false;
    if (setup.data->size() == 0 || learner.round() > 0) return false;
    if (plots_fault == exact_version) return false;
    loss_job.want(loss_version, model);
    if (!loss_job.stale_problem()) {
        if (!look.loss_against_time || !loss_job.stale()) return false;
        // While the weights go on, a new curve now and then is enough.
        const bool due = seconds_since(loss_made_at) >= 1.5 || !can_train();
        if (!due && !loss_job.running()) return false;
    }
    try {
        if (loss_job.step(setup, exact_field().get())) {
            ++counters.losses_against_time;
            loss_made_at = Clock::now();
            dirty = true;
        }
    } catch (const Error& error) {
        loss_job = {};
        plots_fault = exact_version;
        notice(error.what(), true);
    }
    return true;
}

}  // namespace driftglass
