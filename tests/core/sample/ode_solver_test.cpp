#include "core/sample/ode_solver.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace driftglass;
using torch::Tensor;

namespace {

/// dx/dt = cos(t) x, x = exp(sin t).
Tensor swing(const Tensor& x, double t) {
    return std::cos(t) * x;
}

double error_of(Tensor (*step)(const Derivative&, const Tensor&, double, double), int steps) {
    Tensor x = torch::ones({1, 1}, torch::kFloat64);
    for (int i = 0; i < steps; ++i)
        x = step(swing, x, 2.0 * i / steps, 2.0 * (i + 1) / steps);
    return std::abs(x.item<double>() - std::exp(std::sin(2.0)));
}

}  // namespace

TEST_CASE("steps have the orders that they are named for") {
    // Halving the step divides the error by 2^order, up to the next order's term.
    CHECK(std::log2(error_of(euler_step, 64) / error_of(euler_step, 128)) == Approx(1).margin(0.1));
    CHECK(std::log2(error_of(midpoint_step, 64) / error_of(midpoint_step, 128)) ==
          Approx(2).margin(0.1));
    CHECK(std::log2(error_of(heun_step, 64) / error_of(heun_step, 128)) == Approx(2).margin(0.1));
    CHECK(std::log2(error_of(rk4_step, 64) / error_of(rk4_step, 128)) == Approx(4).margin(0.15));
}

TEST_CASE("Dormand-Prince keeps its tolerance, at its steps and between them") {
    for (const double tolerance : {1e-4, 1e-6, 1e-9}) {
        DormandPrince solver(swing, torch::ones({1, 1}, torch::kFloat64), 0, 2, tolerance,
                             tolerance);
        for (const double t : {0.3, 0.31, 1.2, 2.0}) {
            // A local tolerance: the global error of this problem stays within ten times it.
            CHECK(solver.at(t).item<double>() ==
                  Approx(std::exp(std::sin(t))).epsilon(10 * tolerance));
        }
        CHECK(solver.evaluations() < 400);
    }
    // Backwards in time, and the count grows with precision.
    DormandPrince coarse(swing, torch::ones({1, 1}, torch::kFloat64), 1, -1, 1e-3, 1e-3);
    DormandPrince fine(swing, torch::ones({1, 1}, torch::kFloat64), 1, -1, 1e-9, 1e-9);
    CHECK(fine.at(-1).item<double>() ==
          Approx(std::exp(std::sin(-1.0) - std::sin(1.0))).epsilon(1e-8));
    coarse.at(-1);
    CHECK(coarse.evaluations() < fine.evaluations());
}

TEST_CASE("Dormand-Prince keeps a tolerance below rounding as well as rounding allows") {
    const Tensor starts = torch::tensor({{1.0F}, {0.0F}, {-3.0F}});
    DormandPrince solver(swing, starts, 0, 2, 1e-12, 1e-12);
    const Tensor expected = starts.to(torch::kFloat64) * std::exp(std::sin(2.0));
    // Ten roundings a step, 1.2e-6 of 3, over some tens of steps that stretch them by up to e.
    CHECK((solver.at(2) - expected).abs().max().item<double>() < 1e-4);
    CHECK(solver.evaluations() < 1000);
    DormandPrince wide(swing, starts.to(torch::kFloat64), 0, 2, 1e-12, 1e-12);
    CHECK((wide.at(2) - expected).abs().max().item<double>() < 1e-10);
    CHECK(wide.evaluations() < 2000);
}

TEST_CASE("Dormand-Prince reports a solution that blows up, and spares the others") {
    // dx/dt = x^2 from 1 blows up at t = 1; the row from -1 decays as -1 / (1 + t).
    const auto square = [](const Tensor& x, double) { return x * x; };
    DormandPrince solver(square, torch::tensor({{1.0}, {-1.0}}, torch::kFloat64), 0, 2, 1e-6, 1e-6);
    const Tensor end = solver.at(2);
    CHECK_FALSE(end[0].isfinite().item<bool>());
    CHECK(solver.evaluations() < 25'000);
}
