#include "tests/test.hpp"

#include <cmath>

#include "core/train/data_change.hpp"
#include "core/train/learning_rate.hpp"
#include "core/train/objective.hpp"

using namespace driftglass;

TEST_CASE("loss weights are the squared error that they name") {
    const Normalisation n{{0.5, 0}, 0.7, {}, 1};
    const auto schedule = make_schedule({});
    for (const double t : {0.1, 0.5, 0.9}) {
        const Coefficients at = schedule->at(t);
        // An error e in F moves x0hat by -data_std sin e and epshat by source_std cos e.
        const Affine a = affine(n, at, Prediction::velocity);
        const double data = -n.data_std * a.sin, noise = a.cos;
        const double snr = std::pow(at.alpha / at.sigma, 2);
        const double velocity = at.alpha_prime * data + at.sigma_prime * noise;
        const auto weight = [&](Weighting w, Prediction native = Prediction::velocity) {
            return loss_weight(w, native, n, at);
        };
        CHECK(weight(Weighting::velocity) == Approx(velocity * velocity));
        CHECK(weight(Weighting::noise) == Approx(noise * noise));
        CHECK(weight(Weighting::snr) == Approx(snr * data * data));
        CHECK(weight(Weighting::min_snr) == Approx(std::min(snr, 5.0) * data * data));
        CHECK(weight(Weighting::sigmoid) ==
              Approx(noise * noise / (1 + std::exp(schedule->log_snr(t) - 2))));
        CHECK(weight(Weighting::native, Prediction::data) == Approx(data * data));
        CHECK(weight(Weighting::native, Prediction::score) ==
              Approx(std::pow(noise / at.sigma, 2)));
        CHECK(weight(Weighting::native, Prediction::salimans_ho) ==
              Approx(std::pow(at.alpha * noise - at.sigma * data, 2)));
    }
}

TEST_CASE("quantiles of the times that training draws") {
    const auto schedule = make_schedule({});
    for (const double u : {0.01, 0.3, 0.5, 0.9}) {
        CHECK(time_quantile(TimeSampling::uniform, *schedule, u) == u);
        CHECK(time_quantile(TimeSampling::stratified, *schedule, u) == u);
        // P(sigmoid(normal) < t) = Phi(logit t)
        const double t = time_quantile(TimeSampling::logit_normal, *schedule, u);
        CHECK(0.5 * std::erfc(-std::log(t / (1 - t)) / std::sqrt(2)) == Approx(u));
        // log-SNR falls in proportion to u, from log-SNR(1e-4) held at 15 to -15
        const double s = time_quantile(TimeSampling::uniform_log_snr, *schedule, u);
        CHECK(schedule->log_snr(s) == Approx(15 - 30 * u).margin(1e-6));
    }
}

TEST_CASE("the learning rate and the average's horizon follow the age of the data") {
    CHECK(learning_rate(0.01, 0) == 0.01);
    CHECK(learning_rate(0.01, 1e6) < 0.001);
    double last = 1;
    for (double age = 0; age < 1e5; age += 37) {
        CHECK(learning_rate(0.01, age) <= last);
        last = learning_rate(0.01, age);
    }
    CHECK(average_decay(0.999, 0) < 0.5);
    CHECK(average_decay(0.999, 1e7) == 0.999);
    CHECK(average_decay(0, 100) == 0);

    CHECK(age_after_change(5000, 0) == 5000);
    CHECK(age_after_change(5000, 1) == 0);
    CHECK(age_after_change(1e6, 0.05) < 5000);
    // Ten small changes do about what one of ten times the size does.
    double age = 20000;
    for (int i = 0; i < 10; ++i)
        age = age_after_change(age, 0.01);
    CHECK(age == Approx(age_after_change(20000, 0.1)).epsilon(0.05));
}

TEST_CASE("the share of the data that changed") {
    auto g = at::detail::createCPUGenerator(1);
    const auto points = [&](int n, double shift) {
        const torch::Tensor x = torch::randn({n, 2}, g) + shift;
        return PointSet{2, {x.data_ptr<float>(), x.data_ptr<float>() + 2 * n}, {}};
    };
    const PointSet a = points(3000, 0), again = points(3000, 0), far = points(3000, 10);
    CHECK(changed_share(a, a) == 0);
    CHECK(changed_share(a, again) < 0.05);  // another draw of the same law
    CHECK(changed_share(a, far) > 0.95);
    PointSet more = a;
    more.x.insert(more.x.end(), far.x.begin(), far.x.begin() + 2 * 150);
    CHECK(changed_share(a, more) == Approx(150.0 / 3150));
    CHECK(changed_share(more, a) == Approx(150.0 / 3150));
    CHECK(changed_share(a, PointSet{}) == 1);
    CHECK(changed_share(PointSet{}, a) == 1);
    const PointSet equal{2, std::vector<float>(200, 1.0f), {}};
    CHECK(changed_share(equal, equal) == 0);
    const PointSet line{1, {0, 1, 2, 3}, {}}, other{1, {0, 1, 2, NAN}, {}};
    CHECK(changed_share(line, other) <= 0.25);
}
