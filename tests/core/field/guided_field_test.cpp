#include "core/field/guided_field.hpp"

#include "core/error.hpp"
#include "core/measure/tilted_density.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

GuidanceSettings guidance(GuidanceKind kind, double scale, int label) {
    GuidanceSettings settings;
    settings.kind = kind;
    settings.scale = scale;
    settings.label = label;
    return settings;
}

Tensor points(std::uint64_t seed) {
    return torch::randn({50, 2}, make_generator(seed, "test"), torch::kFloat64);
}

}  // namespace

TEST_CASE("classifier-free guidance: w = 1 is the conditional field, 0 the unconditional") {
    const auto field =
        std::make_shared<ExactField>(schedule_of(ScheduleKind::vp_cosine), three_modes());
    const Tensor x = points(1);
    const Tensor t = at_time(0.5);
    const Tensor label = torch::ones({50}, torch::kInt64);
    const auto guided = [&](double w) {
        return GuidedField(field, guidance(GuidanceKind::cfg, w, 1));
    };
    for (const Prediction kind : {Prediction::velocity, Prediction::score, Prediction::data,
                                  Prediction::noise, Prediction::salimans_ho}) {
        const Tensor conditional = field->value(kind, x, t, label);
        const Tensor unconditional = field->value(kind, x, t);
        CHECK(torch::equal(guided(1).value(kind, x, t), conditional));
        CHECK(torch::equal(guided(0).value(kind, x, t), unconditional));
        const Tensor expected = unconditional + 3 * (conditional - unconditional);
        CHECK(largest_difference(guided(3).value(kind, x, t), expected) < 1e-12);
    }
    CHECK(largest_difference(guided(3).divergence(x, t), 3 * field->divergence(x, t, label) -
                                                             2 * field->divergence(x, t)) < 1e-10);

    // By rows: no label is not guided; outside the interval the conditional field.
    Tensor mixed = label.clone();
    mixed.slice(0, 0, 25).fill_(-1);
    const Tensor by_row = guided(3).velocity(x, t, mixed);
    CHECK(largest_difference(by_row.slice(0, 0, 25), field->velocity(x, t).slice(0, 0, 25)) <
          1e-12);
    GuidanceSettings late = guidance(GuidanceKind::cfg, 3, 1);
    late.interval_low = 0.6;
    CHECK(torch::equal(GuidedField(field, late).velocity(x, t), field->velocity(x, t, label)));
}

TEST_CASE("the exact classifier's gradient gives classifier-free guidance") {
    // s(x | c) - s(x) = grad log p(c | x): the two kinds agree up to float32 conversions.
    const auto field =
        std::make_shared<ExactField>(schedule_of(ScheduleKind::vp_cosine), three_modes());
    const GuidedField::ClassifierGradient gradient = [&](const Tensor& x, const Tensor& t,
                                                         const Tensor& label) {
        return field->score(x, t, label) - field->score(x, t);
    };
    const GuidedField by_classifier(field, guidance(GuidanceKind::classifier, 3, 0), nullptr,
                                    {gradient, {}});
    const GuidedField free(field, guidance(GuidanceKind::cfg, 3, 0));
    const Tensor x = points(2);
    for (const double t : {0.2, 0.5, 0.9}) {
        CHECK(largest_difference(by_classifier.velocity(x, at_time(t)),
                                 free.velocity(x, at_time(t))) < 1e-4);
    }
}

TEST_CASE("autoguidance extrapolates from the weaker field") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const auto field = std::make_shared<ExactField>(schedule, three_modes());
    const auto weaker = std::make_shared<ExactField>(
        schedule, mixture_of_components({{{0, 0}, 1, 1, 0}, {{0, 0}, 1, 1, 1}}, 2));
    const GuidedField guided(field, guidance(GuidanceKind::autoguidance, 2, 1), weaker);
    const Tensor x = points(3);
    const Tensor label = torch::ones({50}, torch::kInt64);
    const Tensor t = at_time(0.5);
    CHECK(largest_difference(guided.velocity(x, t), 2 * field->velocity(x, t, label) -
                                                        weaker->velocity(x, t, label)) < 1e-12);
}

TEST_CASE("ill-posed guidance is refused") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const auto field = std::make_shared<ExactField>(schedule, three_modes());
    CHECK_THROWS_AS(GuidedField(field, guidance(GuidanceKind::autoguidance, 2, 1)), Error);
    CHECK_THROWS_AS(GuidedField(field, guidance(GuidanceKind::classifier, 2, 1)), Error);
    CHECK_THROWS_AS(GuidedField(field, guidance(GuidanceKind::cfg, NAN, 1)), Error);
    const GuidedField unknown(field, guidance(GuidanceKind::cfg, 2, 7));
    CHECK_THROWS_AS(unknown.velocity(points(4), at_time(0.5)), Error);
}

