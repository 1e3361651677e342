#include "core/measure/tilted_density.hpp"

#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("the tilted density is q at w = 0 and q given the class at w = 1") {
    const ExactField field(schedule_of(ScheduleKind::linear), three_modes());
    const auto tilted = [&](double w) {
        return tilted_density(field, 1, w, 1e-6, {-4, -4}, {4, 4}, 200, 160);
    };
    // Sums over cells a tenth of the narrowest std wide: exact to 1e-6 for Gaussians.
    const TiltedDensity plain = tilted(0);
    CHECK(plain.mean()[0].item<double>() == Approx(0.25 * -1 + 0.5 * 1 + 0.25 * 0.2).margin(1e-4));
    CHECK(plain.mean()[1].item<double>() == Approx(0.25 * 0.5 + 0.25 * -1.2).margin(1e-4));
    const TiltedDensity of_class = tilted(1);
    const double mean = (2 * 1 + 0.2) / 3;
    CHECK(of_class.mean()[0].item<double>() == Approx(mean).margin(1e-4));
    const double second = (2 * (1 + 0.25) + (0.04 + 0.04)) / 3;
    CHECK(of_class.variance()[0].item<double>() == Approx(second - mean * mean).margin(1e-4));
    CHECK((of_class.values.sum() * 0.04 * 0.05).item<double>() == Approx(1));
    const Tensor draws = of_class.draw(20'000, make_generator(1, "draws")).to(torch::kFloat64);
    CHECK(largest_difference(draws.mean(0), of_class.mean()) < 0.03);
    CHECK(largest_difference(draws.var(0), of_class.variance()) < 0.03);
}
