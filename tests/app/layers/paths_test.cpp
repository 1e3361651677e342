#include "app/layers/paths.hpp"

#include <cmath>
#include <limits>
#include <set>

#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// x = f(t), y = path index.
template <class F>
std::shared_ptr<Trajectories> table(std::vector<double> times, std::int64_t count, F f) {
    auto made = std::make_shared<Trajectories>();
    made->times = std::move(times);
    made->count = count;
    for (const double t : made->times) {
        for (std::int64_t i = 0; i < count; ++i) {
            made->positions.push_back(static_cast<float>(f(t, i)));
            made->positions.push_back(static_cast<float>(i));
        }
    }
    return made;
}

const std::vector<double> uneven = {1, 0.8, 0.75, 0.4, 0.3, 0.05, 0.001};

}  // namespace

TEST_CASE("paths pass through their rows and stay at their ends") {
    for (const bool smooth : {false, true}) {
        ShownPaths paths;
        paths.aim(table(uneven, 3, [](double t, auto i) { return std::sin(5 * t + double(i)); }),
                  smooth, 0, false);
        for (const double t : uneven) {
            CHECK(paths.position(paths.mix_at(t), 2)[0] ==
                  Approx(std::sin(5 * t + 2)).margin(1e-6));
        }
        CHECK(paths.position(paths.mix_at(2), 1)[0] == Approx(std::sin(6.0)));
        CHECK(paths.position(paths.mix_at(0), 1)[0] == Approx(std::sin(1.005)));
        CHECK(paths.position(paths.mix_at(0.6), 1)[1] == Approx(1));
    }
}

TEST_CASE("between rows: straight lines are kept, curves only where they are smooth") {
    ShownPaths paths;
    paths.aim(table(uneven, 1, [](double t, auto) { return 3 * t - 1; }), true, 0, false);
    for (const double t : {0.97, 0.6, 0.35, 0.02}) {
        CHECK(paths.position(paths.mix_at(t), 0)[0] == Approx(3 * t - 1).margin(1e-5));
    }
    std::vector<double> even;
    for (int k = 0; k <= 10; ++k)
        even.push_back(1 - 0.1 * k);
    // A difference over two equal steps is a parabola's slope: cubic Hermite then is exact.
    paths.aim(table(even, 1, [](double t, auto) { return t * t; }), true, 0, false);
    CHECK(paths.position(paths.mix_at(0.55), 0)[0] == Approx(0.3025).margin(1e-6));
    paths.aim(table(even, 1, [](double t, auto) { return t * t; }), false, 0, false);
    CHECK(paths.position(paths.mix_at(0.55), 0)[0] == Approx((0.36 + 0.25) / 2).margin(1e-6));
}

TEST_CASE("a read-out row at t = 0 does not bend the path before it") {
    std::vector<double> times = {1, 0.75, 0.5, 0.25, 0.001, 0};
    ShownPaths paths;
    paths.aim(table(times, 1, [](double t, auto) { return t == 0 ? 50 : t; }), true, 0, false);
    CHECK(paths.position(paths.mix_at(0.1), 0)[0] == Approx(0.1).margin(1e-6));
    CHECK(paths.position(paths.mix_at(0), 0)[0] == 50);
}

TEST_CASE("what is not finite spoils only its own steps") {
    auto broken = table({1, 0.5, 0.25, 0}, 1, [](double t, auto) { return t; });
    broken->positions[6] = std::numeric_limits<float>::quiet_NaN();
    ShownPaths paths;
    paths.aim(broken, false, 0, false);
    CHECK(paths.position(paths.mix_at(0.75), 0)[0] == Approx(0.75));
    CHECK(paths.position(paths.mix_at(0.25), 0)[0] == Approx(0.25));
    CHECK_FALSE(std::isfinite(paths.position(paths.mix_at(0.1), 0)[0]));
}

TEST_CASE("new paths ease in, also where the solver takes other steps") {
    ShownPaths paths;
    paths.aim(table({1, 0.5, 0}, 4, [](double, auto) { return 0; }), false, 0, true);
    CHECK_FALSE(paths.moving());
    paths.aim(table(uneven, 4, [](double, auto) { return 1; }), false, 5, true);
    CHECK(paths.moving());
    CHECK(paths.position(paths.mix_at(0.4), 3)[0] == 0);
    paths.advance(5.07);
    const float midway = paths.position(paths.mix_at(0.4), 3)[0];
    CHECK(midway > 0.2f);
    CHECK(midway < 0.95f);
    paths.advance(5.2);
    CHECK_FALSE(paths.moving());
    CHECK(paths.position(paths.mix_at(0.4), 3)[0] == 1);
    paths.aim(table({1, 0}, 9, [](double, auto) { return 2; }), false, 6, true);
    CHECK_FALSE(paths.moving());
    CHECK(paths.position(paths.mix_at(0.4), 8)[0] == 2);
    paths.aim(nullptr, false, 7, true);
    CHECK(paths.count() == 0);
}

TEST_CASE("times to draw through fall from begin to end") {
    ShownPaths paths;
    paths.aim(table(uneven, 1, [](double t, auto) { return t; }), true, 0, false);
    CHECK(paths.times_between(0.8, 0.3, 100, 1) == std::vector<double>{0.8, 0.75, 0.4, 0.3});
    CHECK(paths.times_between(0.5, 0.02, 100, 1) == std::vector<double>{0.5, 0.4, 0.3, 0.05, 0.02});
    const std::vector<double> few = paths.times_between(1, 0, 2, 3);
    CHECK(few.front() == 1);
    CHECK(few.back() == 0.001);
    CHECK(few.size() <= 3 * 3 + 1);
    for (std::size_t i = 0; i + 1 < few.size(); ++i)
        CHECK(few[i] > few[i + 1]);
    CHECK(paths.times_between(0.2, 0.9, 10, 1) == std::vector<double>{0.2});
}

TEST_CASE("marked paths start apart, the same ones for the same starts") {
    ShownPaths paths, other;
    const auto start = [](double t, auto i) { return std::cos(2.4 * double(i)) * (1 + t); };
    paths.aim(table({1, 0}, 60, start), false, 0, false);
    other.aim(table(uneven, 60, [&](double t, auto i) { return t == 1 ? start(1, i) : 9; }), true,
              0, false);
    const std::vector<std::int64_t> marked = paths.spread_out(7);
    CHECK(std::set<std::int64_t>(marked.begin(), marked.end()).size() == 7);
    CHECK(other.spread_out(7) == marked);
    CHECK(paths.spread_out(0).empty());
    ShownPaths three;
    three.aim(table({1, 0}, 3, [](double, auto) { return 0; }), false, 0, false);
    CHECK(three.spread_out(7).size() == 3);
    CHECK(ShownPaths().spread_out(7).empty());
}
