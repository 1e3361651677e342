#include "core/path/schedule.hpp"

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/path/ddpm.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

PathSettings of(ScheduleKind kind) {
    PathSettings settings;
    settings.schedule = kind;
    if (kind == ScheduleKind::custom) {
        settings.knots = {{1, 0}, {0.9, 0.2}, {0.5, 0.6}, {0.1, 0.95}, {0, 1}};
    }
    return settings;
}

std::vector<PathSettings> every_kind() {
    std::vector<PathSettings> all;
    for (const auto& choice : choices(ScheduleKind{}))
        all.push_back(of(choice.value));
    PathSettings lipman;
    lipman.sigma_min = 0.01;
    all.push_back(lipman);
    PathSettings shifted = of(ScheduleKind::vp_cosine);
    shifted.shift = 0.3;
    all.push_back(shifted);
    PathSettings constant = of(ScheduleKind::vp_linear);
    constant.beta_min = constant.beta_max = 5;
    all.push_back(constant);
    return all;
}

std::string message_of(const PathSettings& settings) {
    try {
        make_schedule(settings);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("derivatives agree with finite differences, on every schedule") {
    for (const PathSettings& settings : every_kind()) {
        const auto schedule = make_schedule(settings);
        INFO(name_of(settings.schedule));
        for (const double t : {0.0123, 0.1004, 0.3337, 0.5558, 0.8001, 0.9871}) {
            // Central differences: error h^2 f''' / 6 plus rounding 1e-16 / h,
            // relative to f'.
            const double h = 1e-6;
            const Coefficients below = schedule->at(t - h);
            const Coefficients at = schedule->at(t);
            const Coefficients above = schedule->at(t + h);
            const double scale = std::abs(at.alpha_prime) + std::abs(at.sigma_prime);
            CHECK(std::abs((above.alpha - below.alpha) / (2 * h) - at.alpha_prime) < 1e-6 * scale);
            CHECK(std::abs((above.sigma - below.sigma) / (2 * h) - at.sigma_prime) < 1e-6 * scale);
        }
    }
}

TEST_CASE("log-SNR, its inverse, f and g^2 agree with alpha and sigma") {
    for (const PathSettings& settings : every_kind()) {
        const auto schedule = make_schedule(settings);
        INFO(name_of(settings.schedule));
        // Between the steps of ddpm, whose rate jumps at each, and short of
        // vp-cosine's clamp.
        for (const double t : {0.0013, 0.0501, 0.3004, 0.5002, 0.7703, 0.9504, 0.9907}) {
            const Coefficients c = schedule->at(t);
            const double log_snr = schedule->log_snr(t);
            CHECK(log_snr == Approx(2 * std::log(c.alpha / c.sigma)).epsilon(1e-10).margin(1e-10));
            CHECK(schedule->time_of_log_snr(log_snr) == Approx(t).epsilon(1e-9));
            CHECK(schedule->drift_rate(t) == Approx(c.alpha_prime / c.alpha).epsilon(1e-9));
            // g^2 = -sigma^2 d(log-SNR)/dt, by a finite difference of log-SNR.
            const double h = 1e-7;
            const double slope = (schedule->log_snr(t + h) - schedule->log_snr(t - h)) / (2 * h);
            CHECK(schedule->diffusion_squared(t) ==
                  Approx(-c.sigma * c.sigma * slope).epsilon(1e-5).margin(1e-9));
        }
        CHECK(schedule->time_of_log_snr(1e9) == 0);
        CHECK(schedule->time_of_log_snr(-1e9) == 1);
    }
}

TEST_CASE("each schedule is the one of the table") {
    const auto linear = make_schedule(of(ScheduleKind::linear));
    CHECK(linear->at(0.25).alpha == Approx(0.75));
    CHECK(linear->at(0.25).sigma == Approx(0.25));
    CHECK(std::isinf(linear->log_snr(0)));
    CHECK(std::isinf(linear->log_snr(1)));
    CHECK(std::isinf(linear->diffusion_squared(1)));

    PathSettings lipman;
    lipman.sigma_min = 0.1;
    CHECK(make_schedule(lipman)->at(0).sigma == Approx(0.1));
    CHECK(make_schedule(lipman)->at(1).sigma == Approx(1));

    const auto vp = make_schedule(of(ScheduleKind::vp_linear));
    const double t = 0.37;
    CHECK(-2 * std::log(vp->at(t).alpha) == Approx(0.1 * t + 9.95 * t * t));
    CHECK(vp->at(1).alpha == Approx(0.0066).margin(5e-5));
    CHECK(vp->diffusion_squared(t) == Approx(0.1 + 19.9 * t));
    CHECK(vp->diffusion_squared(0) == Approx(0.1));

    const auto cosine = make_schedule(of(ScheduleKind::vp_cosine));
    CHECK(cosine->at(t).alpha == Approx(std::cos(std::numbers::pi * t / 2)));
    CHECK(cosine->at(t).sigma == Approx(std::sin(std::numbers::pi * t / 2)));
    CHECK(cosine->log_snr(0) == Approx(15));
    CHECK(cosine->log_snr(1) == Approx(-15));
    PathSettings shifted = of(ScheduleKind::vp_cosine);
    shifted.shift = 0.5;
    CHECK(make_schedule(shifted)->log_snr(t) == Approx(cosine->log_snr(t) + 2 * std::log(0.5)));

    const auto ve = make_schedule(of(ScheduleKind::ve));
    CHECK(ve->at(0.5).alpha == 1);
    CHECK(ve->at(0.5).sigma == Approx(std::sqrt(0.02 * 10)));
    CHECK(ve->source_scale() == 10);

    const auto root = make_schedule(of(ScheduleKind::ve_sqrt));
    CHECK(root->at(0.25).sigma == Approx(2.5));
    CHECK(root->diffusion_squared(0) == Approx(25));
    CHECK(root->source_scale() == 5);

    const auto edm = make_schedule(of(ScheduleKind::edm));
    CHECK(edm->at(0).sigma == Approx(0.002));
    CHECK(edm->at(1).sigma == Approx(80));
    const double mean_root = 0.5 * (std::pow(0.002, 1.0 / 7) + std::pow(80, 1.0 / 7));
    CHECK(edm->at(0.5).sigma == Approx(std::pow(mean_root, 7)));
    CHECK(edm->source_scale() == 80);
}

TEST_CASE("ddpm multiplies its betas and tends to vp-linear as K grows") {
    const PathSettings settings = of(ScheduleKind::ddpm);
    const auto ddpm = make_schedule(settings);
    double product = 1;
    const std::vector<double> betas = ddpm_betas(settings);
    REQUIRE(betas.size() == 1000);
    for (int k = 1; k <= 1000; ++k) {
        product *= 1 - betas[static_cast<std::size_t>(k - 1)];
        if (k % 97 == 0) {
            CHECK(ddpm->at(k / 1000.0).alpha == Approx(std::sqrt(product)).epsilon(1e-9));
        }
    }
    CHECK(ddpm->at(1).alpha == Approx(std::sqrt(product)).epsilon(1e-9));

    // With beta_k = beta(k / K) / K the difference in log alpha falls as 1 / K.
    const auto limit = make_schedule(of(ScheduleKind::vp_linear));
    double previous = 0;
    for (const int steps : {100, 1000, 10000}) {
        PathSettings fine = settings;
        fine.ddpm_steps = steps;
        fine.ddpm_beta_min = 0.1 / steps;
        fine.ddpm_beta_max = 20.0 / steps;
        const auto schedule = make_schedule(fine);
        double worst = 0;
        for (const double t : {0.1, 0.4, 0.7, 1.0}) {
            worst = std::max(worst, std::abs(std::log(schedule->at(t).alpha / limit->at(t).alpha)));
        }
        if (previous > 0) CHECK(worst == Approx(previous / 10).epsilon(0.2));
        previous = worst;
    }
}

TEST_CASE("custom paths follow their knots and stay monotone between them") {
    PathSettings straight = of(ScheduleKind::custom);
    straight.knots = {{1, 0}, {0.75, 0.25}, {0.5, 0.5}, {0.25, 0.75}, {0, 1}};
    const auto line = make_schedule(straight);
    for (const double t : {0.0, 0.1, 0.33, 0.9, 1.0}) {
        CHECK(line->at(t).alpha == Approx(1 - t).margin(1e-14));
        CHECK(line->at(t).sigma == Approx(t).margin(1e-14));
    }
    CHECK(line->warning().empty());

    PathSettings steep = of(ScheduleKind::custom);
    steep.knots = {{1, 0}, {0.99, 0.01}, {0.02, 0.97}, {0.01, 0.98}, {0, 1}};
    const auto schedule = make_schedule(steep);
    for (std::size_t i = 0; i < steep.knots.size(); ++i) {
        const double t = static_cast<double>(i) / 4;
        CHECK(schedule->at(t).alpha == Approx(steep.knots[i][0]).margin(1e-14));
        CHECK(schedule->at(t).sigma == Approx(steep.knots[i][1]).margin(1e-14));
    }
    Coefficients before = schedule->at(0);
    for (int i = 1; i <= 1000; ++i) {
        const Coefficients now = schedule->at(i / 1000.0);
        CHECK(now.alpha <= before.alpha + 1e-15);
        CHECK(now.sigma >= before.sigma - 1e-15);
        before = now;
    }
}

TEST_CASE("paths that end too early or destroy no information are warned about") {
    CHECK(make_schedule(of(ScheduleKind::linear))->warning().empty());
    CHECK(make_schedule(of(ScheduleKind::vp_cosine))->warning().empty());
    for (const ScheduleKind kind : {ScheduleKind::vp_linear, ScheduleKind::ve,
                                    ScheduleKind::ve_sqrt, ScheduleKind::edm, ScheduleKind::ddpm}) {
        CHECK(make_schedule(of(kind))->warning().find("terminal SNR is not zero") == 0);
    }
    PathSettings back = of(ScheduleKind::custom);
    back.knots = {{1, 0}, {0.5, 0.5}, {0.8, 0.4}, {0.2, 0.8}, {0, 1}};
    CHECK(make_schedule(back)->warning().find("does not destroy information") != std::string::npos);
}

TEST_CASE("a parameter out of range is named") {
    PathSettings settings = of(ScheduleKind::vp_linear);
    settings.beta_min = -1;
    CHECK(message_of(settings) == "path.beta_min: expected a number from 1e-06 to 100, found -1");
    settings = of(ScheduleKind::vp_cosine);
    settings.shift = std::nan("");
    CHECK(message_of(settings).find("path.shift: expected a number from 0.01 to 100") == 0);
    settings = of(ScheduleKind::linear);
    settings.sigma_min = 0.7;
    CHECK(message_of(settings).find("path.sigma_min") == 0);
    settings = of(ScheduleKind::edm);
    settings.sigma_min = 0;
    CHECK(message_of(settings).find("path.sigma_min: edm") == 0);
    settings.sigma_min = 0.7;
    CHECK(message_of(settings).find("path.sigma_min: expected a number from 0 to 0.5") == 0);
    settings = of(ScheduleKind::ve);
    settings.s_max = 0.01;
    CHECK(message_of(settings).find("path.s_min: must be smaller than path.s_max") == 0);
    settings = of(ScheduleKind::ddpm);
    settings.ddpm_steps = 1;
    CHECK(message_of(settings).find("path.ddpm_steps") == 0);
    settings = of(ScheduleKind::custom);
    settings.knots.clear();
    CHECK(message_of(settings).find("path.knots: expected 2 to 1000 pairs") == 0);
    settings.knots = {{1, 0}, {0, 0.5}, {0, 1}};
    CHECK(message_of(settings).find("path.knots[1][0]") == 0);
    settings.knots = {{1, 0}, {0.5, -0.5}, {0, 1}};
    CHECK(message_of(settings).find("path.knots[1]: expected [alpha, sigma], each 0 to 1000") == 0);
}
