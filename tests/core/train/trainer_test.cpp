#include "tests/test.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/field/learned_field.hpp"
#include "core/share_work.hpp"
#include "core/train/trainer.hpp"

using namespace driftglass;

namespace {

/// n draws of N(mean, std^2 I); labels 0, 1, 0, ... where asked for, label 1 moved by `apart`.
PointSet gaussian(int n, int dimension, double mean, double std, bool labels = false,
                  double apart = 0, int seed = 1) {
    auto g = at::detail::createCPUGenerator(seed);
    torch::Tensor x = torch::randn({n, dimension}, g) * std + mean;
    PointSet points;
    points.dimension = dimension;
    if (labels) {
        for (int i = 0; i < n; ++i) {
            points.labels.push_back(i % 2);
            if (i % 2 == 1) x[i] += apart;
        }
    }
    points.x.assign(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
    return points;
}

ModelSettings small() {
    ModelSettings model;
    model.width = 48;
    model.depth = 2;
    return model;
}

TrainingSettings quick() {
    TrainingSettings training;
    training.batch = 256;
    return training;
}

Trainer make(const PointSet& data, const TrainingSettings& training = quick(),
             const ModelSettings& model = small(), const CouplingSettings& coupling = {},
             std::uint64_t seed = 0) {
    return Trainer(model, training, coupling, make_schedule({}), {}, data, torch::kCPU, seed);
}

void run(Trainer& trainer, int steps) {
    for (int i = 0; i < steps; ++i)
        trainer.step();
}

/// E |v - v*|^2 / E |v*|^2 over x_t of the Gaussian N(mean, std^2 I) on the linear path.
double relative_error(const Network& network, double mean, double std) {
    const auto schedule = make_schedule({});
    auto g = at::detail::createCPUGenerator(9);
    double error = 0, size = 0;
    for (const double t : {0.1, 0.3, 0.5, 0.7, 0.9}) {
        const torch::Tensor x =
            (1 - t) * (mean + std * torch::randn({500, network.dimension()}, g)) +
            t * torch::randn({500, network.dimension()}, g);
        const double variance = std::pow((1 - t) * std, 2) + t * t;
        const torch::Tensor noise = t / variance * (x - (1 - t) * mean);
        const torch::Tensor v = noise - (x - t * noise) / (1 - t);
        const torch::Tensor found = network.evaluate(Prediction::velocity, *schedule, x,
                                                     torch::scalar_tensor(t, torch::kFloat64));
        error += (found - v).square().sum().item<double>();
        size += v.square().sum().item<double>();
    }
    return error / size;
}

/// The same data's mean and spread, far from Gaussian: two points at +-1 in the first coordinate.
PointSet two_clusters(int n) {
    PointSet points = gaussian(n, 2, 0, 0.1, false, 0, 3);
    for (int i = 0; i < n; ++i)
        points.x[2 * i] += i % 2 == 0 ? 1.0f : -1.0f;
    return points;
}

}  // namespace

TEST_CASE("a Gaussian is learnt to near its closed-form velocity") {
    // The network starts at the answer up to the data's own mean and spread, so the clusters come
    // first: what is learnt of them must be unlearnt. 1 % is a tenth of the standard deviation.
    for (const int d : {1, 2}) {
        const PointSet data = gaussian(4000, d, 0.6, 0.5);
        PointSet first = data;
        for (std::size_t i = 0; i < first.x.size(); ++i) {
            first.x[i] = 0.6f + (i % 3 == 0 ? -0.5f : 0.5f);
        }
        Trainer trainer = make(first);
        run(trainer, 100);
        CHECK(relative_error(*trainer.averaged(), 0.6, 0.5) > 0.02);
        trainer.set_data(data);
        run(trainer, 700);
        CHECK(relative_error(*trainer.averaged(), 0.6, 0.5) < 0.01);
    }
}

TEST_CASE("the loss approaches its floor and starts above it") {
    // N(0, s^2): E Var(x1 - x0 | x_t) = s^2 / ((1 - t)^2 s^2 + t^2) a coordinate, here integrated.
    const double s = 0.5;
    double floor = 0;
    for (int i = 0; i < 1000; ++i) {
        const double t = (i + 0.5) / 1000;
        floor += 2 * s * s / (std::pow((1 - t) * s, 2) + t * t) / 1000;
    }
    Trainer trainer = make(gaussian(20000, 2, 0, s));
    CHECK(std::isnan(trainer.loss()));
    run(trainer, 600);
    // Mean over about 50 batches of 256 stratified rows: a standard error near 1 %.
    CHECK(trainer.loss() == Approx(floor).epsilon(0.05));

    Trainer clusters = make(two_clusters(4000));
    run(clusters, 5);
    const double early = clusters.loss();
    run(clusters, 500);
    CHECK(clusters.loss() < 0.8 * early);
}

TEST_CASE("every prediction and weighting learns") {
    for (const Prediction kind :
         {Prediction::noise, Prediction::data, Prediction::salimans_ho, Prediction::score}) {
        ModelSettings model = small();
        model.prediction = kind;
        TrainingSettings training = quick();
        training.weighting = kind == Prediction::score ? Weighting::noise : Weighting::native;
        Trainer trainer = make(two_clusters(2000), training, model);
        run(trainer, 5);
        const double early = trainer.loss();
        run(trainer, 300);
        CHECK(trainer.loss() < 0.9 * early);
        CHECK_FALSE(trainer.diverged());
    }
    TrainingSettings implicit = quick();
    implicit.objective = Objective::implicit_score_matching;
    Trainer trainer = make(two_clusters(2000), implicit);
    run(trainer, 10);
    const double early = trainer.loss();
    run(trainer, 200);
    CHECK(trainer.loss() < early);
}

TEST_CASE("the same seed gives the same weights on any number of threads, another seed others") {
    const PointSet data = gaussian(500, 2, 0, 1, true, 2);
    Trainer a = make(data), b = make(data), c = make(data, quick(), small(), {}, 1);
    set_work_threads(1);
    run(a, 30);
    set_work_threads(3);
    run(b, 30);
    run(c, 30);
    CHECK(torch::equal(a.averaged()->weights(), b.averaged()->weights()));
    CHECK(torch::equal(a.current()->weights(), b.current()->weights()));
    CHECK_FALSE(torch::equal(a.current()->weights(), c.current()->weights()));
}

TEST_CASE("the average follows its definition") {
    TrainingSettings training = quick();
    training.ema = 0;
    Trainer follows = make(two_clusters(100), training);
    run(follows, 20);
    CHECK(torch::allclose(follows.averaged()->weights(), follows.current()->weights()));
    Trainer lags = make(two_clusters(100));
    const torch::Tensor start = lags.current()->weights().clone();
    lags.step();
    const torch::Tensor first = lags.current()->weights().clone();
    // decay 1/10 at the first step, 2/11 at the second
    CHECK(torch::allclose(lags.averaged()->weights(), 0.1 * start + 0.9 * first, 1e-4, 1e-6));
    lags.step();
    CHECK(torch::allclose(
        lags.averaged()->weights(),
        2.0 / 11 * (0.1 * start + 0.9 * first) + 9.0 / 11 * lags.current()->weights(), 1e-4, 1e-6));
}

TEST_CASE("a change of data keeps going and reaches the new data") {
    Trainer trainer = make(gaussian(2000, 2, -1.5, 0.3));
    run(trainer, 300);
    trainer.set_data(gaussian(2000, 2, 1.5, 0.5));
    CHECK(trainer.steps() == 300);
    run(trainer, 600);
    CHECK(relative_error(*trainer.averaged(), 1.5, 0.5) < 0.01);
}

TEST_CASE("labels: each is learnt, dropout teaches none, and new ones may come") {
    TrainingSettings training = quick();
    training.label_dropout = 0.2;
    const PointSet data = gaussian(4000, 2, -1, 0.3, true, 2);  // label 0 at -1, label 1 at +1
    Trainer trainer = make(gaussian(4000, 2, -1, 0.3, true, 2), training);
    run(trainer, 500);
    const auto schedule = make_schedule({});
    const auto mean_of = [&](const Network& network, int label) {
        // At t = 1, x0hat is the mean of the data with that label.
        const torch::Tensor x = torch::zeros({1, 2});
        return network
            .evaluate(Prediction::data, *schedule, x, torch::scalar_tensor(0.999, torch::kFloat64),
                      torch::full({1}, label, torch::kInt64))
            .mean()
            .item<double>();
    };
    CHECK(mean_of(*trainer.averaged(), 0) == Approx(-1).margin(0.25));
    CHECK(mean_of(*trainer.averaged(), 1) == Approx(1).margin(0.25));
    CHECK(mean_of(*trainer.averaged(), -1) == Approx(0).margin(0.35));
    PointSet more = data;
    for (std::size_t i = 0; i < more.labels.size(); i += 4)
        more.labels[i] = 6;
    trainer.set_data(more);
    run(trainer, 20);
    CHECK(trainer.averaged()->labels() == 7);
    CHECK_FALSE(trainer.diverged());

    more.labels[0] = 5000;
    CHECK_THROWS_WITH(trainer.set_data(more), Catch::Contains("5000"));
    more.labels[0] = 1000;  // the first that a scene has no word for
    CHECK_THROWS_WITH(trainer.set_data(more), Catch::Contains("from 0 to 999"));
    run(trainer, 1);  // the trainer is as it was
    CHECK_FALSE(trainer.diverged());
}

TEST_CASE("odd data: none, one point, all equal, a hundred thousand, far and huge") {
    Trainer none = make(PointSet{2, {}, {}});
    CHECK_FALSE(none.can_train());
    CHECK(none.run_for(std::chrono::microseconds(1000)) == 0);
    CHECK(none.steps() == 0);
    none.set_data(gaussian(100, 2, 0, 1));
    CHECK(none.run_for(std::chrono::microseconds(1)) >= 1);

    const auto schedule = make_schedule({});
    for (const PointSet& data :
         {PointSet{2, {3, 4}, {}}, PointSet{2, {3, 4, 3, 4, 3, 4}, {0, 0, 0}}}) {
        Trainer trainer = make(data);
        run(trainer, 30);
        CHECK_FALSE(trainer.diverged());
        const torch::Tensor data_hat =
            trainer.averaged()->evaluate(Prediction::data, *schedule, torch::randn({20, 2}),
                                         torch::scalar_tensor(0.5, torch::kFloat64));
        CHECK(torch::allclose(data_hat, torch::tensor({3.0f, 4.0f}).expand({20, 2}), 0, 0.05));
    }
    Trainer many = make(gaussian(100000, 2, 0, 1));
    run(many, 3);
    CHECK_FALSE(many.diverged());
    for (const double size : {1e30, 1e-20}) {
        Trainer trainer = make(gaussian(100, 2, 0, size));
        run(trainer, 20);
        trainer.loss();
        CHECK_FALSE(trainer.diverged());
    }
}

TEST_CASE("a loss that is not finite stops training until the good weights come back") {
    const PointSet data = two_clusters(500);
    Trainer trainer = make(data);
    run(trainer, 50);
    const auto good = trainer.state();
    const torch::Tensor weights = trainer.averaged()->weights().clone();
    PointSet bad = data;
    bad.x[7] = NAN;
    trainer.set_data(bad);
    trainer.run_for(std::chrono::milliseconds(200));
    run(trainer, 200);
    CHECK(trainer.diverged());
    CHECK_FALSE(trainer.can_train());
    const std::int64_t steps = trainer.steps();
    trainer.step();
    CHECK(trainer.steps() == steps);

    trainer.set_data(data);
    trainer.restore(*good);
    CHECK(torch::equal(trainer.averaged()->weights(), weights));
    CHECK(trainer.steps() == 50);
    run(trainer, 100);
    CHECK(std::isfinite(trainer.loss()));
}

TEST_CASE("a state goes on in a trainer on another device as it would have where it was") {
    const PointSet data = two_clusters(500);
    Trainer here = make(data);
    run(here, 200);
    const torch::Device elsewhere(torch::kCPU, 0);
    const auto on_elsewhere = [&] {
        return Trainer(small(), quick(), CouplingSettings{}, make_schedule({}), TrainingSource{},
                       data, elsewhere, 0);
    };
    const auto mean_step = [](Trainer& trainer) {
        const torch::Tensor before = trainer.current()->weights();
        trainer.step();
        return (trainer.current()->weights() - before).abs().mean().item<double>();
    };
    Trainer there = on_elsewhere();
    there.restore(*here.state());
    CHECK(there.steps() == 200);
    CHECK(torch::equal(there.averaged()->weights(), here.averaged()->weights()));
    CHECK(torch::equal(there.current()->weights(), here.current()->weights()));
    // The weights alone would begin with a fresh optimiser's step, the whole rate in each of them.
    Trainer afresh = on_elsewhere();
    afresh.start_from(*here.averaged());
    const double step = mean_step(there);
    CHECK(step == Approx(mean_step(here)).epsilon(0.5));
    CHECK(mean_step(afresh) > 2 * step);
    CHECK(there.steps() == 201);
}

TEST_CASE("weights that a finite loss left behind not finite are no state to go back to") {
    Trainer trainer = make(two_clusters(500));
    Network network = *trainer.averaged();
    // Units as large as a float can be, which the last layer, zero as yet, does not see: the loss
    // is finite, and its gradient is not.
    const torch::Tensor weights = network.weights().clone();
    const std::vector<Layer> layers = layers_of(weights, network.shape());
    layers[layers.size() - 2].bias.fill_(3e38);
    layers.back().bias.fill_(100);
    network.set_weights(weights);
    trainer.start_from(network);
    CHECK(trainer.state());
    trainer.step();
    CHECK(std::isfinite(trainer.loss()));
    CHECK_FALSE(trainer.diverged());
    CHECK_FALSE(trainer.averaged()->weights().isfinite().all().item<bool>());
    CHECK_FALSE(trainer.state());
}

TEST_CASE("a trainer on pairs learns the straight line between them") {
    // x0 = x1 / 2 + 1: the straight path's velocity is x1 - x0, a function of x_t.
    const torch::Tensor x1 = torch::randn({4000, 2}, at::detail::createCPUGenerator(1));
    const Pairs pairs{x1 / 2 + 1, x1, {}};
    Trainer trainer(small(), quick(), make_schedule({}), pairs, torch::kCPU, 0);
    CHECK_FALSE(trainer.has_score());
    run(trainer, 600);
    const auto schedule = make_schedule({});
    double error = 0;
    for (const double t : {0.1, 0.5, 0.9}) {
        const torch::Tensor x = (1 - t) * pairs.x0 + t * pairs.x1;
        const torch::Tensor v = trainer.averaged()->evaluate(
            Prediction::velocity, *schedule, x, torch::scalar_tensor(t, torch::kFloat64));
        error += (v - (pairs.x1 - pairs.x0)).square().sum(1).mean().item<double>() / 3;
    }
    CHECK(error < 0.02);  // of E |x1 - x0|^2 = 2.5: what independent pairs could not reach
    CHECK(trainer.loss() < 0.05);
    CHECK_THROWS_AS(trainer.set_data(gaussian(10, 2, 0, 1)), Error);
}

TEST_CASE("the learned field answers every kind, and only velocity without a score") {
    Trainer trainer = make(two_clusters(500));
    run(trainer, 50);
    const torch::Tensor x = torch::randn({3000, 2}, at::detail::createCPUGenerator(1));
    const torch::Tensor t = at_time(0.4);
    const LearnedField field(trainer.averaged(), make_schedule({}));
    const torch::Tensor data = field.data(x, t), noise = field.noise(x, t);
    CHECK(torch::allclose(0.6 * data + 0.4 * noise, x, 1e-4, 1e-4));
    CHECK(torch::allclose(field.velocity(x, t), noise - data, 1e-4, 1e-4));
    CHECK(torch::allclose(field.score(x, t), -noise / 0.4, 1e-4, 1e-4));
    const torch::Tensor divergence = field.divergence(x, t);
    CHECK(divergence.sizes() == torch::IntArrayRef{3000});
    // Over all signs of a probe in the plane Hutchinson's mean is the divergence itself.
    const torch::Tensor ones = torch::ones_like(x);
    const torch::Tensor turned = ones * torch::tensor({1.0F, -1.0F});
    CHECK(torch::allclose(
        0.5 * (field.probed_divergence(ones, x, t) + field.probed_divergence(turned, x, t)),
        divergence, 1e-3, 1e-3));
    // Rows do not know each other: slices change nothing.
    CHECK(torch::allclose(field.velocity(x.narrow(0, 2500, 7), t),
                          field.velocity(x, t).narrow(0, 2500, 7), 1e-5, 1e-5));
    const LearnedField bare(trainer.averaged(), make_schedule({}), false);
    CHECK_THROWS_AS(bare.score(x, t), Error);
    CHECK(torch::allclose(bare.velocity(x, t), field.velocity(x, t)));
}

TEST_CASE("settings that cannot be are refused by name") {
    const PointSet data = gaussian(10, 2, 0, 1);
    TrainingSettings training = quick();
    training.batch = 0;
    CHECK_THROWS_WITH(make(data, training), Catch::Contains("training.batch"));
    training = quick();
    training.learning_rate = NAN;
    CHECK_THROWS_WITH(make(data, training), Catch::Contains("training.learning_rate"));
    ModelSettings model = small();
    model.prediction = Prediction::score;
    CHECK_THROWS_WITH(make(data, quick(), model, {CouplingKind::diffusion}),
                      Catch::Contains("score"));
    Trainer trainer = make(data);
    CHECK_THROWS_WITH(trainer.start_from(Network({}, 2, 0, {}, torch::kCPU, 0)),
                      Catch::Contains("model.width"));
}
