#include "core/path/schedule.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <vector>

#include "core/key.hpp"
#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

std::string formatted(const char* format, double a, double b = 0) {
    char text[256];
    std::snprintf(text, sizeof text, format, a, b);
    return text;
}

struct Row {
    ScheduleKind kind;
    std::string_view name;
    std::unique_ptr<const Schedule> (*make)(const PathSettings& settings);
    std::vector<std::string_view> reads;  ///< keys under `path.`
};

/// The registry: a schedule is its kind, its family's file and this row.
const std::vector<Row>& rows() {
    using enum ScheduleKind;
    static const std::vector<Row> all = {
        {linear, "linear", make_linear, {"sigma_min"}},
        {vp_linear, "vp-linear", make_vp_linear, {"beta_min", "beta_max"}},
        {vp_cosine, "vp-cosine", make_vp_cosine, {"shift"}},
        {ve, "ve", make_ve, {"s_min", "s_max"}},
        {ve_sqrt, "ve-sqrt", make_ve_sqrt, {"s"}},
        {edm, "edm", make_edm, {"sigma_min", "sigma_max", "rho"}},
        {ddpm, "ddpm", make_ddpm, {"ddpm_steps", "ddpm_beta_min", "ddpm_beta_max"}},
        {custom, "custom", make_custom, {"knots"}}};
    return all;
}

const Row& row_of(ScheduleKind kind) {
    for (const Row& row : rows()) {
        if (row.kind == kind) return row;
    }
    throw std::logic_error("a schedule without a row in core/path/schedule.cpp");
}

}  // namespace

double Schedule::log_snr(double t) const {
    const Coefficients c = at(t);
    return 2 * (std::log(c.alpha) - std::log(c.sigma));
}

double Schedule::time_of_log_snr(double log_snr) const {
    if (!(log_snr < this->log_snr(0))) return 0;
    if (!(log_snr > this->log_snr(1))) return 1;
    return std::fmin(std::fmax(inverse_log_snr(log_snr), 0), 1);
}

double Schedule::inverse_log_snr(double log_snr) const {
    double low = 0;
    double high = 1;
    for (;;) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) return middle;
        (this->log_snr(middle) > log_snr ? low : high) = middle;
    }
}

double Schedule::drift_rate(double t) const {
    const Coefficients c = at(t);
    if (c.alpha == 0) return -std::numeric_limits<double>::infinity();
    return c.alpha_prime / c.alpha;
}

double Schedule::diffusion_squared(double t) const {
    const Coefficients c = at(t);
    if (c.alpha == 0) return std::numeric_limits<double>::infinity();
    return 2 * c.sigma * (c.sigma_prime - c.sigma * c.alpha_prime / c.alpha);
}

std::string Schedule::rise() const {
    constexpr int cells = 1000;
    double first = -1;
    double last = -1;
    for (int i = 0; i < cells; ++i) {
        const double t = (i + 0.5) / cells;
        const Coefficients c = at(t);
        if (c.alpha == 0) continue;  // nothing is left there: the log-SNR is at its end
        // d/dt log-SNR = 2 (alpha' / alpha - sigma' / sigma), times alpha sigma / 2
        // > 0.
        if (c.alpha_prime * c.sigma - c.sigma_prime * c.alpha < 0) continue;
        if (first < 0) first = t;
        last = t;
    }
    return first < 0 ? "" : formatted("t = %.2f and t = %.2f", first, last);
}

std::string Schedule::warning() const {
    if (const std::string between = rise(); !between.empty()) {
        return "this path does not destroy information everywhere: its log-SNR must fall with t, "
               "and does not between " +
               between;
    }
    const Coefficients end = at(1);
    if (end.alpha > 1e-3 * end.sigma) {
        return formatted(
            "terminal SNR is not zero: at t = 1 alpha = %.3g beside "
            "sigma = %.3g, so sampling starts "
            "from a source that is not quite the true q_1",
            end.alpha, end.sigma);
    }
    return {};
}

std::unique_ptr<const Schedule> make_schedule(const PathSettings& settings) {
    check_ranges("path", settings);
    return row_of(settings.schedule).make(settings);
}

std::span<const Choice<ScheduleKind>> choices(ScheduleKind) {
    static const std::vector<Choice<ScheduleKind>> all = [] {
        std::vector<Choice<ScheduleKind>> names;
        for (const Row& row : rows())
            names.push_back({row.kind, row.name});
        return names;
    }();
    return all;
}

std::span<const std::string_view> keys_read_by(ScheduleKind kind) {
    return row_of(kind).reads;
}

}  // namespace driftglass
