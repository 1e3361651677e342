#pragma once

#include <cstdint>

#include "core/model/classifier.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// A classifier, its optimiser and its average, learning beside a network on the same draws of x_t:
/// the least E -log p(c | x_t), whose minimiser is the posterior of the data's labels. The rate, a
/// third of the network's, and the average follow its own age (core/train/learning_rate.hpp).
class ClassifierTrainer {
public:
    /// Goes on from `start`, `age` 0: a fresh classifier or one that is kept.
    explicit ClassifierTrainer(Classifier start);

    /// One step on B points: normalised positions [B, D], features of their angle [B,
    /// time_feature_count], cos [B, 1] and labels int64 [B], -1 for none.
    void step(const torch::Tensor& place, const torch::Tensor& rest, const torch::Tensor& cos,
              const torch::Tensor& label, double peak_rate, double ema);
    /// The data changed by a share of 0 to 1, and their labels' shares are now these.
    void set_data(const torch::Tensor& log_prior, double change);

    const Classifier& current() const { return classifier_; }
    Classifier averaged() const;
    bool finite() const;
    /// A copy of all of it on `device`, to keep or to go on with there.
    ClassifierTrainer copy_on(torch::Device device) const;

private:
    Classifier classifier_;
    torch::Tensor average_, momentum_, variance_, adam_steps_;
    double age_ = 0;
};

/// log of the share of each class among labels [N] (undefined: none), [count + 1] for the labels 0
/// … count - 1 and no label; a class that does not occur is about e^-20.
torch::Tensor log_class_shares(const torch::Tensor& label, int count);

}  // namespace driftglass
