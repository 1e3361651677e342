#include "core/train/classifier_trainer.hpp"

#include "core/data/distribution.hpp"
#include "core/field/guided_field.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/trainer.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

const std::vector<MixtureComponent> two_labels = {{{-1.5, 0}, 0.7, 1, 0}, {{1.5, 0}, 0.7, 2, 1}};

PointSet labelled_points(std::int64_t count) {
    DataSettings settings;
    settings.kind = DataKind::mixture;
    settings.mixture = two_labels;
    Random random(4);
    return make_distribution(settings, 2, "")->draw(count, random);
}

Trainer trainer_on(const PointSet& points, bool with_classifier) {
    TrainingSettings settings;
    settings.batch = 256;
    Trainer trainer({16, 1, Prediction::velocity}, settings, {}, schedule_of(ScheduleKind::linear),
                    {}, points, torch::kCPU, 8);
    trainer.train_classifier(with_classifier);
    return trainer;
}

std::shared_ptr<const Classifier> trained(const PointSet& points, int steps) {
    Trainer trainer = trainer_on(points, true);
    for (int i = 0; i < steps; ++i)
        trainer.step();
    return trainer.classifier();
}

Classifier fresh(const torch::Tensor& log_prior) {
    return {2, log_prior, {}, torch::kCPU, 3};
}

}  // namespace

TEST_CASE("a fresh classifier answers the classes' shares, and its derivatives are what they say") {
    const Tensor prior = log_class_shares(torch::tensor({0, 1, 1, -1}, torch::kInt64), 2);
    CHECK(largest_difference(prior.exp(), torch::tensor({0.25, 0.5, 0.25})) < 1e-6);
    const auto schedule = schedule_of(ScheduleKind::vp_cosine);
    const Tensor x = torch::randn({6, 2}, make_generator(1, "test"), torch::kFloat32);
    CHECK(largest_difference(fresh(prior).log_probability(*schedule, x, at_time(0.4)),
                             prior.expand({6, 3})) < 1e-6);

    Classifier any = fresh(prior);
    any.set_weights(
        0.3 * torch::randn(any.weights().sizes(), make_generator(2, "test"), torch::kFloat32));
    const Tensor label = torch::tensor({0, 1, 1, 0, 1, 0}, torch::kInt64);
    const Tensor t = torch::tensor({0.1, 0.3, 0.5, 0.6, 0.8, 0.9}, torch::kFloat64);
    const auto of_label = [&](const Tensor& at) {
        return any.log_probability(*schedule, at, t).gather(1, label.unsqueeze(1)).squeeze(1);
    };
    const Tensor gradient = any.gradient(*schedule, x, t, label);
    const Tensor laplacian = any.laplacian(*schedule, x, t, label);
    // Central differences in float32 with this step: 1e-7 / 2e-3 of rounding on values of size 1.
    const float h = 2e-3F;
    Tensor sum = torch::zeros({6});
    for (int d = 0; d < 2; ++d) {
        Tensor along = torch::zeros({1, 2});
        along[0][d] = h;
        const Tensor slope = (of_label(x + along) - of_label(x - along)) / (2 * h);
        CHECK(largest_difference(slope, gradient.select(1, d)) < 2e-3);
        sum += (any.gradient(*schedule, x + along, t, label) -
                any.gradient(*schedule, x - along, t, label))
                   .select(1, d) /
               (2 * h);
    }
    CHECK(largest_difference(sum, laplacian) < 5e-3);
}

