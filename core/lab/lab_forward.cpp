// From data to noise: the forward SDE, and what a point in between may have come from.

#include <algorithm>
#include <functional>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/source_law.hpp"
#include "core/sample/forward.hpp"
#include "core/sample/start_points.hpp"
#include "core/sample/time_grid.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t block = 16384;  // paths at once

std::vector<double> scene_times(const Setup& setup) {
    const SamplerSettings& sampler = setup.scene->sampler;
    return time_grid(*setup.schedule, sampler.grid, sampler.steps, sampler.t_min);
}

}  // namespace

Trajectories Lab::forward_trajectories(std::int64_t count, bool keep_rows, const Progress& progress,
                                       std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const Scene& scene = *s.setup.scene;
    if (scene.source.kind != SourceKind::gaussian) {
        throw Error("source.kind: the forward SDE ends in a Gaussian; choose gaussian");
    }
    if (!s.setup.has_score()) {
        throw Error(
            "coupling.kind: the forward SDE adds noise that knows nothing of the data; choose "
            "independent");
    }
    std::vector<double> times = scene_times(s.setup);
    times.push_back(0);
    std::reverse(times.begin(), times.end());

    Random random(derive_seed(scene.seed, "forward"));
    const auto law = labelled_law(target_law(s.setup), own_view(scene).guidance.wanted_label());
    const torch::Tensor x0 = positions_of(law->draw(count, random));
    const torch::Generator generator = make_generator(scene.seed, "forward");
    std::vector<torch::Tensor> blocks;
    for (std::int64_t first = 0; first < count && !stop.stop_requested(); first += block) {
        const std::int64_t n = std::min(block, count - first);
        const torch::Tensor rows =
            forward_paths(*s.setup.schedule, x0.narrow(0, first, n), times, generator);
        blocks.push_back(keep_rows ? rows : rows.slice(0, rows.size(0) - 1).clone());
        if (progress) {
            progress(static_cast<double>(first + n), static_cast<double>(count), "forward");
        }
    }
    if (blocks.empty()) return {};
    if (!keep_rows) times = {times.back()};
    return trajectories_of(torch::cat(blocks, 1), std::move(times));
}

PosteriorPairs Lab::posterior_pairs(const PointSet& points, double time, std::int64_t count,
                                    const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const Scene& scene = *s.setup.scene;
    const std::shared_ptr<const ExactField> exact = s.exact_field();
    if (!exact) throw Error(s.exact_fault);
    if (!(time > 0) && !exact->smooth_data()) {
        throw Error(
            "at time 0 a point is itself one of the data, or impossible: take a time above 0, or "
            "exact.kernel_width above 0");
    }
    const torch::Tensor x = positions_of(points).to(exact->device());
    torch::Tensor label = labels_of(points);
    if (label.defined()) {
        label = label.to(exact->device());
    } else {
        label = label_rows(own_view(scene).guidance.wanted_label(), x.size(0), exact->device());
    }
    const torch::Generator generator = make_generator(scene.seed, "posterior");
    const std::int64_t total = x.size(0) * count;
    const std::int64_t rows = std::min(block, s.rows_at_once());
    std::vector<torch::Tensor> x0, x1;
    for (std::int64_t first = 0; first < total; first += rows) {
        if (stop.stop_requested()) return {};
        const std::int64_t n = std::min(rows, total - first);
        const torch::Tensor of =
            torch::arange(first, first + n, torch::kInt64).div(count, "floor").to(x.device());
        const ExactField::Pairs pairs =
            exact->posterior_pairs(x.index_select(0, of), time,
                                   label.defined() ? label.index_select(0, of) : label, generator);
        x0.push_back(pairs.x0);
        x1.push_back(pairs.x1);
        if (progress) {
            progress(static_cast<double>(first + n), static_cast<double>(total), "drawing");
        }
    }
    return {numbers_of(torch::cat(x0)), numbers_of(torch::cat(x1)), count, time};
}

Trajectories Lab::conditional_trajectories(const PosteriorPairs& pairs) {
    const Setup& setup = state_->setup;
    const int dimension = setup.scene->dimension;
    const auto rows_of = [&](const std::vector<float>& values) {
        return torch::tensor(values).view({-1, dimension});
    };
    std::vector<double> times = scene_times(setup);
    const auto below = std::lower_bound(times.begin(), times.end(), pairs.time, std::greater<>());
    if (below == times.end() || *below != pairs.time) times.insert(below, pairs.time);
    const torch::Tensor rows =
        conditional_paths(*setup.schedule, rows_of(pairs.x0), rows_of(pairs.x1), times);
    return trajectories_of(rows, std::move(times));
}

void Lab::check_log_density() {
    State& s = *state_;
    s.take_commands();
    const ViewSpec view = s.chosen_view();
    const bool later = view.field == FieldKind::learned &&
                       (view.round < 0 ? s.rounds_to_come() > 0 : view.round > 0);
    if (const char* why = why_no_prior(s.setup, later)) throw Error(why);
}

}  // namespace driftglass
