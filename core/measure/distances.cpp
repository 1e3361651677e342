#include "core/measure/distances.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/error.hpp"
#include "core/measure/assignment.hpp"

namespace driftglass {
namespace {

void check_sizes(std::span<const float> a, std::span<const float> b) {
    if (a.size() != b.size()) {
        throw Error("a distance needs two sets of the same number of points");
    }
}

struct Columns {
    Columns(std::span<const float> rows, int dimension) {
        const std::size_t columns = static_cast<std::size_t>(dimension);
        const std::size_t n = rows.size() / columns;
        x.resize(n);
        y.assign(n, 0);
        for (std::size_t i = 0; i < n; ++i) {
            x[i] = rows[i * columns];
            if (columns == 2) y[i] = rows[i * columns + 1];
        }
    }
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

template <class F>
PairMeans pair_means(const Columns& a, const Columns& b, F f) {
    const double n = static_cast<double>(a.size());
    return {sum_over_pairs(a, b, false, f) / (n * n),
            sum_over_pairs(a, a, true, f) * 2 / (n * (n - 1)),
            sum_over_pairs(b, b, true, f) * 2 / (n * (n - 1))};
}

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

double w2(std::span<const float> a, std::span<const float> b, int dimension) {
    check_sizes(a, b);
    Assignment assignment(a, b, dimension);
    assignment.run();
    return assignment.root_mean_square();
}

double sliced_w2(std::span<const float> a, std::span<const float> b, int dimension,
                 int directions) {
    check_sizes(a, b);
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

double energy_distance(std::span<const float> a, std::span<const float> b, int dimension) {
    check_sizes(a, b);
    const Columns p(a, dimension);
    const Columns q(b, dimension);
    if (p.size() < 2) return 0;
    const PairMeans means = pair_means(p, q, [](double square) { return std::sqrt(square); });
    return 2 * means.between - means.within_a - means.within_b;
}

double mmd(std::span<const float> a, std::span<const float> b, int dimension) {
    check_sizes(a, b);
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
