#include "core/measure/solver_error.hpp"

#include "core/error.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("Euler, Heun and RK4 fall with slopes 1, 2 and 4 on data at -1 and 1") {
    const ExactField field(schedule_of(ScheduleKind::linear), two_modes(0.3));
    const Tensor x1 = start_points({}, nullptr, field.schedule(), 300, 1, 1).to(torch::kFloat64);
    SamplerSettings settings;
    const Tensor reference = reference_endpoint(field, x1, {}, settings, 2000);
    const auto curve = [&](Method method, const std::vector<int>& steps) {
        settings.method = method;
        return solver_error_curve(field, x1, {}, settings, steps, reference);
    };
    const auto euler = curve(Method::euler, {1, 2, 64, 128, 256});
    const auto heun = curve(Method::heun, {32, 64, 128});
    const auto rk4 = curve(Method::rk4, {16, 32, 64});
    INFO(euler.points[2].median << " " << heun.points[0].median << " " << rk4.points[0].median);
    // Asymptotic slopes; the next order's term is a tenth at these steps.
    CHECK(euler.median_slope == Approx(-1).margin(0.15));
    CHECK(heun.median_slope == Approx(-2).margin(0.3));
    CHECK(rk4.median_slope == Approx(-4).margin(0.6));
    // At 64 NFE RK4 leads by orders of magnitude; with 4 NFE, one RK4 step, it does not.
    CHECK(rk4.points[0].nfe == 64);
    CHECK(euler.points[2].nfe == 64);
    CHECK(euler.points[2].median > 50 * rk4.points[0].median);
    const auto one_step = curve(Method::rk4, {1});
    const auto four_steps = curve(Method::euler, {4});
    CHECK(one_step.points[0].median > 0.1 * four_steps.points[0].median);
    SamplerSettings noisy;
    noisy.method = Method::ddpm;
    CHECK_THROWS_AS(solver_error_curve(field, x1, {}, noisy, {4}, reference), Error);
}