TEST_CASE("a classifier learns the exact posterior of the labels, at every t") {
    const auto classifier = trained(labelled_points(20'000), 1500);
    REQUIRE(classifier);
    const auto schedule = schedule_of(ScheduleKind::linear);
    const ExactField exact(schedule, mixture_of_components(two_labels, 2));
    for (const double t : {0.05, 0.2, 0.5, 0.8, 0.95}) {
        const Tensor x = exact.draw(2000, t, -1, make_generator(5, "test")).to(torch::kFloat32);
        const Tensor learnt = classifier->log_probability(*schedule, x, at_time(t)).exp();
        const Tensor known = exact.log_class_probability(x, at_time(t), 1).exp();
        // 1,500 steps of 256 give a share of classes to half a percent; three times that.
        CHECK((learnt.select(1, 1) - known).abs().mean().item<double>() < 0.015);
        CHECK(learnt.select(1, 2).max().item<double>() < 1e-3);  // no point is without a label
        const Tensor ones = torch::ones({2000}, torch::kInt64);
        const Tensor gradient = classifier->gradient(*schedule, x, at_time(t), ones);
        const Tensor exact_gradient = exact.score(x, at_time(t), ones) - exact.score(x, at_time(t));
        const double error = (gradient - exact_gradient).square().sum().item<double>();
        CHECK(error < 0.06 * exact_gradient.square().sum().item<double>());
    }
}

TEST_CASE("samples guided by a learnt classifier move as those of the exact one") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const auto exact = std::make_shared<ExactField>(schedule, mixture_of_components(two_labels, 2));
    const auto classifier = trained(labelled_points(20'000), 1500);
    GuidanceSettings settings;
    settings.kind = GuidanceKind::classifier;
    settings.scale = 3;
    settings.label = 1;
    const GuidedField learnt(exact, settings, nullptr,
                             {[&](const Tensor& x, const Tensor& t, const Tensor& label) {
                                  return classifier->gradient(*schedule, x, t, label);
                              },
                              [&](const Tensor& x, const Tensor& t, const Tensor& label) {
                                  return classifier->laplacian(*schedule, x, t, label);
                              }});
    settings.kind = GuidanceKind::cfg;
    const GuidedField known(exact, settings);
    const Tensor starts = start_points({}, nullptr, *schedule, 2000, 2, 5);
    const Tensor ends = sample(learnt, starts, {}, {}, {}).end;
    const Tensor exact_ends = sample(known, starts, {}, {}, {}).end;
    const Tensor plain = sample(*exact, starts, {}, {}, {}).end;
    CHECK(plain.select(1, 0).mean().item<double>() < 0.7);
    CHECK((ends.select(1, 0) > 0).to(torch::kFloat32).mean().item<double>() > 0.99);
    CHECK(ends.select(1, 0).mean().item<double>() ==
          Approx(exact_ends.select(1, 0).mean().item<double>()).margin(0.1));
    // The divergence is that of the velocity, by autograd's rule for any field.
    const Tensor x = starts.narrow(0, 0, 50);
    const float h = 2e-3F;
    Tensor sum = torch::zeros({50});
    for (int d = 0; d < 2; ++d) {
        Tensor along = torch::zeros({1, 2});
        along[0][d] = h;
        sum += (learnt.velocity(x + along, at_time(0.5)) - learnt.velocity(x - along, at_time(0.5)))
                   .select(1, d) /
               (2 * h);
    }
    CHECK(largest_difference(sum, learnt.divergence(x, at_time(0.5))) < 2e-2);
}

TEST_CASE("a classifier beside a network changes nothing of the network") {
    const PointSet points = labelled_points(500);
    Trainer with = trainer_on(points, true);
    Trainer without = trainer_on(points, false);
    CHECK_FALSE(with.classifier());  // nothing learnt yet
    for (int i = 0; i < 20; ++i) {
        with.step();
        without.step();
    }
    CHECK(torch::equal(with.averaged()->weights(), without.averaged()->weights()));
    CHECK_FALSE(without.classifier());
    const auto learnt = with.classifier();
    REQUIRE(learnt);

    // It goes on in another trainer.
    without.start_classifier(*learnt);
    REQUIRE(without.classifier());
    CHECK(torch::equal(without.classifier()->weights(), learnt->weights()));

    // Asked no more, it stays as it is.
    with.train_classifier(false);
    with.step();
    CHECK(torch::equal(with.classifier()->weights(), learnt->weights()));
    with.train_classifier(true);

    // A new class makes it begin again; data without labels have none.
    PointSet more = points;
    more.labels[0] = 5;
    with.set_data(more);
    CHECK_FALSE(with.classifier());
    with.step();
    REQUIRE(with.classifier());
    CHECK(with.classifier()->classes() == 7);
    more.labels.clear();
    with.set_data(more);
    with.step();
    CHECK_FALSE(with.classifier());
}
