#include "core/lab/learner.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/edit.hpp"
#include "core/lab/source_law.hpp"

namespace driftglass {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// Whether anything is guided by a classifier that has to be learnt.
bool wants_classifier(const Scene& scene) {
    const auto guided = [](FieldKind field, const GuidanceSettings& guidance) {
        return field == FieldKind::learned && guidance.kind == GuidanceKind::classifier;
    };
    return guided(scene.field, scene.guidance) ||
           std::any_of(scene.views.begin(), scene.views.end(),
                       [&](const ViewSpec& view) { return guided(view.field, view.guidance); });
}

std::vector<std::int64_t> steps_asked(const Scene& scene) {
    std::vector<std::int64_t> steps;
    for (const ViewSpec& view : scene.views) {
        if (view.weights_step > 0) steps.push_back(view.weights_step);
    }
    return steps;
}

/// Weights and classifier of another trainer, on any device.
void go_on_from(Trainer& trainer, const Network& network, const Classifier* classifier) {
    trainer.start_from(network);
    if (classifier != nullptr) trainer.start_classifier(*classifier);
}

/// Names in scenes are relative to their folders: render writes "weights.pt" into each.
std::filesystem::path weights_file(const Scene& scene) {
    return std::filesystem::absolute(scene.folder / scene.weights).lexically_normal();
}

/// The scene's file of weights, which were trained on the scene's problem.
SavedWeights weights_of(const Setup& setup, torch::Device device) {
    const Scene& scene = *setup.scene;
    const std::filesystem::path file = scene.folder / scene.weights;
    const auto check = [&](const char* key, const std::string& made, std::string_view wanted) {
        if (made == wanted) return;
        throw Error(file.string() + ": weights trained with " + key + " " + made +
                    ", but the scene says " + std::string(wanted) + "; change the scene's " + key +
                    " or name other weights.");
    };
    try {
        SavedWeights saved = load_weights(file, scene.model, scene.dimension, device);
        check("source.kind", saved.source, name_of(scene.source.kind));
        check("coupling.kind", saved.coupling, name_of(scene.coupling.kind));
        if (saved.models.back().round > 0 && scene.reflow.rounds > 0 &&
            saved.source_scale != setup.schedule->source_scale()) {
            throw Error(file.string() +
                        ": its rounds of reflow start from noise of another width than that of the "
                        "scene's path; use the path that they were made on, or reflow.rounds 0.");
        }
        return saved;
    } catch (const Error& error) {
        throw Error(std::string("weights: ") + error.what());
    }
}

/// The straight line: what a round of reflow is trained on.
std::shared_ptr<const Schedule> straight_line() {
    return make_schedule(PathSettings{});
}

}  // namespace

Learner::Stage::Stage(Trainer the_trainer, std::shared_ptr<const Schedule> the_schedule)
    : trainer(std::move(the_trainer)), schedule(std::move(the_schedule)) {}

Learner::Stage Learner::fresh_stage(const Setup& setup) const {
    const Scene& scene = *setup.scene;
    Stage stage(
        Trainer(scene.model, scene.training, scene.coupling, setup.schedule,
                training_source(scene.source, setup.drawn_source, setup.schedule, scene.dimension),
                *setup.data, device_, derive_seed(scene.seed, "training")),
        setup.schedule);
    stage.coupling = scene.coupling;
    stage.trainer.train_classifier(wants_classifier(scene));
    return stage;
}

Learner::Stage Learner::reflow_stage(const Setup& setup, int round, Pairs pairs) const {
    const Scene& scene = *setup.scene;
    const std::shared_ptr<const Schedule> line = straight_line();
    Stage stage(Trainer(scene.model, scene.training, line, pairs, device_,
                        derive_seed(scene.seed, "reflow" + std::to_string(round))),
                line);
    stage.pairs = std::move(pairs);
    stage.coupling = scene.coupling;
    return stage;
}

