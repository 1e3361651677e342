#include "core/measure/memorisation.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "core/measure/weighted_points.hpp"

namespace driftglass {
namespace {

std::vector<std::array<double, 2>> in_the_plane(std::span<const float> x, int dimension) {
    const auto d = static_cast<std::size_t>(dimension);
    std::vector<std::array<double, 2>> points(x.size() / d);
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = {x[i * d], d == 2 ? x[i * d + 1] : 0};
    return points;
}

}  // namespace

double memorised_fraction(std::span<const float> samples, std::span<const float> training,
                          int dimension) {
    const auto points = in_the_plane(samples, dimension);
    // A point that occurs twice is one to be copied, and not its own neighbour.
    auto known = in_the_plane(training, dimension);
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    if (known.size() < 2 || points.empty()) return std::numeric_limits<double>::quiet_NaN();
    const WeightedPoints near_to(known);  // all weights 0: squared distances
    std::size_t copies = 0;
    for (const std::array<double, 2>& point : points) {
        const WeightedPoints::Two two = near_to.nearest_two(point);
        if (9 * two.first < two.second) ++copies;
    }
    return static_cast<double>(copies) / static_cast<double>(points.size());
}

}  // namespace driftglass
