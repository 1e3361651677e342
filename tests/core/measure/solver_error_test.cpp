#include "core/measure/solver_error.hpp"

#include "core/error.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

/// Errors of methods from the same starts in float64, against RK4 with 1,024 steps, whose own error
/// is 256 times less than that with 256.
class Errors {
public:
    Errors(ScheduleKind schedule, double width, GridKind grid = GridKind::uniform_t)
        : field_(schedule_of(schedule), two_modes(width)) {
        settings_.grid = grid;
        x1_ = field_.draw(200, 1, -1, make_generator(1, "starts")).to(torch::kFloat64);
        reference_ = reference_endpoint(field_, x1_, {}, settings_, 1024);
    }

    SolverErrorCurve of(Method method, const std::vector<int>& steps) {
        settings_.method = method;
        settings_.churn = 0;
        return solver_error_curve(field_, x1_, {}, settings_, steps, reference_);
    }

private:
    ExactField field_;
    SamplerSettings settings_;
    Tensor x1_, reference_;
};

/// -log2 of the ratio of the last two median errors.
double last_order(const SolverErrorCurve& curve) {
    const std::size_t n = curve.points.size();
    return std::log2(curve.points[n - 2].median / curve.points[n - 1].median);
}

}  // namespace

TEST_CASE("deterministic methods have the orders that they are named for") {
    // With error C h^p (1 + c h), the order measured from h and h / 2 is off by c h / (2 log 2): at
    // these steps below 0.02 on the linear path, and below 0.04 on uniform log-SNR (found by an
    // independent program: 0.995, 2.003, 1.986, 3.982; 1.001, 2.026, 2.024).
    Errors linear(ScheduleKind::linear, 0.3);
    CHECK(last_order(linear.of(Method::euler, {64, 128})) == Approx(1).margin(0.03));
    CHECK(last_order(linear.of(Method::midpoint, {64, 128})) == Approx(2).margin(0.03));
    CHECK(last_order(linear.of(Method::heun, {128, 256})) == Approx(2).margin(0.03));
    CHECK(last_order(linear.of(Method::rk4, {64, 128})) == Approx(4).margin(0.03));
    Errors vp(ScheduleKind::vp_linear, 0.3, GridKind::uniform_log_snr);
    CHECK(last_order(vp.of(Method::ddim, {128, 256})) == Approx(1).margin(0.04));
    CHECK(last_order(vp.of(Method::churn, {128, 256})) == Approx(2).margin(0.04));
    CHECK(last_order(vp.of(Method::dpm_solver_2m, {128, 256})) == Approx(2).margin(0.04));
    // The slope fitted over the steps that a report shows, where the next order's term still tells.
    CHECK(linear.of(Method::euler, {1, 2, 64, 128, 256}).median_slope == Approx(-1).margin(0.03));
    CHECK(linear.of(Method::heun, {32, 64, 128}).median_slope == Approx(-2).margin(0.1));
    CHECK(linear.of(Method::rk4, {16, 32, 64}).median_slope == Approx(-4).margin(0.15));
}

TEST_CASE("the slope of a power law is its exponent") {
    // What is coarser than NFE 8 or below the floor is left out.
    CHECK(log_log_slope({2, 8, 16, 32, 64}, {9, 3.0 / 64, 3.0 / 256, 3.0 / 1024, 1e-9}, 1e-6) ==
          Approx(-2).epsilon(1e-12));
    const ExactField field(schedule_of(ScheduleKind::linear), two_modes(0.3));
    SamplerSettings noisy;
    noisy.method = Method::ddpm;
    CHECK_THROWS_AS(solver_error_curve(field, torch::zeros({2, 1}), {}, noisy, {4}, {}), Error);
}

TEST_CASE("RK4 leads Euler by orders of magnitude at 64 evaluations, and not in its first steps") {
    // How often Euler's median error is that of RK4 with as many evaluations. By an independent
    // program over two sets of starts: 1.0, 3.6, 4500 to 6800 on modes of width 0.3; 0.3, 0.3 to
    // 0.7, 90 to 130 on modes of 0.1, where one and two steps of RK4 are the worse ones.
    const auto lead = [](Errors& errors, int steps) {
        const SolverErrorCurve rk4 = errors.of(Method::rk4, {steps});
        const SolverErrorCurve euler = errors.of(Method::euler, {4 * steps});
        CHECK(rk4.points[0].nfe == euler.points[0].nfe);
        return euler.points[0].median / rk4.points[0].median;
    };
    Errors wide(ScheduleKind::linear, 0.3);
    CHECK(lead(wide, 1) < 1.5);
    CHECK(lead(wide, 2) < 10);
    CHECK(lead(wide, 16) > 1000);
    Errors sharp(ScheduleKind::linear, 0.1);
    CHECK(lead(sharp, 1) < 1);
    CHECK(lead(sharp, 2) < 1);
    CHECK(lead(sharp, 16) > 30);
}
