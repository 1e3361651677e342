#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>

#include "core/data/point_set.hpp"
#include "core/model/classifier.hpp"
#include "core/model/network.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"
#include "core/train/pairs.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

/// Where x1 comes from. The generator is the trainer's own.
struct TrainingSource {
    bool gaussian = true;  ///< N(0, I): `draw` is not called
    std::function<torch::Tensor(std::int64_t count, torch::Generator& generator)>
        draw;  ///< [count, D]
};

/// A network, its optimiser and its average, learning one data set. Everything lives on `device`.
/// The same seed on a CPU gives the same weights, on any number of threads.
class Trainer {
public:
    /// Throws Error for settings out of range, and for a prediction that needs a Gaussian source
    /// and an independent coupling where there is none.
    Trainer(const ModelSettings& model, const TrainingSettings& training,
            const CouplingSettings& coupling, std::shared_ptr<const Schedule> schedule,
            TrainingSource source, const PointSet& data, torch::Device device, std::uint64_t seed);
    /// On fixed pairs (reflow).
    Trainer(const ModelSettings& model, const TrainingSettings& training,
            std::shared_ptr<const Schedule> schedule, const Pairs& pairs, torch::Device device,
            std::uint64_t seed);
    ~Trainer();
    Trainer(Trainer&&) noexcept;
    Trainer& operator=(Trainer&&) noexcept;

    /// One step of the optimiser; does nothing where `can_train()` is false.
    void step();
    /// Steps for about `budget`, at least one and at most `most`; how many. Ends early when the
    /// loss is not finite.
    std::int64_t run_for(std::chrono::microseconds budget,
                         std::int64_t most = std::numeric_limits<std::int64_t>::max());
    /// False without data points, and after the loss stopped being finite until restored.
    bool can_train() const;
    /// The loss or a weight was not finite when last read.
    bool diverged() const;

    /// Goes on from the present weights: the learning rate warms up again by how much the data
    /// changed, and the average forgets as fast. New labels grow the network.
    void set_data(const PointSet& data);
    void set_training(const TrainingSettings& training);
    /// Weights and average from another network of the same shape (a file, the round before).
    void start_from(const Network& network);

    /// Whether a classifier of the labels learns beside the network, on the same draws of x_t; the
    /// network's own draws and weights are the same with it and without. One that does not learn
    /// any more stays as it is. Data without labels have none.
    void train_classifier(bool wanted);
    /// Takes over a classifier that is kept, where classes and scale still fit.
    void start_classifier(const Classifier& start);
    /// A copy with its averaged weights, to keep; null before its first step.
    std::shared_ptr<const Classifier> classifier() const;

    std::int64_t steps() const;
    /// How many of them count for the data as they are now: less than `steps` where data changed
    /// (learning_rate.hpp).
    std::int64_t age() const;
    /// Mean of the loss over the last 100 steps or so, in the units of the weighting. Waits for the
    /// device: read it a few times a second. NaN before the first step.
    double loss();

    /// A copy of the averaged network, to keep.
    std::shared_ptr<const Network> averaged() const;
    /// A copy of the network as it is.
    std::shared_ptr<const Network> current() const;
    /// False where the source is not Gaussian or the coupling not independent: only the velocity
    /// exists.
    bool has_score() const;
    const std::shared_ptr<const Schedule>& schedule() const;

    /// Everything that training changes, on the CPU whatever the device, to go back to; null where
    /// some of it is not finite, which a loss of before the last step does not show.
    struct State;
    std::shared_ptr<const State> state() const;
    /// Of this trainer, or of one of the same settings on another device.
    void restore(const State& state);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace driftglass
