#include "core/field/exact_field.hpp"

#include "core/error.hpp"
#include "core/path/conversion.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

constexpr Prediction every_kind[] = {Prediction::velocity, Prediction::noise, Prediction::data,
                                     Prediction::score, Prediction::salimans_ho};

Tensor normal(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
    return torch::randn({rows, columns}, make_generator(seed, "test"), torch::kFloat64);
}

GaussianMixture scattered_points(int count, int dimension) {
    const Tensor x = normal(count, dimension, 11).to(torch::kFloat32).contiguous();
    PointSet points;
    points.dimension = dimension;
    points.x.assign(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
    return mixture_of_points(points, 0);
}

std::vector<double> row(const Tensor& x, std::int64_t i) {
    std::vector<double> values;
    for (std::int64_t d = 0; d < x.size(1); ++d)
        values.push_back(x[i][d].item<double>());
    return values;
}

}  // namespace

TEST_CASE("every kind is the plain sum over components") {
    // Both in float64: 1e-10 is rounding, with 1 / sigma^2 up to 1e2 in front.
    const GaussianMixture mixture = three_modes();
    for (const ScheduleKind kind : {ScheduleKind::linear, ScheduleKind::vp_linear,
                                    ScheduleKind::vp_cosine, ScheduleKind::ve}) {
        const auto schedule = schedule_of(kind);
        const ExactField field(schedule, mixture);
        for (const double t : {0.1, 0.5, 0.9}) {
            const Coefficients c = schedule->at(t);
            const Tensor x = (c.alpha + c.sigma) * normal(20, 2, 1);
            const Tensor data = field.data(x, at_time(t));
            const Tensor score = field.score(x, at_time(t));
            const Tensor velocity = field.velocity(x, at_time(t));
            const Tensor noise = field.noise(x, at_time(t));
            const Tensor salimans = field.value(Prediction::salimans_ho, x, at_time(t));
            const Tensor divergence = field.divergence(x, at_time(t));
            const Tensor log_density = field.log_density(x, at_time(t));
            const Tensor variance = field.target_variance(Prediction::data, x, at_time(t));
            const double f = schedule->drift_rate(t);
            const double g2 = schedule->diffusion_squared(t);
            for (std::int64_t i = 0; i < x.size(0); ++i) {
                const DirectSum direct = direct_sum(mixture, row(x, i), c.alpha, c.sigma);
                CHECK(log_density[i].item<double>() == Approx(direct.log_density).epsilon(1e-10));
                CHECK(variance[i].item<double>() ==
                      Approx(direct.data_variance).epsilon(1e-9).margin(1e-12));
                // Tweedie: grad x0hat = (alpha / sigma^2) Cov(x0 | x).
                const double expected = (c.alpha_prime - c.alpha * c.sigma_prime / c.sigma) *
                                            c.alpha / (c.sigma * c.sigma) * direct.data_variance +
                                        2 * c.sigma_prime / c.sigma;
                CHECK(divergence[i].item<double>() == Approx(expected).epsilon(1e-9).margin(1e-9));
                for (std::int64_t d = 0; d < 2; ++d) {
                    const double x0 = direct.data[static_cast<std::size_t>(d)];
                    const double at = x[i][d].item<double>();
                    const double eps = (at - c.alpha * x0) / c.sigma;
                    const auto close = [](double value) {
                        return Approx(value).epsilon(1e-10).margin(1e-10);
                    };
                    CHECK(data[i][d].item<double>() == close(x0));
                    CHECK(noise[i][d].item<double>() == close(eps));
                    CHECK(score[i][d].item<double>() == close(-eps / c.sigma));
                    CHECK(salimans[i][d].item<double>() == close(c.alpha * eps - c.sigma * x0));
                    // From the regression target, and from the score.
                    CHECK(velocity[i][d].item<double>() ==
                          close(c.alpha_prime * x0 + c.sigma_prime * eps));
                    CHECK(velocity[i][d].item<double>() ==
                          close(f * at - 0.5 * g2 * score[i][d].item<double>()));
                }
            }
        }
    }
}

