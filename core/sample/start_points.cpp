#include "core/sample/start_points.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/error.hpp"

namespace driftglass {

torch::Generator make_generator(std::uint64_t seed, std::string_view purpose) {
    return at::detail::createCPUGenerator(derive_seed(seed, purpose));
}

torch::Tensor start_points(const SourceSettings& source, const Distribution* drawn,
                           const Schedule& schedule, std::int64_t count, int dimension,
                           std::uint64_t seed) {
    Random random(derive_seed(seed, "starts"));
    const torch::Tensor starts = torch::empty({count, dimension}, torch::kFloat32);
    float* out = starts.data_ptr<float>();
    const auto fill = [&](const auto& number) {
        for (std::int64_t i = 0; i < count * dimension; ++i)
            out[i] = static_cast<float>(number());
    };
    switch (source.kind) {
        case SourceKind::gaussian: {
            const double scale = schedule.source_scale();
            fill([&] { return scale * random.normal(); });
            break;
        }
        case SourceKind::uniform:
            fill([&] { return random.uniform(-std::numbers::sqrt3, std::numbers::sqrt3); });
            break;
        case SourceKind::annulus:
            for (std::int64_t i = 0; i < count; ++i) {
                if (dimension == 1) {
                    const double radius = random.uniform(1.2, 1.6);
                    out[i] = static_cast<float>(random.uniform() < 0.5 ? -radius : radius);
                    continue;
                }
                const double radius = std::sqrt(random.uniform(1.2 * 1.2, 1.6 * 1.6));
                const double angle = random.uniform(0, 2 * std::numbers::pi);
                out[2 * i] = static_cast<float>(radius * std::cos(angle));
                out[2 * i + 1] = static_cast<float>(radius * std::sin(angle));
            }
            break;
        case SourceKind::data: {
            const PointSet points =
                drawn ? drawn->draw(count, random) : PointSet{dimension, {}, {}};
            if (points.size() != count) {
                throw Error("source: it has no points to start from; draw some or choose gaussian");
            }
            std::copy(points.x.begin(), points.x.end(), out);
            break;
        }
    }
    return starts;
}

}  // namespace driftglass
