#include "core/lab/pane_metrics.hpp"

#include <algorithm>
#include <cmath>

#include "core/data/random.hpp"
#include "core/lab/pane_density.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/path_measures.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {
bool FloorJob::step(const Setup& setup, std::chrono::microseconds budget) {
    if (running_ != wanted_) {
        running_ = wanted_;
        law_ = target_law(setup);
        assignment_.reset();
        sum_ = 0;
        done_ = 0;
    }
    if (done_ >= pairs) return false;
    if (!assignment_) {
        Random random(derive_seed(setup.scene->seed, "floor" + std::to_string(done_)));
        const auto [a, b] = law_->two_fresh_draws(metric_points, random);
        assignment_.emplace(a.x, b.x, a.dimension);
        return false;
    }
    if (!assignment_->run_for(budget)) return false;
    sum_ += assignment_->root_mean_square();
    ++done_;
    assignment_.reset();
    return true;
}

void MetricsJob::start(int pane, const PaneKey& key, const Setup& setup, torch::Tensor ends,
                       torch::Tensor first, torch::Tensor starts,
                       std::shared_ptr<const Field> field, std::int64_t step) {
    *this = {};
    pane_ = pane;
    ends_ = std::move(ends);
    first_ = std::move(first);
    starts_ = std::move(starts);
    field_ = std::move(field);
    Random random(derive_seed(setup.scene->seed, "metrics"));
    if (const std::optional<Tilt> tilt = tilt_of(key.view.guidance)) {
        fresh_ = draw_tilted(setup, *tilt, metric_points, derive_seed(setup.scene->seed, "tilt"));
        if (fresh_.defined()) {
            fresh_again_ =
                draw_tilted(setup, *tilt, metric_points, derive_seed(setup.scene->seed, "floor"));
        }
        metrics_.to_tilt = fresh_.defined();
    }
    if (!fresh_.defined()) {
        const auto law = labelled_law(target_law(setup), key.view.guidance.wanted_label());
        fresh_ = positions_of(law->draw(metric_points, random));
    }
    metrics_.w2_points = static_cast<int>(metric_points);
    metrics_.step = step;
    key_ = key;
}

std::shared_ptr<const PaneMetrics> MetricsJob::step(std::chrono::microseconds budget) {
    constexpr int path_slices = 4;
    const auto dimension = static_cast<int>(ends_.size(1));
    if (!w2_done_ && !to_data_) {
        to_data_.emplace(numbers_of(ends_), numbers_of(fresh_), dimension);
        return nullptr;
    }
    if (to_data_) {
        if (!to_data_->run_for(budget)) return nullptr;
        metrics_.w2 = to_data_->root_mean_square();
        w2_done_ = true;
        to_data_.reset();
        if (fresh_again_.defined())
            floor_.emplace(numbers_of(fresh_), numbers_of(fresh_again_), dimension);
        if (first_.defined()) to_first_.emplace(numbers_of(ends_), numbers_of(first_), dimension);
        return nullptr;
    }
    if (floor_) {
        if (!floor_->run_for(budget)) return nullptr;
        metrics_.w2_floor = floor_->root_mean_square();
        floor_.reset();
        return nullptr;
    }
    if (to_first_) {
        if (!to_first_->run_for(budget)) return nullptr;
        metrics_.w2_to_first = to_first_->root_mean_square();
        to_first_.reset();
        return nullptr;
    }
    if (!energy_done_) {
        metrics_.energy_distance =
            energy_distance(numbers_of(ends_), numbers_of(fresh_), dimension);
        energy_done_ = true;
        return nullptr;
    }
    // Of the PF-ODE; a stochastic path is not meant to be straight.
    if (is_stochastic(key_->view.sampler)) return std::make_shared<const PaneMetrics>(metrics_);
    constexpr std::int64_t rows = 64;
    if (path_slices_ < path_slices) {
        const torch::Tensor label =
            label_rows(key_->view.guidance.wanted_label(), rows, field_->device());
        const PathMeasures measures = path_measures(
            *field_, starts_.narrow(0, path_slices_ * rows, rows).to(field_->device()), label, 16,
            key_->view.sampler.t_min);
        paths_.straightness += measures.straightness / path_slices;
        paths_.energy += measures.path_energy / path_slices;
        ++path_slices_;
        return nullptr;
    }
    if (!transport_) {
        // The paths' energies are of few starts. What these cost more or less than all of them,
        // from end to end, their energies do as well.
        const torch::Tensor cost = (starts_ - ends_).square().sum(1);
        const torch::Tensor few = cost.narrow(0, 0, path_slices * rows);
        paths_.energy += (cost.mean() - few.mean()).item<double>();
        transport_.emplace(numbers_of(starts_), numbers_of(fresh_), dimension);
    }
    if (!transport_->run_for(budget)) return nullptr;
    paths_.npe = normalised_path_energy(paths_.energy, transport_->squared_w2());
    if (std::isfinite(paths_.straightness) && std::isfinite(paths_.energy)) metrics_.paths = paths_;
    return std::make_shared<const PaneMetrics>(metrics_);
}

}  // namespace driftglass