void Learner::keep_good(Stage& s) {
    if (auto good = s.trainer.state()) {
        s.good = std::move(good);
        s.good_step = s.trainer.steps();
    }
}

Learner::Learner(const Setup& setup, torch::Device device) : device_(device), loss_(not_known) {
    stages_.push_back(fresh_stage(setup));
    const Scene& scene = *setup.scene;
    asked_ = steps_asked(scene);
    if (!scene.weights.empty()) load(setup);
}

void Learner::load(const Setup& setup) {
    const std::vector<SavedModel> models = weights_of(setup, device_).models;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const SavedModel& model = models[i];
        if (model.round > setup.scene->reflow.rounds) break;
        if (model.round > round()) {
            const torch::Tensor none = torch::empty({0, setup.scene->dimension});
            stages_.push_back(reflow_stage(setup, model.round, {none, none, {}}));
        }
        Stage& s = stage();
        const bool last = i + 1 == models.size() || models[i + 1].round > model.round;
        if (last) {
            go_on_from(s.trainer, model.network, model.classifier.get());
            s.step_base = model.step;
            keep_good(s);
        } else {
            s.kept.push_back(std::make_shared<const Model>(
                Model{next_id_++, std::make_shared<const Network>(model.network), s.schedule,
                      model.has_score, model.round, model.step, model.classifier, s.coupling,
                      model.step}));
        }
    }
    loaded_ = true;
}

SavedWeights Learner::saved(const Setup& setup, const std::vector<ModelPtr>& shown) {
    const Scene& scene = *setup.scene;
    SavedWeights saved{std::string(name_of(scene.source.kind)),
                       std::string(name_of(scene.coupling.kind)),
                       setup.schedule->source_scale(),
                       {}};
    const auto add = [&](const Model& m) {
        saved.models.push_back({m.round, m.step, m.has_score, *m.network, m.classifier});
    };
    for (int round = 0; round <= this->round(); ++round) {
        for (const ModelPtr& kept : stages_[static_cast<std::size_t>(round)].kept) {
            if (std::find(shown.begin(), shown.end(), kept) != shown.end()) add(*kept);
        }
        add(*model(round, -1));
    }
    return saved;
}

void Learner::begin(const Setup& setup) {
    Learner fresh(setup, device_);
    fresh.next_id_ = next_id_;
    *this = std::move(fresh);
}

bool Learner::follow(const Setup& setup, const Scene& before) {
    const Scene& now = *setup.scene;
    asked_ = steps_asked(now);
    if (!now.weights.empty() && weights_file(now) != weights_file(before)) {
        begin(setup);
        return true;
    }
    if (!same_network(before, now)) {
        // Weights of a file serve only the network that they were made for.
        restart(setup);
        return true;
    }
    const bool other_weighting = before.training.weighting != now.training.weighting ||
                                 before.training.objective != now.training.objective ||
                                 before.training.time != now.training.time;
    const bool other_problem =
        setup.path_changed || setup.data_changed || !(before.coupling == now.coupling);
    if (setup.path_changed || !(before.coupling == now.coupling)) {
        Stage next = fresh_stage(setup);
        go_on_from(next.trainer, *stages_.front().trainer.averaged(),
                   stages_.front().trainer.classifier().get());
        next.step_base = stages_.front().step_base + stages_.front().trainer.steps();
        // On the same path the weights before stay, to be compared with.
        if (!setup.path_changed) next.kept = std::move(stages_.front().kept);
        stages_.clear();
        stages_.push_back(std::move(next));
        loss_ = not_known;
    } else {
        if (other_problem) pop_rounds(0);
        if (!(before.training == now.training)) {
            // The flow may refuse, before anything has changed; rounds that go are not asked.
            stages_.front().trainer.set_training(now.training);
            pop_rounds(now.reflow.rounds);
            for (std::size_t i = 1; i < stages_.size(); ++i)
                stages_[i].trainer.set_training(now.training);
        }
        if (setup.data_changed) stage().trainer.set_data(*setup.data);
    }
    if (other_weighting) {
        stage().losses.clear();
        loss_ = not_known;
    }
    keep_good(stage());
    if (wants_classifier(before) != wants_classifier(now)) {
        stages_.front().trainer.train_classifier(wants_classifier(now));
        stages_.front().latest = nullptr;
    }
    return false;
}

