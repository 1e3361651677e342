// From data to noise: the forward SDE, and what a point in between may have come from.

#include <algorithm>

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

Trajectories trajectories_of(const torch::Tensor& rows, std::vector<double> times) {
    Trajectories paths;
    paths.times = std::move(times);
    paths.count = rows.size(1);
    paths.positions =
        numbers_of(rows.size(2) == 1 ? torch::cat({rows, torch::zeros_like(rows)}, 2) : rows);
    return paths;
}

}  // namespace

Trajectories Lab::forward_trajectories(std::int64_t count, const Progress& progress,
                                       std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const Scene& scene = *s.setup.scene;
    if (scene.source.kind != SourceKind::gaussian) {
        throw Error("source.kind: the forward SDE ends in a Gaussian; choose gaussian");
    }
    std::vector<double> times = scene_times(s.setup);
    times.push_back(0);
    std::reverse(times.begin(), times.end());

    Random random(derive_seed(scene.seed, "forward"));
    const torch::Tensor x0 = fresh_positions(*target_law(s.setup), count,
                                             own_view(scene).guidance.wanted_label(), random);
    const torch::Generator generator = make_generator(scene.seed, "forward");
    std::vector<torch::Tensor> rows;
    for (std::int64_t first = 0; first < count && !stop.stop_requested(); first += block) {
        const std::int64_t n = std::min(block, count - first);
        rows.push_back(forward_paths(*s.setup.schedule, x0.narrow(0, first, n), times, generator));
        if (progress) {
            progress(static_cast<double>(first + n), static_cast<double>(count), "forward");
        }
    }
    if (rows.empty()) return {};
    return trajectories_of(torch::cat(rows, 1), std::move(times));
}

PosteriorPairs Lab::posterior_pairs(const PointSet& points, double time, std::int64_t count) {
    State& s = *state_;
    s.take_commands();
    const Scene& scene = *s.setup.scene;
    const std::shared_ptr<const ExactField> exact = s.exact_field();
    if (!exact) throw Error(s.exact_fault);
    const torch::Tensor x = positions_of(points).to(exact->device()).repeat_interleave(count, 0);
    torch::Tensor label = labels_of(points);
    if (label.defined()) {
        label = label.to(exact->device()).repeat_interleave(count);
    } else {
        label = label_rows(own_view(scene).guidance.wanted_label(), x.size(0), exact->device());
    }
    const ExactField::Pairs pairs =
        exact->posterior_pairs(x, time, label, make_generator(scene.seed, "posterior"));
    return {numbers_of(pairs.x0), numbers_of(pairs.x1), count};
}

Trajectories Lab::conditional_trajectories(const PosteriorPairs& pairs) {
    const Setup& setup = state_->setup;
    const int dimension = setup.scene->dimension;
    const auto rows_of = [&](const std::vector<float>& values) {
        return torch::tensor(values).view({-1, dimension});
    };
    std::vector<double> times = scene_times(setup);
    const torch::Tensor rows =
        conditional_paths(*setup.schedule, rows_of(pairs.x0), rows_of(pairs.x1), times);
    return trajectories_of(rows, std::move(times));
}

}  // namespace driftglass