TEST_CASE("conversions of a float32 value agree with the closed forms") {
    const ExactField field(schedule_of(ScheduleKind::vp_linear), three_modes());
    const Tensor x = normal(50, 2, 2).to(torch::kFloat32);
    const Tensor t = at_time(0.4);
    const PathTensors path = path_tensors(field.schedule(), t, torch::kCPU);
    for (const Prediction from : every_kind) {
        for (const Prediction to : every_kind) {
            const Tensor converted = convert(field.value(from, x, t), from, to, x, path);
            // float32 with coefficients of order 1 (g^2 / 2 is 4): a few dozen ulp of values up
            // to 10.
            CHECK(largest_difference(converted, field.value(to, x, t)) < 1e-4);
        }
    }
}

TEST_CASE("finite data stay accurate in float32 at sigma = 1e-3") {
    // x itself is exact in both; what is left is the float32 rounding of the result, 1e-7 of 3.
    const GaussianMixture points = scattered_points(300, 2);
    const auto schedule = schedule_of(ScheduleKind::linear);
    const ExactField field(schedule, points);
    for (const double t : {1e-3, 1e-2, 0.03, 0.3}) {
        const Coefficients c = schedule->at(t);
        const Tensor pick = points.means.slice(0, 0, 100);
        const Tensor x = (c.alpha * pick + 2 * c.sigma * normal(100, 2, 3)).to(torch::kFloat32);
        const Tensor data = field.data(x, at_time(t));
        const Tensor noise = field.noise(x, at_time(t));
        const Tensor log_density = field.log_density(x, at_time(t));
        double worst_data = 0;
        double worst_noise = 0;
        double worst_density = 0;
        for (std::int64_t i = 0; i < 100; ++i) {
            const DirectSum direct = direct_sum(points, row(x, i), c.alpha, c.sigma);
            worst_density = std::max(worst_density,
                                     std::abs(log_density[i].item<double>() - direct.log_density));
            for (std::int64_t d = 0; d < 2; ++d) {
                const double x0 = direct.data[static_cast<std::size_t>(d)];
                const double eps = (x[i][d].item<double>() - c.alpha * x0) / c.sigma;
                worst_data = std::max(worst_data, std::abs(data[i][d].item<double>() - x0));
                worst_noise = std::max(worst_noise, std::abs(noise[i][d].item<double>() - eps));
            }
        }
        INFO("t = " << t);
        // Where it works in float32 (t >= 0.03) an offset of 1e-7 is a share 1e-7 / 0.03 of sigma.
        CHECK(worst_data < 1e-5);
        CHECK(worst_noise < 1e-4);
        CHECK(worst_density < 1e-4);
    }
}

TEST_CASE("tiles, times and labels row by row give what one call each gives") {
    const GaussianMixture mixture = three_modes();
    const ExactField field(schedule_of(ScheduleKind::linear), mixture);
    const Tensor x = normal(40, 2, 4);
    const Tensor t = torch::linspace(0.05, 0.95, 40, torch::kFloat64);
    const Tensor label = torch::arange(40).remainder(3) - 1;
    const Tensor value = field.velocity(x, t, label);
    const Tensor divergence = field.divergence(x, t, label);
    const Tensor density = field.log_density(x, t, label);
    for (std::int64_t i = 0; i < 40; ++i) {
        const Tensor one = x.slice(0, i, i + 1);
        const Tensor its_label = label.slice(0, i, i + 1);
        // The same sums in float64, in another order at most.
        CHECK(largest_difference(value[i], field.velocity(one, t[i], its_label)[0]) < 1e-12);
        CHECK(largest_difference(divergence[i], field.divergence(one, t[i], its_label)[0]) < 1e-10);
        CHECK(largest_difference(density[i], field.log_density(one, t[i], its_label)[0]) < 1e-12);
    }
    // One class by itself is the same field as that class chosen by its label.
    const GaussianMixture second =
        mixture_of_components({{{1, 0}, 0.5, 2, -1}, {{0.2, -1.2}, 0.2, 1, -1}}, 2);
    const ExactField alone(schedule_of(ScheduleKind::linear), second);
    const Tensor ones = torch::ones({40}, torch::kInt64);
    CHECK(largest_difference(field.velocity(x, t, ones), alone.velocity(x, t)) < 1e-12);
    CHECK(field.log_share(1) == Approx(std::log(0.75)));
}