void Learner::restart(const Setup& setup) {
    Stage fresh = fresh_stage(setup);
    stages_.clear();
    stages_.push_back(std::move(fresh));
    loaded_ = false;
    seconds_ = 0;
    loss_ = not_known;
}

void Learner::move_to(const Setup& setup, torch::Device device, bool lost) {
    if (device == device_) return;
    const torch::Device before = std::exchange(device_, device);
    try {
        std::vector<Stage> moved;
        for (const Stage& old : stages_) {
            const int round = static_cast<int>(moved.size());
            Stage next = round == 0 ? fresh_stage(setup) : reflow_stage(setup, round, old.pairs);
            const std::shared_ptr<const Trainer::State> now = lost ? nullptr : old.trainer.state();
            next.good = now ? now : old.good;
            if (next.good) next.trainer.restore(*next.good);
            next.step_base = old.step_base;
            next.losses = old.losses;
            next.good_step = next.read_step = next.trainer.steps();
            for (const ModelPtr& kept : old.kept) {
                if (!lost && kept->step <= next.step_base + next.good_step)
                    next.kept.push_back(copy_here(*kept));
            }
            moved.push_back(std::move(next));
        }
        stages_ = std::move(moved);
    } catch (...) {
        device_ = before;
        throw;
    }
}

ModelPtr Learner::copy_here(const Model& model) {
    auto copy = std::make_shared<Model>(model);
    copy->id = next_id_++;
    auto network = std::make_shared<Network>(*model.network);
    network->to(device_);
    copy->network = std::move(network);
    if (model.classifier) {
        auto classifier = std::make_shared<Classifier>(*model.classifier);
        classifier->to(device_);
        copy->classifier = std::move(classifier);
    }
    return copy;
}

std::int64_t Learner::train(std::chrono::microseconds budget, std::int64_t most) {
    using std::chrono::steady_clock;
    Stage& s = stage();
    const auto start = steady_clock::now();
    std::int64_t done = 0;
    while (done < most && s.trainer.can_train() &&
           (done == 0 || steady_clock::now() - start < budget)) {
        const auto left = budget - (steady_clock::now() - start);
        const std::int64_t until_kept = std::max<std::int64_t>(next_kept(s) - step(), 1);
        done += s.trainer.run_for(std::chrono::duration_cast<std::chrono::microseconds>(left),
                                  std::min(most - done, until_kept));
        if (!s.trainer.diverged() && step() >= next_kept(s)) keep(s);
    }
    seconds_ += std::chrono::duration<double>(steady_clock::now() - start).count();
    if (s.trainer.diverged()) return done;
    const std::int64_t steps = s.trainer.steps();
    // The loss is a mean over about a hundred steps, and to read it waits for the device.
    if (steps - s.read_step >= std::clamp<std::int64_t>(steps / 50, 1, 100)) {
        read_loss();
        s.losses.add(s.step_base + steps, loss_);
        s.read_step = steps;
    }
    if (!s.trainer.diverged() && (!s.good || steps - s.good_step >= 500)) {
        keep_good(s);
    }
    return done;
}

double Learner::read_loss() {
    loss_ = stage().trainer.loss();
    return loss_;
}

std::int64_t Learner::restore_good(const Setup& setup) {
    if (stage().good) {
        stage().trainer.restore(*stage().good);
        stage().latest = nullptr;
        stage().read_step = stage().good_step;
        std::erase_if(stage().kept, [&](const ModelPtr& kept) { return kept->step > step(); });
    } else if (round() > 0) {
        pop_rounds(round() - 1);
    } else {
        restart(setup);
    }
    loss_ = not_known;
    return step();
}

