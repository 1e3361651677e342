#include "core/measure/distances.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "tests/core/measure/points.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using namespace driftglass::testing;

namespace {

std::vector<float> moved(std::vector<float> points, float dx, float dy) {
    for (std::size_t i = 0; i < points.size(); i += 2) {
        points[i] += dx;
        points[i + 1] += dy;
    }
    return points;
}

}  // namespace

TEST_CASE("distances of a set to itself and to its translate have closed forms") {
    Random random(1);
    const auto a = normals(500, 2, random);
    CHECK(w2(a, a, 2) == 0);
    CHECK(sliced_w2(a, a, 2) == 0);
    const auto b = moved(a, 3, 4);
    CHECK(w2(a, b, 2) == Approx(5).epsilon(1e-6));
    // A projection on angle t moves by 5 cos(t - t0), whose mean square is 25 / 2.
    CHECK(sliced_w2(a, b, 2) == Approx(5 / std::sqrt(2)).epsilon(1e-6));
    CHECK_THROWS_AS(w2(a, normals(400, 2, random), 2), Error);
    const std::vector<float> none;
    CHECK(w2(none, none, 2) == 0);
    CHECK(sliced_w2(none, none, 2) == 0);
    CHECK(energy_distance(none, none, 2) == 0);
    CHECK(mmd(none, none, 2) == 0);
}

TEST_CASE("W2 of samples of two Gaussians tends to its closed form") {
    // W2^2 = |m1 - m2|^2 + D (s1 - s2)^2; W2 of n samples lies above by the floor, about
    // sqrt(log(n) / n) a unit of width, well under 0.1 of this distance of 4.5.
    Random random(2);
    const int n = 2000;
    const auto a = normals(n, 2, random, 1);
    const auto b = normals(n, 2, random, 2, 3);
    const double expected = std::sqrt(2 * 9 + 2 * 1);
    CHECK(w2(a, b, 2) == Approx(expected).epsilon(0.05));
    // In dimension 1 sorting: sqrt(9 + 1).
    const auto c = normals(20000, 1, random, 1);
    const auto d = normals(20000, 1, random, 2, 3);
    CHECK(w2(c, d, 1) == Approx(std::sqrt(10)).epsilon(0.02));
    CHECK(sliced_w2(c, d, 1) == Approx(w2(c, d, 1)));
}

TEST_CASE("the energy distance equals its definition, and in 1-D twice Cramer's") {
    Random random(3);
    const int n = 60;
    const auto a = normals(n, 1, random);
    const auto b = normals(n, 1, random, 2, 1);
    double between = 0;
    double within = 0;
    for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
            const auto at = [](const std::vector<float>& x, int k) {
                return double{x[static_cast<std::size_t>(k)]};
            };
            between += std::abs(at(a, i) - at(b, j)) / (n * n);
            if (i == j) continue;
            within += std::abs(at(a, i) - at(a, j)) / (n * (n - 1.0));
            within += std::abs(at(b, i) - at(b, j)) / (n * (n - 1.0));
        }
    }
    CHECK(energy_distance(a, b, 1) == Approx(2 * between - within).epsilon(1e-12));

    // Two points a distance d apart against two others: all pairs by hand.
    const std::vector<float> p = {0, 0, 0, 1};
    const std::vector<float> q = {1, 0, 1, 1};
    CHECK(energy_distance(p, q, 2) == Approx(2 * (2 + 2 * std::sqrt(2)) / 4 - 2));
}

TEST_CASE("energy distance and MMD are near 0 for one law and not for two") {
    Random random(4);
    const int n = 1000;
    double energy = 0;
    double kernel = 0;
    constexpr int repeats = 10;
    for (int k = 0; k < repeats; ++k) {
        const auto a = normals(n, 2, random);
        const auto b = normals(n, 2, random);
        energy += energy_distance(a, b, 2) / repeats;
        kernel += mmd(a, b, 2) / repeats;
    }
    // Unbiased with a standard deviation near 2 / n each under one law: five of the mean's.
    CHECK(std::abs(energy) < 5 * 2.0 / n / std::sqrt(repeats));
    CHECK(std::abs(kernel) < 5 * 2.0 / n / std::sqrt(repeats));
    const auto a = normals(n, 2, random);
    CHECK(energy_distance(a, moved(a, 1, 0), 2) > 0.2);
    CHECK(mmd(a, moved(a, 1, 0), 2) > 0.05);
    const std::vector<float> equal(200, 1);
    CHECK(mmd(equal, equal, 2) == 0);
}

TEST_CASE("MMD equals its definition") {
    const std::vector<float> a = {0, 0, 1, 0};
    const std::vector<float> b = {0, 2, 3, 0};
    // Distances: a-a 1; b-b sqrt 13; a-b 2, 3, sqrt 5, 2. Sorted squares 1 4 4 5 9 13, median [3]
    // = 5.
    const auto kernel = [](double square) { return std::exp(-square / 10); };
    const double expected =
        kernel(1) + kernel(13) - 2 * (kernel(4) + kernel(9) + kernel(5) + kernel(4)) / 4;
    CHECK(mmd(a, b, 2) == Approx(expected));
}

TEST_CASE("the W2 floor shrinks as the draws grow") {
    DataSettings settings;
    settings.preset = Preset::eight_gaussians;
    const auto law = make_distribution(settings, 2, {});
    Random random(5);
    const Floor few = w2_floor(*law, 100, 4, random);
    const Floor many = w2_floor(*law, 1600, 4, random);
    CHECK(few.draws == 4);
    CHECK(few.deviation > 0);
    // Uneven filling of the modes: W2 falls about as n^(-1/4), a factor 2 here.
    CHECK(many.mean < 0.8 * few.mean);
    CHECK(many.mean > 0);
}