TEST_CASE("more components than a tile holds, in dimension 1 and 2") {
    for (const int dimension : {1, 2}) {
        const GaussianMixture points = scattered_points(100'000, dimension);
        const ExactField field(schedule_of(ScheduleKind::linear), points);
        const Tensor x = normal(4, dimension, 5).to(torch::kFloat32);
        const Tensor data = field.data(x, at_time(0.3));
        for (std::int64_t i = 0; i < 4; ++i) {
            const DirectSum direct = direct_sum(points, row(x, i), 0.7, 0.3);
            for (std::int64_t d = 0; d < dimension; ++d) {
                // float32 weights.
                CHECK(data[i][d].item<double>() ==
                      Approx(direct.data[static_cast<std::size_t>(d)]).margin(1e-5));
            }
        }
    }
}

TEST_CASE("score and divergence are the derivatives they are named for") {
    const ExactField field(schedule_of(ScheduleKind::vp_linear), three_modes());
    const Tensor x = normal(30, 2, 6);
    const Tensor t = at_time(0.3);
    constexpr double h = 1e-5;
    Tensor divergence = torch::zeros({30}, torch::kFloat64);
    const Tensor probe = normal(30, 2, 7);
    for (std::int64_t d = 0; d < 2; ++d) {
        Tensor step = torch::zeros({1, 2}, torch::kFloat64);
        step[0][d] = h;
        const Tensor slope =
            (field.log_density(x + step, t) - field.log_density(x - step, t)) / (2 * h);
        // Central differences: h^2 of curvature and 1e-16 / h of rounding.
        CHECK(largest_difference(slope, field.score(x, t).select(1, d)) < 1e-7);
        divergence +=
            ((field.velocity(x + step, t) - field.velocity(x - step, t)) / (2 * h)).select(1, d);
    }
    CHECK(largest_difference(divergence, field.divergence(x, t)) < 1e-6);
    const Tensor along =
        (field.velocity(x + h * probe, t) - field.velocity(x - h * probe, t)) / (2 * h);
    CHECK(largest_difference((along * probe).sum(1), field.probed_divergence(probe, x, t)) < 1e-6);
    // Of the points themselves too, where narrow components would cancel.
    const ExactField points(schedule_of(ScheduleKind::linear), scattered_points(50, 2));
    const Tensor late = at_time(0.05);
    Tensor numeric = torch::zeros({30}, torch::kFloat64);
    for (std::int64_t d = 0; d < 2; ++d) {
        Tensor step = torch::zeros({1, 2}, torch::kFloat64);
        step[0][d] = h;
        numeric += ((points.velocity(x + step, late) - points.velocity(x - step, late)) / (2 * h))
                       .select(1, d);
    }
    CHECK(largest_difference(numeric, points.divergence(x, late)) < 1e-3);
}

TEST_CASE("posterior pairs lie on the path and have the posterior's moments") {
    const ExactField field(schedule_of(ScheduleKind::linear), three_modes());
    const Tensor at = torch::tensor({{0.3, -0.1}}, torch::kFloat64);
    constexpr std::int64_t draws = 40'000;
    const double t = 0.4;
    const auto [x0, x1] =
        field.posterior_pairs(at.expand({draws, 2}), t, {}, make_generator(8, "test"));
    CHECK(largest_difference((1 - t) * x0 + t * x1, at.expand({draws, 2})) < 1e-10);
    // Five standard errors of a mean of 40,000 with spread below 1.
    CHECK(largest_difference(x0.mean(0), field.data(at, at_time(t))[0]) < 0.025);
    const Tensor v = x1 - x0;
    CHECK(largest_difference(v.mean(0), field.velocity(at, at_time(t))[0]) < 0.06);
    const double variance =
        field.target_variance(Prediction::velocity, at, at_time(t))[0].item<double>();
    // The sample variance's relative standard error is below 2 / sqrt(40,000) = 1 %.
    CHECK(v.var(0).sum().item<double>() == Approx(variance).epsilon(0.05));
}

TEST_CASE("a mixture as the source") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    const GaussianMixture data = three_modes();
    const Tensor x = normal(30, 2, 9);
    const ExactField gaussian(schedule, data);
    const ExactField same(schedule, data, standard_gaussian(2));
    CHECK(largest_difference(gaussian.velocity(x, at_time(0.6)), same.velocity(x, at_time(0.6))) <
          1e-12);
    CHECK_FALSE(same.has_score());
    CHECK_THROWS_AS(same.score(x, at_time(0.6)), Error);

    // Between two mixtures: v(x) = E[x1 - x0 | x_t = x], estimated from draws near x.
    const GaussianMixture source =
        mixture_of_components({{{2, 0}, 0.4, 1, -1}, {{-2, 1}, 0.2, 1, -1}}, 2);
    const ExactField field(schedule, data, source);
    const ExactField its_source(schedule, source);
    constexpr std::int64_t draws = 400'000;
    const Tensor x0 = field.draw_data(draws, -1, make_generator(1, "x0"));
    const Tensor x1 = its_source.draw_data(draws, -1, make_generator(1, "x1"));
    const Tensor xt = 0.5 * (x0 + x1);
    const Tensor at = torch::tensor({{0.5, 0.1}}, torch::kFloat32);
    const Tensor near = ((xt - at).square().sum(1) < 0.03 * 0.03).nonzero().squeeze(1);
    REQUIRE(near.size(0) > 200);
    const Tensor estimate = (x1 - x0).index_select(0, near).mean(0);
    // Spread of x1 - x0 there about 1: five standard errors with 200 draws, and the ball's width.
    CHECK(largest_difference(estimate, field.velocity(at, at_time(0.5))[0]) < 0.3);
    CHECK_THROWS_AS(ExactField(schedule, scattered_points(5, 2), scattered_points(5, 2)), Error);
}

