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
    CHECK(measured.nfe == 64);
    CHECK(normalised_path_energy(1.5, 1.2) == Approx(0.25));
}

TEST_CASE("a Gaussian's straightness and energy in closed form, on every path") {
    // To N(m, s^2): x_t = alpha m + (x1 - alpha_1 m) w_t / w_1 with w^2 = alpha^2 s^2 + sigma^2.
    constexpr double m = 0.5, s = 0.1;
    for (const auto& kind : choices(ScheduleKind{})) {
        const auto schedule = every_schedule()[static_cast<std::size_t>(kind.value)];
        const ExactField field(schedule, mixture_of_components({{{m, 0}, s, 1, -1}}, 1));
        const Tensor x1 =
            schedule->source_scale() * torch::tensor({{-1.3}, {0.2}, {1.9}}, torch::kFloat64);
        const Coefficients last = schedule->at(1);
        const Tensor from_mean = (x1 - last.alpha * m) / std::hypot(last.alpha * s, last.sigma);
        const auto place = [&](const Coefficients& c) {
            return c.alpha * m + std::hypot(c.alpha * s, c.sigma) * from_mean;
        };
        for (const double t_min : {1e-3, 1e-4}) {
            const Tensor chord = (x1 - place(schedule->at(t_min))) / (1 - t_min);
            double energy = 0, bend = 0;
            constexpr int cells = 5000;
            for (int i = 0; i < cells; ++i) {
                // Midpoints of u where t = t_min + (1 - t_min) u^3: fine where v grows as
                // 1 / sqrt(t).
                const double u = (i + 0.5) / cells;
                const Coefficients c = schedule->at(t_min + (1 - t_min) * u * u * u);
                const double rate = (c.alpha * c.alpha_prime * s * s + c.sigma * c.sigma_prime) /
                                    std::hypot(c.alpha * s, c.sigma);
                const Tensor v = c.alpha_prime * m + rate * from_mean;
                energy += 3 * u * u * v.square().mean().item<double>() / cells;
                bend += 3 * u * u * (v - chord).square().mean().item<double>() / cells;
            }
            const double cost = chord.square().mean().item<double>() * (1 - t_min) * (1 - t_min);
            for (const int steps : {16, 64}) {
                const PathMeasures measured = path_measures(field, x1, {}, steps, t_min);
                INFO(kind.name << " t_min " << t_min << " steps " << steps);
                // An independent program is off by at most 2.7e-4 with 64 steps, 0.015 with 16,
                // on ve-sqrt. ddpm's rate is a staircase, whose edges cost an order.
                const double off = steps == 16                        ? 0.02
                                   : kind.value == ScheduleKind::ddpm ? 1e-3
                                                                      : 5e-4;
                CHECK(measured.path_energy == Approx(energy).epsilon(off));
                CHECK(measured.straightness == Approx(bend).margin(off * energy));
                CHECK(measured.transport_cost == Approx(cost).epsilon(off));
            }
        }
    }
}
