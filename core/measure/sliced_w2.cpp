#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/measure/columns.hpp"
#include "core/measure/distances.hpp"

namespace driftglass {

double sliced_w2(std::span<const float> a, std::span<const float> b, int dimension,
                 int directions) {
    check_same_size(a, b);
    if (a.empty()) return 0;
    const Columns p(a, dimension);
    const Columns q(b, dimension);
    if (dimension == 1) directions = 1;
    std::vector<double> u(p.size());
    std::vector<double> v(q.size());
    double sum = 0;
    for (int k = 0; k < directions; ++k) {
        const double angle = std::numbers::pi * k / directions;
        const double c = std::cos(angle);
        const double s = std::sin(angle);
        for (std::size_t i = 0; i < u.size(); ++i) {
            u[i] = c * p.x[i] + s * p.y[i];
            v[i] = c * q.x[i] + s * q.y[i];
        }
        std::sort(u.begin(), u.end());
        std::sort(v.begin(), v.end());
        for (std::size_t i = 0; i < u.size(); ++i)
            sum += (u[i] - v[i]) * (u[i] - v[i]);
    }
    return std::sqrt(sum / (static_cast<double>(u.size()) * directions));
}

}  // namespace driftglass
