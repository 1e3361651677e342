// What the probe reads at a point.

#include "core/lab/probe.hpp"

#include <cmath>

#include "core/lab/space_time.hpp"
#include "tests/core/lab/scenes.hpp"

using namespace driftglass;
using namespace driftglass::testing;

namespace {

Scene on_the_line() {
    Scene scene = two_labels();
    scene.path = {};
    return scene;
}

Setup setup_of(const Scene& scene) {
    return make_setup(std::make_shared<const Scene>(scene), nullptr);
}

}  // namespace

TEST_CASE("the probe shows guidance's arithmetic at a point", "[probe]") {
    const Setup setup = setup_of(on_the_line());
    FieldParts parts;
    parts.exact = make_exact_field(setup, torch::kCPU);
    ViewSpec view;
    view.field = FieldKind::exact;
    view.guidance.kind = GuidanceKind::cfg;
    view.guidance.label = 1;
    view.guidance.scale = 3;
    const auto probes = probe_points(view, parts, setup, {{0.4F, -0.2F}, {0, 0}}, 0.5);
    REQUIRE(probes->size() == 2);
    const Probe& probe = (*probes)[0];
    CHECK_FALSE(probe.learned);
    REQUIRE(probe.exact);
    REQUIRE(probe.exact->guided);
    for (const std::size_t k : {0, 1}) {
        const auto extrapolated = [&](float none, float conditional) {
            return static_cast<double>(none) +
                   3 * (static_cast<double>(conditional) - static_cast<double>(none));
        };
        CHECK(static_cast<double>(probe.exact->guided->velocity[k]) ==
              Approx(extrapolated(probe.exact->unconditional.velocity[k],
                                  probe.exact->conditional->velocity[k]))
                  .margin(1e-4));
        CHECK(static_cast<double>((*probe.exact->guided->score)[k]) ==
              Approx(extrapolated((*probe.exact->unconditional.score)[k],
                                  (*probe.exact->conditional->score)[k]))
                  .margin(1e-4));
    }
    // In the middle the two classes are as likely: log q_t(0) in closed form at alpha = sigma =
    // 1/2.
    const double variance = 0.25 * 0.49 + 0.25;
    const double log_q = -std::log(2 * 3.14159265358979 * variance) - 0.5 * 0.75 * 0.75 / variance;
    CHECK((*probes)[1].log_density.value() == Approx(log_q).margin(1e-4));
    CHECK(static_cast<double>((*probes)[1].exact->unconditional.velocity[0]) ==
          Approx(0).margin(1e-5));
}

TEST_CASE("a probe without an exact counterpart still reads the pane's own field", "[probe]") {
    Scene scene = small(on_the_line());
    scene.data.mixture[1].label = 0;  // one class: there is nothing to lead away from
    const Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    FieldParts parts;
    parts.exact = make_exact_field(setup, torch::kCPU);
    parts.model = parts.weaker = learner.latest();
    ViewSpec view;
    view.guidance.kind = GuidanceKind::autoguidance;
    const auto probes = probe_points(view, parts, setup, {{0.4F, -0.2F}}, 0.5);
    REQUIRE(probes->size() == 1);
    CHECK(probes->front().learned);
    CHECK_FALSE(probes->front().exact);
    CHECK(probe_points(view, parts, setup, {}, 0.5)->empty());
}

TEST_CASE("in one dimension the probe reads a point of space and time", "[probe]") {
    Scene scene;
    scene.dimension = 1;
    scene.data = {};
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{0.5, 0}, 0.6, 1, -1}};
    scene.path = {};
    const Setup setup = setup_of(scene);
    FieldParts parts;
    parts.exact = make_exact_field(setup, torch::kCPU);
    ViewSpec view;
    view.field = FieldKind::exact;
    // At the time of their own place, not at that of the scrubber.
    const auto probes = probe_points(
        view, parts, setup,
        {{static_cast<float>(across_at(0.25)), 0.4F}, {static_cast<float>(across_at(0.5)), -1.0F}},
        0.9);
    REQUIRE(probes->size() == 2);
    for (const Probe& probe : *probes) {
        const double t = probe.time, x = static_cast<double>(probe.at[1]);
        CHECK(t == Approx(time_at(static_cast<double>(probe.at[0]))).margin(1e-6));
        // N(0.5, 0.6^2) on the line: x_t ~ N(0.5 a, a^2 0.36 + t^2), a = 1 - t.
        const double a = 1 - t, variance = a * a * 0.36 + t * t, off = x - 0.5 * a;
        const double data = 0.5 + a * 0.36 / variance * off, noise = t / variance * off;
        REQUIRE(probe.exact);
        const ProbeVectors& read = probe.exact->unconditional;
        CHECK(static_cast<double>(read.velocity[0]) == Approx(-2 * time_axis));
        CHECK(static_cast<double>(read.velocity[1]) == Approx(noise - data).margin(1e-4));
        CHECK(static_cast<double>((*read.score)[1]) == Approx(-off / variance).margin(1e-4));
        CHECK(static_cast<double>((*read.data)[1]) == Approx(data).margin(1e-4));
        CHECK(probe.log_density.value() ==
              Approx(-0.5 * std::log(2 * 3.14159265358979 * variance) - 0.5 * off * off / variance)
                  .margin(1e-4));
    }
}

TEST_CASE("off bare points the probe reads no density at t = 0, and no exact field", "[probe]") {
    Scene scene = small(on_the_line());
    scene.data = {};
    scene.data.kind = DataKind::points;
    scene.data.points = std::make_shared<const PointSet>(PointSet{2, {-1, 0, 1, 0}, {0, 1}});
    Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    FieldParts parts;
    parts.exact = make_exact_field(setup, torch::kCPU);
    parts.model = learner.latest();
    const auto read = [&](double t) {
        return probe_points({}, parts, setup, {{0.4F, -0.2F}}, t)->front();
    };
    const Probe near = read(0.01);
    CHECK_FALSE(near.bare);
    CHECK(near.exact);
    CHECK(near.log_density);
    CHECK(near.learned.value().unconditional.score);
    const Probe at_data = read(0);
    CHECK(at_data.bare);
    CHECK_FALSE(at_data.exact);
    CHECK_FALSE(at_data.log_density);
    REQUIRE(at_data.learned);
    CHECK_FALSE(at_data.learned->unconditional.score);
    CHECK(at_data.learned->unconditional.data);
    // Points that have a width have a density.
    scene.exact.kernel_width = 0.1;
    setup = setup_of(scene);
    parts.exact = make_exact_field(setup, torch::kCPU);
    CHECK_FALSE(read(0).bare);
    CHECK(read(0).log_density);
}

TEST_CASE("guidance that does nothing needs no label", "[probe]") {
    const Setup setup = setup_of(on_the_line());
    ViewSpec view;
    view.guidance.kind = GuidanceKind::cfg;
    view.guidance.label = 3;  // there are 0 and 1
    view.guidance.scale = 0;
    CHECK(without_idle_guidance(view, setup).guidance.kind == GuidanceKind::none);
    ViewSpec asks = view;
    asks.guidance.scale = 2;
    CHECK(without_idle_guidance(asks, setup) == asks);
    asks = view;
    asks.guidance.interval_low = 0.2;  // below it the label alone acts
    CHECK(without_idle_guidance(asks, setup) == asks);
    asks = view;
    asks.guidance.label = 1;
    CHECK(without_idle_guidance(asks, setup) == asks);
}
