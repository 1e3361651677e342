#pragma once

#include <cmath>
#include <span>
#include <vector>

namespace driftglass {

/// Throws Error where two sets of points [n, D] differ in size.
void check_same_size(std::span<const float> a, std::span<const float> b);

/// Points [n, D], D = 1 or 2, coordinate by coordinate in double; y is 0 for D = 1.
struct Columns {
    Columns(std::span<const float> rows, int dimension);
    std::size_t size() const { return x.size(); }

    std::vector<double> x;
    std::vector<double> y;
};

/// Sum of f(squared distance) over the pairs (i, j) of p and q, or over i < j of p alone.
template <class F>
double sum_over_pairs(const Columns& p, const Columns& q, bool same, F f) {
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        double row = 0;
        for (std::size_t j = same ? i + 1 : 0; j < q.size(); ++j) {
            const double dx = p.x[i] - q.x[j];
            const double dy = p.y[i] - q.y[j];
            row += f(dx * dx + dy * dy);
        }
        sum += row;
    }
    return sum;
}

/// Means of f over pairs: between, within p, within q.
struct PairMeans {
    double between;
    double within_a;
    double within_b;
};

/// Of n points each, n at least 2.
template <class F>
PairMeans pair_means(const Columns& a, const Columns& b, F f) {
    const double n = static_cast<double>(a.size());
    return {sum_over_pairs(a, b, false, f) / (n * n),
            sum_over_pairs(a, a, true, f) * 2 / (n * (n - 1)),
            sum_over_pairs(b, b, true, f) * 2 / (n * (n - 1))};
}

}  // namespace driftglass
