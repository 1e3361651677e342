#include <algorithm>
#include <cmath>

#include "core/measure/assignment.hpp"
#include "core/measure/columns.hpp"
#include "core/measure/distances.hpp"

namespace driftglass {

double w2(std::span<const float> a, std::span<const float> b, int dimension) {
    check_same_size(a, b);
    Assignment assignment(a, b, dimension);
    assignment.run();
    return assignment.root_mean_square();
}

Floor w2_floor(const Distribution& law, std::int64_t n, int draws, Random& random) {
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < draws; ++k) {
        const auto [first, second] = law.two_fresh_draws(n, random);
        const double distance = w2(first.x, second.x, law.dimension());
        sum += distance;
        squares += distance * distance;
    }
    const double mean = sum / draws;
    const double variance = draws > 1 ? (squares - sum * mean) / (draws - 1) : 0;
    return {mean, std::sqrt(std::max(variance, 0.0)), draws};
}

}  // namespace driftglass
