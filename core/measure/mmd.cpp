#include <algorithm>
#include <cmath>

#include "core/measure/columns.hpp"
#include "core/measure/distances.hpp"

namespace driftglass {
namespace {

double median_distance(const Columns& a, const Columns& b) {
    constexpr std::size_t most = 1000;
    std::vector<std::pair<double, double>> some;
    const std::size_t total = 2 * a.size();
    const std::size_t count = std::min(total, most);
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t i = k * total / count;
        const Columns& from = i < a.size() ? a : b;
        some.emplace_back(from.x[i % a.size()], from.y[i % a.size()]);
    }
    std::vector<double> squares;
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i + 1; j < count; ++j) {
            const double dx = some[i].first - some[j].first;
            const double dy = some[i].second - some[j].second;
            squares.push_back(dx * dx + dy * dy);
        }
    }
    const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
    std::nth_element(squares.begin(), middle, squares.end());
    if (*middle > 0) return std::sqrt(*middle);
    // More than half of the pairs coincide: the mean tells them from the rest.
    double sum = 0;
    for (const double square : squares)
        sum += square;
    return std::sqrt(sum / static_cast<double>(squares.size()));
}

}  // namespace

double mmd(std::span<const float> a, std::span<const float> b, int dimension) {
    check_same_size(a, b);
    const Columns p(a, dimension);
    const Columns q(b, dimension);
    if (p.size() < 2) return 0;
    const double width = median_distance(p, q);
    if (width == 0) return 0;
    const double factor = -0.5 / (width * width);
    const PairMeans means =
        pair_means(p, q, [factor](double square) { return std::exp(factor * square); });
    return means.within_a + means.within_b - 2 * means.between;
}

}  // namespace driftglass
