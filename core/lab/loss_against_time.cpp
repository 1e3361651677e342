#include "core/lab/loss_against_time.hpp"

#include <algorithm>
#include <cmath>

#include "core/data/random.hpp"
#include "core/lab/paired_draws.hpp"
#include "core/lab/source_law.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/coupling.hpp"
#include "core/train/objective.hpp"

namespace driftglass {
namespace {

/// Which error the weighting measures, and what it is multiplied by (core/train/objective.hpp).
struct Error2 {
    Prediction kind;
    double factor;
};

Error2 error_of(Weighting weighting, Prediction native, const Coefficients& at) {
    const double snr = at.alpha * at.alpha / (at.sigma * at.sigma);
    switch (weighting) {
        case Weighting::native:
            return {native, 1};
        case Weighting::velocity:
            return {Prediction::velocity, 1};
        case Weighting::noise:
        case Weighting::snr:
            return {Prediction::noise, 1};
        case Weighting::min_snr:
            return {Prediction::data, std::min(snr, 5.0)};
        case Weighting::sigmoid:
            return {Prediction::noise, 1 / (1 + std::exp(std::log(snr) - 2))};
    }
    return {native, 1};
}

/// The quantile u of the times that training draws, at the middle of each of n equal shares.
double training_time(const Setup& setup, int i, int n) {
    return time_quantile(setup.scene->training.time, *setup.schedule, (i + 0.5) / n);
}

torch::Tensor target_of(Prediction kind, const Coefficients& at, const torch::Tensor& x0,
                        const torch::Tensor& x1) {
    switch (kind) {
        case Prediction::velocity:
            return at.alpha_prime * x0 + at.sigma_prime * x1;
        case Prediction::noise:
            return x1;
        case Prediction::data:
            return x0;
        case Prediction::score:
            return -x1 / at.sigma;
        case Prediction::salimans_ho:
            return at.alpha * x1 - at.sigma * x0;
    }
    return x0;
}

/// Labels as training shows them, a share hidden; undefined where there are none.
torch::Tensor labels_seen(const torch::Tensor& label, double dropout, std::uint64_t seed) {
    if (!label.defined()) return {};
    const torch::Tensor shown =
        torch::rand(label.sizes(), make_generator(seed, "label"), torch::kFloat32);
    return label.masked_fill(shown < dropout, -1);
}

}  // namespace

void LossAgainstTimeJob::want(std::uint64_t problem, ModelPtr model) {
    wanted_problem_ = problem;
    wanted_ = std::move(model);
}

bool LossAgainstTimeJob::stale() const {
    return wanted_ && (made_problem_ != wanted_problem_ || made_ != wanted_);
}

bool LossAgainstTimeJob::stale_problem() const {
    return wanted_ && made_problem_ != wanted_problem_;
}

bool LossAgainstTimeJob::step(const Setup& setup, const ExactField* exact) {
    if (running_ != wanted_ || running_problem_ != wanted_problem_) {
        // The weights of a curve that was begun stay until it is whole, unless the problem changed.
        if (running_problem_ != wanted_problem_ || !running_ || learned_.empty()) {
            running_ = wanted_;
            running_problem_ = wanted_problem_;
            learned_.clear();
        }
    }
    const Scene& scene = *setup.scene;
    const auto i = static_cast<int>(learned_.size());
    const double t = training_time(setup, i, times);
    const Coefficients at = setup.schedule->at(t);
    const Prediction native = running_->has_score ? scene.model.prediction : Prediction::velocity;
    const Error2 error = error_of(scene.training.weighting, native, at);

    // The same draws for every model, so that the curve moves only where the model does.
    const std::uint64_t seed = derive_seed(scene.seed, "loss" + std::to_string(i));
    const PairedDraws paired = paired_draws(setup, draws, seed);
    const torch::Tensor &x0 = paired.x0, &x1 = paired.x1;
    const torch::Tensor xt = at.alpha * x0 + at.sigma * x1;
    const torch::Tensor label =
        labels_seen(paired.label, scene.training.label_dropout, derive_seed(seed, "dropout"));
    const auto mean_square = [](const torch::Tensor& difference) {
        return difference.to(torch::kCPU, torch::kFloat64).square().sum(1).mean().item<double>();
    };
    const std::shared_ptr<const Field> field = running_->field();
    const torch::Tensor predicted =
        field->value(error.kind, xt.to(field->device()), at_time(t), label).to(torch::kCPU);
    if (exact == nullptr) {
        learned_.push_back(error.factor *
                           mean_square(predicted - target_of(error.kind, at, x0, x1)));
    } else {
        if (best_problem_ != running_problem_) best_.clear();
        best_problem_ = running_problem_;
        if (best_.size() <= learned_.size()) {
            const torch::Tensor there = xt.to(exact->device());
            best_.push_back(
                {error.factor * exact->target_variance(error.kind, there, at_time(t), label)
                                    .to(torch::kCPU, torch::kFloat64)
                                    .mean()
                                    .item<double>(),
                 exact->value(error.kind, there, at_time(t), label).to(torch::kCPU)});
        }
        const Best& best = best_[learned_.size()];
        learned_.push_back(best.floor + error.factor * mean_square(predicted - best.mean));
    }
    if (learned_.size() < times) return false;

    auto curve = std::make_shared<LossAgainstTime>();
    for (int k = 0; k < times; ++k)
        curve->time.push_back(training_time(setup, k, times));
    curve->learned = std::move(learned_);
    if (best_problem_ == running_problem_) {
        for (const Best& best : best_)
            curve->floor.push_back(best.floor);
    }
    const auto mean = [](const std::vector<double>& values) -> std::optional<double> {
        if (values.empty()) return std::nullopt;
        double sum = 0;
        for (const double value : values)
            sum += value;
        sum /= static_cast<double>(values.size());
        return std::isfinite(sum) ? std::optional(sum) : std::nullopt;
    };
    mean_floor_ = mean(curve->floor);
    curve_ = std::move(curve);
    made_ = running_;
    made_problem_ = running_problem_;
    running_ = nullptr;
    learned_.clear();
    return true;
}

}  // namespace driftglass
