#include "core/lab/loss_against_time.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/data/random.hpp"
#include "core/lab/paired_draws.hpp"
#include "core/measure/exact_oracles.hpp"
#include "core/sample/start_points.hpp"
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
        if (running_problem_ != wanted_problem_ || !running_ || !running()) {
            running_ = wanted_;
            running_problem_ = wanted_problem_;
            learned_.clear();
            at_ = {};
        }
    }
    const Scene& scene = *setup.scene;
    const auto i = static_cast<int>(learned_.size());
    const double t = training_time(setup, i, times);
    const Coefficients at = setup.schedule->at(t);
    const Prediction native = running_->has_score ? scene.model.prediction : Prediction::velocity;
    const Error2 error = error_of(scene.training.weighting, native, at);

    const auto n = static_cast<std::size_t>(i);
    const bool known = exact != nullptr && best_problem_ == running_problem_ && n < best_.size();
    if (at_.rows == 0) {
        at_.rows = exact != nullptr ? affordable_draws(*exact, most_draws) : most_draws;
        // The same draws for every model, so that the curve moves only where the model does.
        const std::uint64_t seed = derive_seed(scene.seed, "loss" + std::to_string(i));
        const PairedDraws paired = paired_draws(setup, at_.rows, seed, Spread::even);
        at_.xt = at.alpha * paired.x0 + at.sigma * paired.x1;
        at_.target = target_of(error.kind, at, paired.x0, paired.x1);
        at_.label = paired.label;
    }
    const std::int64_t next = std::min(at_.rows, at_.done + most_draws / 4);
    const auto part = [&](const torch::Tensor& rows) {
        return rows.defined() ? rows.slice(0, at_.done, next) : rows;
    };
    const auto square = [](const torch::Tensor& difference) {
        return difference.to(torch::kCPU, torch::kFloat64).square().sum().item<double>();
    };
    const torch::Tensor x = part(at_.xt), label = part(at_.label);
    const std::shared_ptr<const Field> field = running_->field();
    const torch::Tensor predicted =
        field->value(error.kind, x.to(field->device()), at_time(t), label).to(torch::kCPU);
    torch::Tensor best = part(at_.target);
    if (known) {
        best = part(best_[n].mean);
    } else if (exact != nullptr) {
        const torch::Tensor there = x.to(exact->device());
        best = exact->value(error.kind, there, at_time(t), label).to(torch::kCPU);
        at_.means.push_back(best);
        at_.floor += exact->target_variance(error.kind, there, at_time(t), label)
                         .to(torch::kCPU, torch::kFloat64)
                         .sum()
                         .item<double>();
    }
    at_.learned += square(predicted - best);
    at_.done = next;
    if (at_.done < at_.rows) return false;

    const double unit = error.factor / static_cast<double>(at_.rows);
    double floor = 0;
    if (exact != nullptr) {
        if (!known) {
            floors_made_ = true;
            if (best_problem_ != running_problem_) best_.clear();
            best_problem_ = running_problem_;
            best_.push_back({unit * at_.floor, torch::cat(at_.means)});
        }
        floor = best_[n].floor;
    }
    learned_.push_back(floor + unit * at_.learned);
    const std::int64_t points = at_.rows;
    at_ = {};
    if (learned_.size() < times) return false;
    if (std::exchange(floors_made_, false) && running_ != wanted_) {
        // The floors took their time, and the weights are old by now; with the floors known, those
        // of now are quickly done.
        running_ = wanted_;
        learned_.clear();
        return false;
    }

    auto curve = std::make_shared<LossAgainstTime>();
    for (int k = 0; k < times; ++k)
        curve->time.push_back(training_time(setup, k, times));
    curve->learned = std::move(learned_);
    curve->points = points;
    if (best_problem_ == running_problem_) {
        for (const Best& known_best : best_)
            curve->floor.push_back(known_best.floor);
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