TEST_CASE("guided samples are not the tilted density: two labelled Gaussians on vp-cosine") {
    const auto field = std::make_shared<ExactField>(
        schedule_of(ScheduleKind::vp_cosine),
        mixture_of_components({{{-1.5, 0}, 0.7, 1, 0}, {{1.5, 0}, 0.7, 1, 1}}, 1));
    const Tensor starts = start_points({}, nullptr, field->schedule(), 10'000, 1, 5);
    struct Case {
        double w, mean, std, tilted_mean, tilted_std;
    };
    for (const Case& known : {Case{3, 2.23, 0.44, 1.55, 0.65}, Case{7, 2.94, 0.36, 1.59, 0.63}}) {
        const GuidedField guided(field, guidance(GuidanceKind::cfg, known.w, 1));
        SamplerSettings settings;
        settings.steps = 64;
        const Tensor end = sample(guided, starts, {}, settings, {}).end.to(torch::kFloat64);
        // Known to two decimals; the mean of 10,000 has a standard error of 0.005.
        CHECK(end.mean().item<double>() == Approx(known.mean).margin(0.02));
        CHECK(end.std().item<double>() == Approx(known.std).margin(0.02));
        const TiltedDensity tilted =
            tilted_density(*field, 1, known.w, 1e-4, {-8, 0}, {8, 0}, 4000, 1);
        CHECK(tilted.mean()[0].item<double>() == Approx(known.tilted_mean).margin(0.006));
        CHECK(std::sqrt(tilted.variance()[0].item<double>()) ==
              Approx(known.tilted_std).margin(0.006));
        const Tensor draws = tilted.draw(20'000, make_generator(6, "test"));
        CHECK(draws.mean().item<double>() == Approx(known.tilted_mean).margin(0.03));
    }
}

TEST_CASE("a guided field asks only for what it needs, and says how often") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const auto field = std::make_shared<ExactField>(schedule, three_modes());
    const auto weaker = std::make_shared<ExactField>(schedule, three_modes());
    const Tensor x = points(5);
    const auto asked = [&](const GuidedField& guided, double t, const Tensor& label = {}) {
        const std::int64_t before = guided.evaluations();
        (void)guided.velocity(x, at_time(t), label);
        return guided.evaluations() - before;
    };
    for (const auto& [w, times] :
         {std::pair{3.0, 2}, std::pair{1.0, 1}, std::pair{0.0, 1}, std::pair{-0.5, 2}}) {
        INFO("w = " << w);
        CHECK(asked(GuidedField(field, guidance(GuidanceKind::cfg, w, 1)), 0.5) == times);
        CHECK(asked(GuidedField(field, guidance(GuidanceKind::autoguidance, w, 1), weaker), 0.5) ==
              times);
    }
    GuidanceSettings within = guidance(GuidanceKind::cfg, 3, 1);
    within.interval_low = 0.3;
    within.interval_high = 0.7;
    const GuidedField guided(field, within);
    CHECK(asked(guided, 0.2) == 1);
    CHECK(asked(guided, 0.3) == 2);
    CHECK(asked(guided, 0.8) == 1);
    CHECK(asked(guided, 0.5, torch::full({50}, -1, torch::kInt64)) == 1);
    Tensor mixed = torch::ones({50}, torch::kInt64);
    mixed[0] = -1;
    CHECK(asked(guided, 0.5, mixed) == 2);
    // A classifier's gradient is no evaluation of the field.
    const GuidedField::ClassifierGradient gradient =
        [](const Tensor& at, const Tensor&, const Tensor&) { return torch::zeros_like(at); };
    CHECK(
        asked(GuidedField(field, guidance(GuidanceKind::classifier, 3, 1), nullptr, {gradient, {}}),
              0.5) == 1);

    // t = 1, 0.8, 0.6, 0.4, 0.2: two of the five steps are guided.
    SamplerSettings settings;
    settings.method = Method::euler;
    settings.steps = 5;
    settings.t_min = 1e-9;
    const Tensor x1 = start_points({}, nullptr, *schedule, 20, 2, 7);
    const Path path = sample(guided, x1, {}, settings, {});
    CHECK(path.nfe == 5);
    CHECK(path.network_evaluations == 7);
    const Path plain = sample(*field, x1, {}, settings, {});
    CHECK(plain.network_evaluations == plain.nfe);
    settings.method = Method::dopri5;
    const Path adaptive = sample(guided, x1, {}, settings, {});
    CHECK(adaptive.network_evaluations > adaptive.nfe);
    CHECK(adaptive.network_evaluations < 2 * adaptive.nfe);
}
