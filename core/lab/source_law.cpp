#include "core/lab/source_law.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
namespace {

Error no_such_label(int label) {
    return Error("guidance.label: too few points have the label " + std::to_string(label));
}

void append_with_label(PointSet& to, const PointSet& from, int label, std::int64_t most) {
    const auto columns = static_cast<std::ptrdiff_t>(from.dimension);
    for (std::size_t i = 0; i < from.labels.size() && to.size() < most; ++i) {
        if (from.labels[i] != label) continue;
        const auto place = from.x.begin() + static_cast<std::ptrdiff_t>(i) * columns;
        to.x.insert(to.x.end(), place, place + columns);
        to.labels.push_back(label);
    }
}

PointSet with_label(const PointSet& points, int label) {
    PointSet chosen;
    chosen.dimension = points.dimension;
    append_with_label(chosen, points, label, points.size());
    return chosen;
}

/// Draws of a law that happen to have the label.
class LabelledDraws final : public Distribution {
public:
    LabelledDraws(std::shared_ptr<const Distribution> law, int label)
        : law_(std::move(law)), label_(label) {}

    int dimension() const override { return law_->dimension(); }
    bool has_labels() const override { return true; }
    PointSet draw(std::int64_t n, Random& random) const override {
        PointSet chosen;
        chosen.dimension = dimension();
        const std::int64_t most = 1000 * (n + 100);
        for (std::int64_t drawn = 0; chosen.size() < n && drawn < most; drawn += n)
            append_with_label(chosen, law_->draw(n, random), label_, n);
        if (chosen.size() == 0 && n > 0) throw no_such_label(label_);
        const std::size_t found = chosen.x.size();
        chosen.x.resize(static_cast<std::size_t>(n * dimension()));
        for (std::size_t i = found; i < chosen.x.size(); ++i)
            chosen.x[i] = chosen.x[i - found];
        chosen.labels.assign(static_cast<std::size_t>(n), label_);
        return chosen;
    }

private:
    std::shared_ptr<const Distribution> law_;
    int label_;
};

}  // namespace

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

std::shared_ptr<const Distribution> labelled_law(std::shared_ptr<const Distribution> law,
                                                 std::optional<int> label) {
    if (!label) return law;
    const PointSet* all = law->finite_set();
    if (all == nullptr) return std::make_shared<const LabelledDraws>(std::move(law), *label);
    DataSettings chosen;
    chosen.kind = DataKind::points;
    PointSet points = with_label(*all, *label);
    if (points.size() == 0) throw no_such_label(*label);
    chosen.points = std::make_shared<const PointSet>(std::move(points));
    return make_base_distribution(chosen, law->dimension(), {});
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
