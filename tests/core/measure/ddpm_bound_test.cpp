#include "core/measure/ddpm_bound.hpp"

#include <numbers>
#include <numeric>

#include "core/error.hpp"
#include "core/sample/start_points.hpp"
#include "tests/core/exact_cases.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using torch::Tensor;

namespace {

constexpr double s = 0.5;  // data N(0, s^2 I) in the plane

std::shared_ptr<const Schedule> ddpm_path(int levels) {
    PathSettings settings;
    settings.schedule = ScheduleKind::ddpm;
    settings.ddpm_steps = levels;
    settings.ddpm_beta_min = 0.1 / levels;
    settings.ddpm_beta_max = 20.0 / levels;
    return make_schedule(settings);
}

double snr(const Coefficients& at) {
    return at.alpha * at.alpha / (at.sigma * at.sigma);
}

/// E |x0 - x0hat|^2 of the Gaussian, both coordinates.
double error_at(const Coefficients& at) {
    return 2 * s * s * at.sigma * at.sigma / (at.alpha * at.alpha * s * s + at.sigma * at.sigma);
}

DdpmBound measured(int levels, std::int64_t count) {
    const ExactField field(ddpm_path(levels), mixture_of_components({{{0, 0}, s, 1, -1}}, 2));
    const Tensor x0 = field.draw_data(count, -1, make_generator(1, "data"));
    return ddpm_bound(field, x0, {}, levels, make_generator(1, "noise"));
}

}  // namespace

TEST_CASE("each term of DDPM's bound is that of a Gaussian in closed form") {
    constexpr int levels = 50;
    const auto path = ddpm_path(levels);
    const DdpmBound bound = measured(levels, 40'000);
    REQUIRE(bound.kl.size() == levels - 1);
    // A mean of 40,000 squares in two dimensions scatters by 0.5 %: 2.5 % is five standard errors.
    for (int k = 2; k <= levels; ++k) {
        const Coefficients before = path->at((k - 1.0) / levels), at = path->at(1.0 * k / levels);
        const double known = 0.5 * (snr(before) - snr(at)) * error_at(at);
        CHECK(bound.kl[static_cast<std::size_t>(k - 2)] == Approx(known).epsilon(0.025));
    }
    const Coefficients first = path->at(1.0 / levels), last = path->at(1);
    const double beta = first.sigma * first.sigma;
    CHECK(
        bound.reconstruction ==
        Approx(std::log(2 * std::numbers::pi * beta) + error_at(first) / (2 * beta)).margin(0.025));
    const double variance = last.sigma * last.sigma;
    CHECK(bound.prior == Approx(variance - 1 - std::log(variance) + last.alpha * last.alpha * s * s)
                             .epsilon(0.05)
                             .margin(1e-7));
    CHECK(bound.total() == Approx(bound.prior + bound.reconstruction +
                                  std::accumulate(bound.kl.begin(), bound.kl.end(), 0.0)));
}

TEST_CASE("the terms of DDPM's bound tend to the continuous path's as K grows") {
    // Over t from 0.1 to 1, against -1/2 int SNR' E |x0 - x0hat|^2 dt of vp-linear, by the midpoint
    // rule in log-SNR: SNR' dt = SNR d lambda, and E = 2 s^2 / (SNR s^2 + 1).
    const auto limit = schedule_of(ScheduleKind::vp_linear);
    const double high = limit->log_snr(0.1), low = limit->log_snr(1);
    constexpr int cells = 4000;
    double integral = 0;
    for (int i = 0; i < cells; ++i) {
        const double ratio = std::exp(low + (high - low) * (i + 0.5) / cells);
        integral += ratio * s * s / (ratio * s * s + 1) * (high - low) / cells;
    }
    const double entropy = 1 + std::log(2 * std::numbers::pi * s * s);
    double gap_before = 1e9, difference_before = 1e9;
    for (const int levels : {50, 200, 800}) {
        const DdpmBound bound = measured(levels, 4000);
        // kl[0] is k = 2: the term of (k - 1) / K = 0.1 is kl[K / 10 - 1].
        const double terms =
            std::accumulate(bound.kl.begin() + levels / 10 - 1, bound.kl.end(), 0.0);
        const double gap = bound.total() - entropy, difference = std::abs(terms / integral - 1);
        INFO("K " << levels << " gap " << gap << " difference " << difference);
        // Falls as 1 / K, down to the noise of 4,000 points a level.
        CHECK(difference < 0.4 * difference_before + 0.01);
        CHECK(gap < gap_before);
        gap_before = gap;
        difference_before = difference;
    }
    CHECK(difference_before < 0.02);
    // However large K is, the first levels halve the SNR and more: the whole keeps D / 2 times
    // Euler's constant above the entropy; 0.974 for this one by its closed form. 4,000 points
    // scatter by 0.03: five standard errors.
    CHECK(gap_before == Approx(0.974).margin(0.15));
}

TEST_CASE("DDPM's bound is refused on a path that does not preserve the variance") {
    const ExactField field(schedule_of(ScheduleKind::ve), three_modes());
    CHECK_THROWS_AS(ddpm_bound(field, torch::zeros({4, 2}), {}, 10, make_generator(1, "noise")),
                    Error);
}
