#include "core/lab/source_law.hpp"

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
std::shared_ptr<const Distribution> drawn_source(const SourceSettings& settings, int dimension,
                                                 const std::filesystem::path& folder) {
    if (settings.kind != SourceKind::data) return nullptr;
    std::shared_ptr<const Distribution> law = make_distribution(settings.data, dimension, folder);
    Random random(0);
    if (!law || law->draw(1, random).size() == 0) {
        throw Error("source: has no points; draw some, or choose gaussian, uniform or annulus");
    }
    return law;
}

TrainingSource training_source(const SourceSettings& settings,
                               std::shared_ptr<const Distribution> drawn,
                               std::shared_ptr<const Schedule> schedule, int dimension) {
    TrainingSource source;
    source.gaussian = settings.kind == SourceKind::gaussian;
    if (source.gaussian) return source;
    source.draw = [settings, drawn, schedule, dimension](std::int64_t count,
                                                         torch::Generator& generator) {
        const auto seed =
            torch::randint(0, std::int64_t{1} << 62, {1}, generator,
                           torch::TensorOptions(torch::kInt64).device(generator.device()))
                .item<std::int64_t>();
        return start_points(settings, drawn.get(), *schedule, count, dimension,
                            static_cast<std::uint64_t>(seed))
            .to(generator.device());
    };
    return source;
}

torch::Tensor positions_of(const PointSet& points) {
    torch::Tensor x = torch::empty({points.size(), points.dimension});
    std::copy(points.x.begin(), points.x.end(), x.data_ptr<float>());
    return x;
}

torch::Tensor labels_of(const PointSet& points) {
    if (points.labels.empty()) return {};
    torch::Tensor labels = torch::empty({points.size()}, torch::kInt64);
    std::copy(points.labels.begin(), points.labels.end(), labels.data_ptr<std::int64_t>());
    return labels;
}

torch::Tensor label_rows(std::optional<int> label, std::int64_t count, torch::Device device) {
    if (!label) return {};
    return torch::full({count}, *label, torch::TensorOptions(torch::kInt64).device(device));
}

torch::Tensor fresh_positions(const Distribution& law, std::int64_t count, std::optional<int> label,
                              Random& random) {
    if (!label) return positions_of(law.draw(count, random));
    torch::Tensor chosen;
    for (int tries = 0; tries < 1000; ++tries) {
        const PointSet some = law.draw(count, random);
        if (some.labels.empty()) break;
        const torch::Tensor x = positions_of(some).index({labels_of(some) == *label});
        chosen = chosen.defined() ? torch::cat({chosen, x}) : x;
        if (chosen.size(0) >= count) return chosen.narrow(0, 0, count).contiguous();
    }
    throw Error("guidance.label: too few points have that label");
}

Trajectories trajectories_of(const torch::Tensor& rows, std::vector<double> times) {
    Trajectories paths;
    paths.times = std::move(times);
    if (!rows.defined()) return paths;
    paths.count = rows.size(1);
    // Positions have two columns whatever the dimension.
    paths.positions =
        numbers_of(rows.size(2) == 1 ? torch::cat({rows, torch::zeros_like(rows)}, 2) : rows);
    return paths;
}

std::vector<float> numbers_of(const torch::Tensor& x) {
    if (!x.defined()) return {};
    const torch::Tensor rows = x.to(torch::kCPU, torch::kFloat32).contiguous();
    const float* from = rows.const_data_ptr<float>();
    return {from, from + rows.numel()};
}

}  // namespace driftglass
