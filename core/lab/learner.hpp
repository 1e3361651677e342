#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "core/field/learned_field.hpp"
#include "core/lab/loss_history.hpp"
#include "core/lab/setup.hpp"
#include "core/model/weights_file.hpp"
#include "core/train/trainer.hpp"

namespace driftglass {

/// A network as it was at some step: what views are computed from. Immutable.
struct Model {
    std::uint64_t id = 0;  ///< never the same for other weights
    std::shared_ptr<const Network> network;
    std::shared_ptr<const Schedule> schedule;
    bool has_score = true;
    int round = 0;
    std::int64_t step = 0;
    std::shared_ptr<const Classifier> classifier;  ///< learnt beside it; null: none yet
    CouplingSettings coupling;                     ///< of round 0, when it was learnt
    std::int64_t age = 0;  ///< how many of its steps count for the data as they are now

    std::shared_ptr<const Field> field() const {
        return std::make_shared<const LearnedField>(network, schedule, has_score);
    }
};
using ModelPtr = std::shared_ptr<const Model>;

/// The model in training: a trainer for each round of reflow (round 0: on the data), the weights of
/// earlier steps, the curve of the loss, and the last weights that were good.
class Learner {
public:
    /// Fresh weights, or those of the scene's file up to round reflow.rounds. Throws Error as
    /// Trainer and load_weights do, and for weights that were trained on another problem.
    Learner(const Setup& setup, torch::Device device);

    /// Follows an edit. What still holds of the weights is kept: new data and new settings go on
    /// from them, and so does a new path with a Gaussian source, since the network knows the path's
    /// angle and not its schedule. With another coupling alone the weights of earlier steps stay as
    /// well. Another network, source, seed or space starts afresh. Rounds of reflow made for
    /// another problem are dropped. Throws Error where the trainer refuses; then nothing changed.
    /// Returns whether the weights started afresh.
    bool follow(const Setup& setup, const Scene& before);
    /// As a new Learner: the weights of the scene's file, or fresh ones. Throws Error; then nothing
    /// changed.
    void begin(const Setup& setup);
    /// Fresh weights, step 0.
    void restart(const Setup& setup);
    /// All goes on there: rounds, weights that are kept, the optimiser. `lost`: the present device
    /// cannot be asked for anything, so what goes on are the last good weights, of which there are
    /// copies, and earlier ones are gone. Throws where either device fails; then nothing changed.
    void move_to(const Setup& setup, torch::Device device, bool lost);

    bool can_train() const { return stage().trainer.can_train(); }
    /// Weights came from the scene's file.
    bool loaded() const { return loaded_; }
    /// Trains for about `budget`, at most `most` steps; how many.
    std::int64_t train(std::chrono::microseconds budget,
                       std::int64_t most = std::numeric_limits<std::int64_t>::max());
    bool diverged() const { return stage().trainer.diverged(); }
    /// Back to the last good weights, to the round before, or to fresh ones; their step.
    std::int64_t restore_good(const Setup& setup);

    torch::Device device() const { return device_; }
    int round() const { return static_cast<int>(stages_.size()) - 1; }
    std::int64_t step() const { return stage().step_base + stage().trainer.steps(); }
    double seconds() const { return seconds_; }
    /// Mean of the loss over the last hundred steps or so, as last read; NaN before the first.
    double loss() const { return loss_; }
    double read_loss();
    const LossHistory& losses() const { return stage().losses; }

    /// The averaged weights now; the same pointer while nothing was trained.
    ModelPtr latest();
    /// The model of a round (-1: the latest) at the nearest kept step at or before `step` (-1: its
    /// last). Throws Error, in a sentence for the pane, where there is none.
    ModelPtr model(int round, std::int64_t step);
    /// Steps of the present round whose weights are kept, rising.
    std::vector<std::int64_t> kept_steps() const;
    const std::vector<ModelPtr>& kept_models() const { return stage().kept; }

    /// What a round of reflow that is there is trained on, on the CPU; undefined in round 0, none
    /// where the round comes from a file.
    const Pairs& pairs(int round) const { return stages_[static_cast<std::size_t>(round)].pairs; }
    /// The present round comes from a file, which holds no pairs: it trains no further without.
    bool needs_pairs() const { return round() > 0 && pairs(round()).x0.size(0) == 0; }
    /// Those that the model of the round before makes again.
    void set_pairs(const Setup& setup, const Pairs& pairs);
    /// Begins the next round of reflow on pairs that the present model made.
    void push_round(const Setup& setup, const Pairs& pairs);
    void pop_rounds(int down_to);

    /// For save_weights: the last weights of every round and, of the earlier ones, `shown`.
    SavedWeights saved(const Setup& setup, const std::vector<ModelPtr>& shown);

private:
    struct Stage {
        Stage(Trainer trainer, std::shared_ptr<const Schedule> schedule);

        Trainer trainer;
        std::shared_ptr<const Schedule> schedule;
        std::int64_t step_base = 0;  ///< steps of the trainers that this one goes on from
        LossHistory losses;
        std::vector<ModelPtr> kept;  ///< by rising step, thinned
        ModelPtr latest;
        std::shared_ptr<const Trainer::State> good;  ///< on the CPU: it outlives the device
        std::int64_t good_step = 0;
        std::int64_t read_step = 0;  ///< when the loss was last read
        Pairs pairs;
        CouplingSettings coupling;
    };

    Stage& stage() { return stages_.back(); }
    const Stage& stage() const { return stages_.back(); }
    Stage fresh_stage(const Setup& setup) const;
    void load(const Setup& setup);
    Stage reflow_stage(const Setup& setup, int round, Pairs pairs) const;
    /// Remembers the present weights to go back to, if they are finite.
    static void keep_good(Stage& stage);
    ModelPtr model_of(Stage& stage, int round);
    ModelPtr model_now(const Stage& stage, int round);
    ModelPtr copy_here(const Model& model);
    /// The step at which weights are kept next: each a tenth, or one, later than the one before,
    /// whatever the slices of training are, so that the same scene has the same earlier weights
    /// everywhere.
    /// Besides, those that a view asks for.
    std::int64_t next_kept(const Stage& stage) const;
    void keep(Stage& stage);

    torch::Device device_;
    std::vector<Stage> stages_;
    bool loaded_ = false;
    std::vector<std::int64_t> asked_;  ///< steps whose weights views want
    double seconds_ = 0;
    double loss_;
    std::uint64_t next_id_ = 1;
};

}  // namespace driftglass
