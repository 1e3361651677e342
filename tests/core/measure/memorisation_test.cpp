#include "core/measure/memorisation.hpp"

#include <cmath>
#include <vector>

#include "core/data/random.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

std::vector<float> uniform(std::size_t numbers, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> x(numbers);
    for (float& value : x)
        value = static_cast<float>(random.uniform());
    return x;
}

/// The definition, by all pairs.
double by_all_pairs(const std::vector<float>& samples, const std::vector<float>& training) {
    int copies = 0;
    for (std::size_t i = 0; i < samples.size(); i += 2) {
        double first = 1e300, second = 1e300;
        for (std::size_t j = 0; j < training.size(); j += 2) {
            const double distance =
                std::hypot(static_cast<double>(samples[i]) - training[j],
                           static_cast<double>(samples[i + 1]) - training[j + 1]);
            if (distance < first) {
                second = first;
                first = distance;
            } else if (distance < second) {
                second = distance;
            }
        }
        if (first < second / 3) ++copies;
    }
    return copies / (static_cast<double>(samples.size()) / 2);
}

}  // namespace

TEST_CASE("memorisation counts the samples that are a third as near to one point as to the next") {
    const std::vector<float> training = {0, 0, 1, 0, 0, 5};
    // At distances 0.2 and 0.8; 0.3 and 0.7; 0.1 and 1.005.
    const std::vector<float> samples = {0.2F, 0, 0.3F, 0, 0, 0.1F};
    CHECK(memorised_fraction(samples, training, 2) == Approx(2.0 / 3));
    CHECK(memorised_fraction(training, training, 2) == 1);
    CHECK(std::isnan(memorised_fraction(samples, std::vector<float>{0, 0}, 2)));
    const std::vector<float> many = uniform(2000, 1), known = uniform(3000, 2);
    CHECK(memorised_fraction(many, known, 2) == by_all_pairs(many, known));
}

TEST_CASE("independent points are near one training point by chance: 3^-D") {
    // 20,000 samples give a share of 1/9 or 1/3 to 0.0033 (one standard error); they share 20,000
    // training points, which adds about as much.
    CHECK(memorised_fraction(uniform(40'000, 3), uniform(40'000, 4), 2) ==
          Approx(1.0 / 9).margin(0.015));
    CHECK(memorised_fraction(uniform(20'000, 5), uniform(20'000, 6), 1) ==
          Approx(1.0 / 3).margin(0.02));
}

TEST_CASE("training points that are equal count as one") {
    const std::vector<float> once = {1, 2, -1, 0, 0, -2};
    std::vector<float> twice = once;
    twice.insert(twice.end(), once.begin(), once.end());
    CHECK(memorised_fraction(once, once, 2) == 1);
    CHECK(memorised_fraction(once, twice, 2) == 1);
    const std::vector<float> equal = {3, 3, 3, 3};
    CHECK(std::isnan(memorised_fraction(once, equal, 2)));
}
