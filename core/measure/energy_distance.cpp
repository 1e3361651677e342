#include <cmath>

#include "core/measure/columns.hpp"
#include "core/measure/distances.hpp"

namespace driftglass {

double energy_distance(std::span<const float> a, std::span<const float> b, int dimension) {
    check_same_size(a, b);
    const Columns p(a, dimension);
    const Columns q(b, dimension);
    if (p.size() < 2) return 0;
    const PairMeans means = pair_means(p, q, [](double square) { return std::sqrt(square); });
    return 2 * means.between - means.within_a - means.within_b;
}

}  // namespace driftglass
