#include "core/measure/path_measures.hpp"

#include "core/field/exact_field.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

TEST_CASE("a straight flow has straightness 0, and its energy is its transport cost") {
    // One point, linear path: v = x1 - x0 along each line.
    const ExactField field(schedule_of(ScheduleKind::linear),
                           mixture_of_components({{{0.4, -0.9}, 0, 1, -1}}, 2));
    const Tensor x1 = start_points({}, nullptr, field.schedule(), 200, 2, 1).to(torch::kFloat64);
    const PathMeasures measured = path_measures(field, x1, {}, 16, 1e-3);
    const double cost =
        (x1 - torch::tensor({{0.4, -0.9}}, torch::kFloat64)).square().sum(1).mean().item<double>();
    CHECK(measured.straightness < 1e-12);
    CHECK(measured.path_energy == Approx(cost).epsilon(1e-9));
    CHECK(measured.transport_cost == Approx(cost * 0.999 * 0.999).epsilon(1e-9));
    CHECK(measured.nfe == 65);
    CHECK(normalised_path_energy(1.5, 1.2) == Approx(0.25));
}

TEST_CASE("a Gaussian's straightness and energy in closed form") {
    // Linear path to N(0, s^2): x_t = x1 c(t) with c = sqrt((1 - t)^2 s^2 + t^2), v = x1 c'.
    constexpr double s = 0.5;
    const ExactField field(schedule_of(ScheduleKind::linear),
                           mixture_of_components({{{0, 0}, s, 1, -1}}, 1));
    const Tensor x1 = torch::full({1, 1}, 2.0, torch::kFloat64);
    constexpr double t_min = 1e-4;
    const auto speed = [](double t) {
        return (-(1 - t) * s * s + t) / std::sqrt((1 - t) * (1 - t) * s * s + t * t);
    };
    double energy = 0;
    double bend = 0;
    constexpr int cells = 20'000;
    const double low = std::sqrt((1 - t_min) * (1 - t_min) * s * s + t_min * t_min);
    const double chord = (1 - low) / (1 - t_min);
    for (int i = 0; i < cells; ++i) {
        const double v = speed(t_min + (1 - t_min) * (i + 0.5) / cells);
        energy += v * v / cells;
        bend += (v - chord) * (v - chord) / cells;
    }
    const PathMeasures measured = path_measures(field, x1, {}, 64, t_min);
    CHECK(measured.path_energy == Approx(4 * energy).epsilon(1e-5));
    CHECK(measured.straightness == Approx(4 * bend).epsilon(1e-5));
    CHECK(measured.transport_cost == Approx(4 * (1 - low) * (1 - low)).epsilon(1e-6));
}
