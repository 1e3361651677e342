#include "core/measure/law_transport.hpp"

#include <cmath>
#include <vector>

#include "core/data/random.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using namespace std::chrono_literals;

namespace {

std::vector<float> gaussian(int n, int dimension, double std, Random& random) {
    std::vector<float> x;
    for (int i = 0; i < n * dimension; ++i)
        x.push_back(static_cast<float>(std * random.normal()));
    return x;
}

}  // namespace

TEST_CASE("the transport between two laws, without what finite draws add to it") {
    // N(0, I) to N(0, s^2 I): W2^2 = D (1 - s)^2.
    constexpr double s = 0.5;
    constexpr int n = 800, draws = 40;
    for (const int dimension : {1, 2}) {
        Random random(3);
        double mean = 0, square = 0, plain = 0;
        for (int draw = 0; draw < draws; ++draw) {
            const auto a = gaussian(n, dimension, 1, random);
            const auto b = gaussian(n, dimension, s, random);
            LawTransport laws(a, b, dimension);
            while (!laws.run_for(1ms)) {
            }
            mean += laws.squared_w2() / draws;
            square += laws.squared_w2() * laws.squared_w2() / draws;
            Assignment alone(a, b, dimension);
            alone.run();
            plain += alone.cost() / n / draws;
        }
        const double exact = dimension * (1 - s) * (1 - s);
        const double standard_error = std::sqrt((square - mean * mean) / draws);
        INFO("dimension " << dimension << ": " << mean << " +- " << standard_error
                          << ", of the draws themselves " << plain);
        // Four standard errors, about 0.016 in the plane, where draws add 0.02.
        CHECK(std::abs(mean - exact) < 4 * standard_error);
        CHECK(standard_error < 0.01);
        if (dimension == 2) CHECK(std::abs(mean - exact) < 0.5 * (plain - exact));
    }
}

TEST_CASE("draws of one law are at no distance from each other") {
    Random random(5);
    const auto a = gaussian(500, 2, 1, random), b = gaussian(500, 2, 1, random);
    LawTransport laws(a, b, 2);
    while (!laws.run_for(1ms)) {
    }
    Assignment alone(a, b, 2);
    alone.run();
    CHECK(laws.squared_w2() >= 0);
    CHECK(laws.squared_w2() < 0.5 * alone.cost() / 500);
}