ModelPtr Learner::model_of(Stage& s, int round) {
    const std::int64_t step = s.step_base + s.trainer.steps();
    if (!s.latest || s.latest->step != step) {
        s.latest = model_now(s, round);
    }
    return s.latest;
}

ModelPtr Learner::model_now(const Stage& s, int round) {
    return std::make_shared<const Model>(
        Model{next_id_++, s.trainer.averaged(), s.schedule, s.trainer.has_score(), round,
              s.step_base + s.trainer.steps(), s.trainer.classifier(), s.coupling,
              s.step_base + s.trainer.age()});
}

ModelPtr Learner::latest() {
    return model_of(stage(), round());
}

std::int64_t Learner::next_kept(const Stage& s) const {
    const std::int64_t last = s.kept.empty() ? 0 : s.kept.back()->step;
    std::int64_t next = last + std::max<std::int64_t>(last / 10, 1);
    for (const std::int64_t asked : asked_) {
        if (asked > last) next = std::min(next, asked);
    }
    return next;
}

void Learner::keep(Stage& s) {
    constexpr std::size_t most = 96;
    s.kept.push_back(model_now(s, round()));
    if (s.kept.size() > most) {
        // Every second of the older half.
        std::vector<ModelPtr> thinned;
        for (std::size_t i = 0; i < s.kept.size(); ++i) {
            if (i >= most / 2 || i % 2 == 0) thinned.push_back(s.kept[i]);
        }
        s.kept = std::move(thinned);
    }
}

ModelPtr Learner::model(int round, std::int64_t step) {
    if (round > this->round()) {
        throw Error("Round " + std::to_string(round) +
                    " of reflow is not there yet; it shows here as soon as Reflow has made it.");
    }
    const int index = round < 0 ? this->round() : round;
    Stage& s = stages_[static_cast<std::size_t>(index)];
    if (step < 0) return model_of(s, index);
    ModelPtr best;
    for (const ModelPtr& kept : s.kept) {
        if (kept->step <= step) best = kept;
    }
    // Training keeps a step in ten; a file has gaps, and what lies before one is something else.
    const std::int64_t near = std::min(step, s.step_base + s.trainer.steps());
    if (!best || (loaded_ && best->step < near - near / 4)) {
        throw Error("The weights of step " + std::to_string(step) + " are not kept" +
                    (loaded_ ? ", nor are they in the file of weights: leave weights out and train."
                             : ": train first."));
    }
    return best;
}

std::vector<std::int64_t> Learner::kept_steps() const {
    std::vector<std::int64_t> steps;
    steps.reserve(stage().kept.size());
    for (const ModelPtr& kept : stage().kept)
        steps.push_back(kept->step);
    return steps;
}

void Learner::push_round(const Setup& setup, const Pairs& pairs) {
    const Scene& scene = *setup.scene;
    Stage next = reflow_stage(setup, round() + 1, {pairs.x0.cpu(), pairs.x1.cpu(), {}});
    if (!scene.reflow.from_scratch) next.trainer.start_from(*stage().trainer.averaged());
    model_of(stage(), round());
    keep_good(stage());
    stages_.push_back(std::move(next));
    loss_ = not_known;
}

void Learner::set_pairs(const Setup& setup, const Pairs& pairs) {
    Stage next = reflow_stage(setup, round(), {pairs.x0.cpu(), pairs.x1.cpu(), {}});
    next.trainer.start_from(*stage().trainer.averaged());
    next.step_base = step();
    next.losses = stage().losses;
    next.kept = std::move(stage().kept);
    keep_good(next);
    stage() = std::move(next);
}

void Learner::pop_rounds(int down_to) {
    while (round() > std::max(down_to, 0))
        stages_.pop_back();
}

}  // namespace driftglass
