#include "core/sample/time_grid.hpp"

#include "core/error.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;

TEST_CASE("every grid falls strictly from 1 to t_min on every schedule") {
    for (const ScheduleKind kind :
         {ScheduleKind::linear, ScheduleKind::vp_linear, ScheduleKind::vp_cosine, ScheduleKind::ve,
          ScheduleKind::ve_sqrt, ScheduleKind::edm, ScheduleKind::ddpm}) {
        const auto schedule = schedule_of(kind);
        for (const auto& grid : choices(GridKind{})) {
            for (const int steps : {1, 2, 7, 64, 1000}) {
                for (const double t_min : {1e-3, 0.01, 0.5}) {
                    INFO(name_of(kind) << " " << grid.name << " " << steps << " " << t_min);
                    const std::vector<double> times =
                        time_grid(*schedule, grid.value, steps, t_min);
                    REQUIRE(times.size() == static_cast<std::size_t>(steps) + 1);
                    CHECK(times.front() == 1);
                    CHECK(times.back() == t_min);
                    bool falls = true;
                    for (std::size_t i = 1; i < times.size(); ++i)
                        falls = falls && times[i] < times[i - 1];
                    CHECK(falls);
                }
            }
        }
    }
}

TEST_CASE("grids are even in the quantity they are named for") {
    const auto schedule = schedule_of(ScheduleKind::vp_linear);
    const auto even = time_grid(*schedule, GridKind::uniform_log_snr, 10, 1e-3);
    const auto karras = time_grid(*schedule, GridKind::karras, 10, 1e-3);
    const auto ratio_root = [&](double t) { return std::exp(-0.5 * schedule->log_snr(t) / 7); };
    for (std::size_t i = 1; i < 10; ++i) {
        CHECK(schedule->log_snr(even[i + 1]) - schedule->log_snr(even[i]) ==
              Approx(schedule->log_snr(even[1]) - schedule->log_snr(even[0])));
        CHECK(ratio_root(karras[i + 1]) - ratio_root(karras[i]) ==
              Approx(ratio_root(karras[1]) - ratio_root(karras[0])));
    }
    CHECK_THROWS_AS(time_grid(*schedule, GridKind::uniform_t, 10, 1.0), Error);
    CHECK_THROWS_AS(time_grid(*schedule, GridKind::uniform_t, 10, 0.0), Error);
    CHECK_THROWS_AS(time_grid(*schedule, GridKind::uniform_t, 0, 0.1), Error);
}
