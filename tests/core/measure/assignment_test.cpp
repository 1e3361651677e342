#include "core/measure/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "core/data/random.hpp"
#include "tests/core/measure/points.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using namespace driftglass::testing;

namespace {

using Cost = std::function<double(int, int)>;

Cost squared_distances(const std::vector<float>& a, const std::vector<float>& b, int dimension) {
    return [&a, &b, dimension](int i, int j) {
        double sum = 0;
        for (int d = 0; d < dimension; ++d) {
            const double off = double{a[static_cast<std::size_t>(i * dimension + d)]} -
                               b[static_cast<std::size_t>(j * dimension + d)];
            sum += off * off;
        }
        return sum;
    };
}

double brute_force(int n, const Cost& cost) {
    std::vector<int> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    double best = std::numeric_limits<double>::infinity();
    do {
        double sum = 0;
        for (int i = 0; i < n; ++i)
            sum += cost(i, order[static_cast<std::size_t>(i)]);
        best = std::min(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

/// The textbook O(n^3) Hungarian method on all edges.
double hungarian(int n, const Cost& cost) {
    const std::size_t size = static_cast<std::size_t>(n) + 1;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<double> u(size), v(size);
    std::vector<std::size_t> row_of(size), way(size);
    for (std::size_t i = 1; i < size; ++i) {
        row_of[0] = i;
        std::size_t column = 0;
        std::vector<double> low(size, infinity);
        std::vector<bool> used(size);
        do {
            used[column] = true;
            const std::size_t row = row_of[column];
            double delta = infinity;
            std::size_t next = 0;
            for (std::size_t j = 1; j < size; ++j) {
                if (used[j]) continue;
                const double value =
                    cost(static_cast<int>(row) - 1, static_cast<int>(j) - 1) - u[row] - v[j];
                if (value < low[j]) {
                    low[j] = value;
                    way[j] = column;
                }
                if (low[j] < delta) {
                    delta = low[j];
                    next = j;
                }
            }
            for (std::size_t j = 0; j < size; ++j) {
                if (used[j]) {
                    u[row_of[j]] += delta;
                    v[j] -= delta;
                } else {
                    low[j] -= delta;
                }
            }
            column = next;
        } while (row_of[column] != 0);
        for (; column != 0; column = way[column])
            row_of[column] = row_of[way[column]];
    }
    double sum = 0;
    for (std::size_t j = 1; j < size; ++j) {
        sum += cost(static_cast<int>(row_of[j]) - 1, static_cast<int>(j) - 1);
    }
    return sum;
}

double solved(const std::vector<float>& a, const std::vector<float>& b, int dimension) {
    Assignment assignment(a, b, dimension);
    assignment.run();
    const std::set<int> columns(assignment.match().begin(), assignment.match().end());
    CHECK(columns.size() == a.size() / static_cast<std::size_t>(dimension));
    if (!columns.empty()) {
        CHECK(*columns.begin() == 0);
        CHECK(*columns.rbegin() == static_cast<int>(columns.size()) - 1);
    }
    const Cost cost = squared_distances(a, b, dimension);
    double sum = 0;
    for (int i = 0; i < static_cast<int>(columns.size()); ++i)
        sum += cost(i, assignment.match()[static_cast<std::size_t>(i)]);
    CHECK(assignment.cost() == Approx(sum).epsilon(1e-12));
    return assignment.cost();
}

}  // namespace

TEST_CASE("the assignment equals brute force up to 8 points") {
    Random random(1);
    for (int n = 1; n <= 8; ++n) {
        for (int k = 0; k < 6; ++k) {
            for (const int dimension : {1, 2}) {
                const auto a = normals(n, dimension, random);
                const auto b = normals(n, dimension, random, 2);
                INFO("n = " << n << ", D = " << dimension);
                CHECK(solved(a, b, dimension) ==
                      Approx(brute_force(n, squared_distances(a, b, dimension))).epsilon(1e-10));
            }
        }
    }
}

TEST_CASE("the assignment equals the plain cubic method at 300 points") {
    Random random(2);
    const int n = 300;
    const auto noise = normals(n, 2, random);
    const auto other = normals(n, 2, random);
    std::vector<float> clusters;
    for (int i = 0; i < n; ++i) {
        const double angle = 2 * static_cast<double>(random.below(5));
        clusters.push_back(static_cast<float>(2 * std::cos(angle) + 0.05 * random.normal()));
        clusters.push_back(static_cast<float>(2 * std::sin(angle) + 0.05 * random.normal()));
    }
    std::vector<float> far = noise;
    for (float& x : far)
        x += 50;
    std::vector<float> two(static_cast<std::size_t>(2 * n), 0);
    for (int i = 0; i < n; ++i)
        two[static_cast<std::size_t>(2 * i)] = i % 3 == 0 ? -1.0f : 1.0f;
    const auto line = [](std::vector<float> points) {
        for (std::size_t i = 1; i < points.size(); i += 2)
            points[i] = 0;
        return points;
    };
    for (const auto& [a, b] : std::vector<std::pair<std::vector<float>, std::vector<float>>>{
             {noise, other},
             {noise, clusters},
             {clusters, noise},
             {clusters, two},
             {far, other},
             {two, noise},
             {line(noise), line(other)}}) {
        const double expected = hungarian(n, squared_distances(a, b, 2));
        CHECK(solved(a, b, 2) == Approx(expected).epsilon(1e-9));
    }
    // On a line in the plane it is what sorting gives.
    Assignment sorted(noise, other, 1);
    sorted.run();
    CHECK(sorted.cost() == Approx(solved(noise, other, 1)));
}

TEST_CASE("degenerate sets are assigned too") {
    const std::vector<float> none;
    Assignment empty(none, none, 2);
    empty.run();
    CHECK(empty.root_mean_square() == 0);
    CHECK(solved({3, 4}, {0, 0}, 2) == 25);

    const std::vector<float> equal(2 * 500, 0.3f);
    CHECK(solved(equal, equal, 2) == 0);

    Random random(3);
    // All to one point: whatever the order, the squared distances to it.
    const auto noise = normals(2048, 2, random);
    const std::vector<float> one(noise.size(), 0);
    const double to_one = std::transform_reduce(noise.begin(), noise.end(), 0.0, std::plus<>(),
                                                [](double x) { return x * x; });
    CHECK(solved(noise, one, 2) == Approx(to_one));
    CHECK(solved(one, noise, 2) == Approx(to_one));

    auto points = normals(400, 2, random);
    CHECK(solved(points, points, 2) == 0);
    // Each point four times over, against its own reversal.
    for (std::size_t i = 200; i < points.size(); ++i)
        points[i] = points[i - 200];
    std::vector<float> reversed;
    for (std::size_t i = points.size() / 2; i-- > 0;) {
        reversed.push_back(points[2 * i]);
        reversed.push_back(points[2 * i + 1]);
    }
    CHECK(solved(points, reversed, 2) == 0);

    // Two places, unequally filled: 150 of 500 must move by 2.
    std::vector<float> a(1000, 0);
    std::vector<float> b(1000, 0);
    for (std::size_t i = 0; i < 500; ++i) {
        a[2 * i] = i < 350 ? -1.0f : 1.0f;
        b[2 * i] = i < 200 ? -1.0f : 1.0f;
    }
    CHECK(solved(a, b, 2) == Approx(150 * 4.0));

    // Far out, float coordinates are 1/16 apart, so there are ties; costs still agree.
    auto large = normals(200, 2, random, 1e6);
    auto larger = normals(200, 2, random, 1e6);
    CHECK(solved(large, larger, 2) ==
          Approx(hungarian(200, squared_distances(large, larger, 2))).epsilon(1e-9));
    for (float& x : large)
        x = 1e6f + std::round(x / 1e6f);
    for (float& x : larger)
        x = 1e6f + std::round(x / 1e6f);
    CHECK(solved(large, larger, 2) ==
          Approx(hungarian(200, squared_distances(large, larger, 2))).epsilon(1e-9));
    CHECK_THROWS(Assignment(large, points, 2));
}

TEST_CASE("a translated set is assigned to itself") {
    Random random(4);
    const auto a = normals(1000, 2, random);
    std::vector<float> b(a.size());
    for (std::size_t i = 0; i < a.size(); i += 2) {
        b[i] = a[i] + 3;
        b[i + 1] = a[i + 1] - 4;
    }
    Assignment assignment(a, b, 2);
    assignment.run();
    CHECK(assignment.root_mean_square() == Approx(5).epsilon(1e-6));  // float rounding of the sum
}

TEST_CASE("an assignment solved in slices is the same") {
    Random random(5);
    const auto a = normals(600, 2, random);
    const auto b = normals(600, 2, random);
    Assignment whole(a, b, 2);
    whole.run();
    Assignment sliced(a, b, 2);
    int slices = 1;
    while (!sliced.run_for(std::chrono::microseconds(1)))
        ++slices;
    CHECK(slices > 10);
    CHECK(std::equal(whole.match().begin(), whole.match().end(), sliced.match().begin()));
    CHECK(sliced.run_for(std::chrono::microseconds(1)));
}
