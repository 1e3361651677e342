#include "core/lab/pane_paths.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/lab/source_law.hpp"
#include "core/lab/space_time.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {

bool PaneKey::same_choice(const PaneKey& other) const {
    PaneKey same_weights = other;
    if (view.field == FieldKind::learned) same_weights.version = version;
    return *this == same_weights;
}

bool PanePaths::has(std::int64_t wanted_count) const {
    return made_ && wanted_ && *made_ == *wanted_ && count() >= wanted_count;
}

bool PanePaths::has_choice(std::int64_t wanted_count) const {
    return made_ && wanted_ && made_->same_choice(*wanted_) && count() >= wanted_count;
}

bool PanePaths::make_block(const Field& field, const torch::Tensor& starts, std::uint64_t seed,
                           const std::function<bool()>& cancelled) {
    const bool goes_on = made_ && *made_ == *wanted_;
    const std::int64_t index = goes_on ? static_cast<std::int64_t>(blocks_.size()) : 0;
    const torch::Tensor label =
        label_rows(wanted_->view.guidance.wanted_label(), block, field.device());
    Path path = sample(field, starts.narrow(0, index * block, block).to(field.device()), label,
                       wanted_->view.sampler,
                       make_generator(seed, "sampling" + std::to_string(index)), true, cancelled);
    if (path.cancelled) return false;
    path.rows = path.rows.to(torch::kCPU, torch::kFloat32).contiguous();
    path.end = path.end.to(torch::kCPU, torch::kFloat32).contiguous();
    if (!goes_on) {
        blocks_.clear();
        made_ = wanted_;
    }
    blocks_.push_back(std::move(path));
    return true;
}

std::shared_ptr<const Trajectories> PanePaths::trajectories(std::int64_t wanted_count) const {
    auto result = std::make_shared<Trajectories>();
    const std::int64_t n = std::min(wanted_count, count());
    result->count = n;
    if (n == 0) return result;
    result->times = blocks_.front().times;
    const auto rows = static_cast<std::int64_t>(result->times.size());
    result->positions.assign(static_cast<std::size_t>(rows * n * 2), 0.0F);
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
        const Path& path = blocks_[b];
        const std::int64_t first = static_cast<std::int64_t>(b) * block;
        if (first >= n) break;
        result->diverged = result->diverged || path.diverged;
        result->nfe = std::max(result->nfe, path.nfe);
        result->network_evaluations =
            std::max(result->network_evaluations, path.network_evaluations);
        const std::int64_t here = std::min(block, n - first);
        const std::int64_t d = path.rows.size(2);
        const float* from = path.rows.const_data_ptr<float>();
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto across =
                static_cast<float>(across_at(result->times[static_cast<std::size_t>(row)]));
            for (std::int64_t i = 0; i < here; ++i) {
                const float* point = from + (row * block + i) * d;
                float* to = result->positions.data() + ((row * n) + first + i) * 2;
                to[0] = d > 1 ? point[0] : across;
                to[1] = point[d - 1];
            }
        }
    }
    return result;
}

torch::Tensor PanePaths::ends(std::int64_t wanted_count) const {
    std::vector<torch::Tensor> parts;
    for (const Path& path : blocks_)
        parts.push_back(path.end);
    const torch::Tensor all = torch::cat(parts);
    return all.narrow(0, 0, std::min(wanted_count, all.size(0)));
}

std::vector<float> positions_at(const Trajectories& trajectories, double t) {
    const std::vector<double>& times = trajectories.times;
    const auto n = static_cast<std::size_t>(trajectories.count) * 2;
    std::vector<float> positions(n);
    if (times.empty() || n == 0) return positions;
    // Times fall; Langevin's stand still: then the last row is meant.
    std::size_t row = times.size() - 1;
    for (std::size_t i = 0; i + 1 < times.size(); ++i) {
        if (times[i] >= t && t >= times[i + 1] && times[i] > times[i + 1]) {
            row = i;
            break;
        }
    }
    const std::size_t next = std::min(row + 1, times.size() - 1);
    const double gap = times[row] - times[next];
    const auto part =
        static_cast<float>(gap > 0 ? std::clamp((times[row] - t) / gap, 0.0, 1.0) : 1);
    const float* a = trajectories.positions.data() + row * n;
    const float* b = trajectories.positions.data() + next * n;
    for (std::size_t i = 0; i < n; ++i)
        positions[i] = a[i] + part * (b[i] - a[i]);
    return positions;
}

torch::Tensor cell_centres(const Rect& world, int columns, int rows) {
    torch::Tensor centres = torch::empty({std::int64_t{rows} * columns, 2});
    float* out = centres.data_ptr<float>();
    for (int row = 0; row < rows; ++row) {
        for (int column = 0; column < columns; ++column) {
            *out++ = world.x_min + (world.x_max - world.x_min) *
                                       (static_cast<float>(column) + 0.5F) /
                                       static_cast<float>(columns);
            *out++ = world.y_min + (world.y_max - world.y_min) * (static_cast<float>(row) + 0.5F) /
                                       static_cast<float>(rows);
        }
    }
    return centres;
}

std::shared_ptr<const ArrowGrid> make_arrows(const Field& field, const Rect& world, int columns,
                                             int rows, double t, std::optional<int> label,
                                             const std::vector<float>& density) {
    auto arrows = std::make_shared<ArrowGrid>();
    arrows->world = world;
    arrows->columns = columns;
    arrows->rows = rows;
    const bool space_time = field.dimension() == 1;
    const torch::Tensor cells = cell_centres(world, columns, rows);
    torch::Tensor x = cells, times = at_time(t);
    if (space_time) {
        x = cells.narrow(1, 1, 1).contiguous();
        times = (1 - cells.select(1, 0).to(torch::kFloat64) / time_axis) / 2;
    }
    const torch::Tensor labels = label_rows(label, x.size(0), field.device());
    const torch::Tensor v = field.velocity(x.to(field.device()), times.clamp(0, 1), labels)
                                .to(torch::kCPU, torch::kFloat32)
                                .contiguous();
    const float* from = v.const_data_ptr<float>();
    const auto count = static_cast<std::size_t>(cells.size(0));
    arrows->velocity.assign(count * 2, 0.0F);
    const auto finite = [](float value) { return std::isfinite(value) ? value : 0.0F; };
    for (std::size_t i = 0; i < count; ++i) {
        float* to = &arrows->velocity[2 * i];
        if (!space_time) {
            to[0] = finite(from[2 * i]);
            to[1] = finite(from[2 * i + 1]);
            continue;
        }
        const double time = times.const_data_ptr<double>()[i];
        if (time < 0 || time > 1) continue;
        to[0] = static_cast<float>(-2 * time_axis);
        to[1] = finite(from[i]);
    }
    arrows->weight.assign(count, 0.0F);
    const float most = density.empty() ? 0.0F : *std::max_element(density.begin(), density.end());
    for (std::size_t i = 0; i < count && most > 0 && density.size() == count; ++i) {
        arrows->weight[i] = density[i] / most;
    }
    return arrows;
}

}  // namespace driftglass
