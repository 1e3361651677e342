#include "core/data/random.hpp"

#include <cmath>
#include <vector>

#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("the same seed and purpose give the same numbers, another purpose others") {
    CHECK(derive_seed(7, "data") == derive_seed(7, "data"));
    CHECK(derive_seed(7, "data") != derive_seed(7, "source"));
    CHECK(derive_seed(7, "data") != derive_seed(8, "data"));
    Random a(5);
    Random b(5);
    for (int i = 0; i < 100; ++i)
        CHECK(a.normal() == b.normal());
}

TEST_CASE("uniform and normal numbers have their moments") {
    Random random(1);
    constexpr int n = 200000;
    double sums[4] = {0, 0, 0, 0};
    for (int i = 0; i < n; ++i) {
        const double u = random.uniform();
        const double z = random.normal();
        REQUIRE(u >= 0);
        REQUIRE(u < 1);
        sums[0] += u;
        sums[1] += z;
        sums[2] += z * z;
        sums[3] += z * z * z * z;
    }
    // Five standard errors of each mean over n draws.
    const double root = std::sqrt(double{n});
    CHECK(std::abs(sums[0] / n - 0.5) < 5 * std::sqrt(1.0 / 12) / root);
    CHECK(std::abs(sums[1] / n) < 5 / root);
    CHECK(std::abs(sums[2] / n - 1) < 5 * std::sqrt(2.0) / root);
    CHECK(std::abs(sums[3] / n - 3) < 5 * std::sqrt(96.0) / root);
}

TEST_CASE("whole numbers below a bound are equally likely") {
    Random random(2);
    std::vector<int> counts(7);
    for (int i = 0; i < 70000; ++i)
        ++counts[random.below(7)];
    for (const int count : counts)
        CHECK(std::abs(count - 10000) < 5 * std::sqrt(10000.0));
    CHECK(random.below(1) == 0);
}