TEST_CASE("odd data: one point, equal points, the ends of time") {
    const auto schedule = schedule_of(ScheduleKind::linear);
    PointSet equal;
    equal.x = {0.5F, -0.5F, 0.5F, -0.5F, 0.5F, -0.5F};
    const ExactField field(schedule, mixture_of_points(equal, 0));
    const Tensor x = normal(10, 2, 10).to(torch::kFloat32);
    for (const double t : {0.0, 1e-9, 1e-3, 0.5, 1.0}) {
        const Tensor data = field.data(x, at_time(t));
        CHECK(largest_difference(data, torch::tensor({{0.5, -0.5}}).expand({10, 2})) < 1e-6);
        for (const Prediction kind : every_kind) {
            CHECK(field.value(kind, x, at_time(t)).isfinite().all().item<bool>());
        }
    }
    CHECK(field.velocity(torch::empty({0, 2}), at_time(0.5)).size(0) == 0);
    CHECK_THROWS_AS(mixture_of_points(PointSet{}, 0), Error);
    CHECK_THROWS_AS(field.data(x, at_time(0.5), torch::full({10}, 3, torch::kInt64)), Error);
    // Squares of float32 overflow beyond 1e18: such an x gives a value that is not finite, no
    // crash.
    CHECK(field.data(torch::full({1, 2}, 1e15F), at_time(0.5)).isfinite().all().item<bool>());
    CHECK_FALSE(field.data(torch::full({1, 2}, 1e30F), at_time(0.5)).isfinite().all().item<bool>());
}
