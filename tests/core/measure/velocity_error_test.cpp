#include "core/measure/velocity_error.hpp"

#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;

TEST_CASE("the relative error of a velocity, between two Gaussians in closed form") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const auto gaussian = [&](double std) {
        return ExactField(schedule, mixture_of_components({{{0, 0}, std, 1, -1}}, 2));
    };
    const ExactField narrow = gaussian(0.5), wide = gaussian(0.8);
    // v = c x with c = (alpha' alpha s^2 + sigma' sigma) / (alpha^2 s^2 + sigma^2).
    const auto slope = [](double t, double s) {
        return (-(1 - t) * s * s + t) / ((1 - t) * (1 - t) * s * s + t * t);
    };
    for (const double t : {0.1, 0.5, 0.9}) {
        const double known = std::pow((slope(t, 0.8) - slope(t, 0.5)) / slope(t, 0.5), 2);
        const auto generator = make_generator(1, "test");
        // The draws cancel: only float32 is left, in the difference of two slopes.
        CHECK(velocity_error(wide, narrow, t, 100, generator).relative() ==
              Approx(known).epsilon(1e-4));
        CHECK(velocity_error(narrow, narrow, t, 100, generator).relative() == 0);
    }
}
