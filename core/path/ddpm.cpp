#include "core/path/ddpm.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/key.hpp"
#include "core/path/schedule_families.hpp"

namespace driftglass {
namespace {

/// alpha_k = sqrt(prod_{i <= k} (1 - beta_i)) at t = k / K, log alpha linear in
/// t in between (Ho et al. 2020); the rate beta_t is constant within a step: -K
/// log(1 - beta_k).
class Ddpm final : public VariancePreserving {
public:
    explicit Ddpm(std::vector<double> log_alpha) : log_alpha_(std::move(log_alpha)) {}

private:
    double steps() const { return static_cast<double>(log_alpha_.size() - 1); }
    std::size_t step_at(double t) const {
        return std::min(static_cast<std::size_t>(t * steps()), log_alpha_.size() - 2);
    }
    double log_alpha(double t) const override {
        const std::size_t k = step_at(t);
        const double part = t * steps() - static_cast<double>(k);
        return log_alpha_[k] + part * (log_alpha_[k + 1] - log_alpha_[k]);
    }
    double beta(double t) const override {
        const std::size_t k = step_at(t);
        return 2 * steps() * (log_alpha_[k] - log_alpha_[k + 1]);
    }
    double inverse_log_snr(double log_snr) const override {
        // log alpha = -1/2 log(1 + exp(-log_snr)), then its place among the falling
        // knots.
        const double wanted = log_snr > 0 ? -0.5 * std::log1p(std::exp(-log_snr))
                                          : 0.5 * log_snr - 0.5 * std::log1p(std::exp(log_snr));
        const auto below = std::partition_point(log_alpha_.begin() + 1, log_alpha_.end() - 1,
                                                [&](double value) { return value > wanted; });
        const double high = *(below - 1);
        const double part = (high - wanted) / (high - *below);
        const double k = static_cast<double>(below - 1 - log_alpha_.begin());
        return (k + part) / steps();
    }

    std::vector<double> log_alpha_;  // [K + 1], the first 0
};

}  // namespace

std::vector<double> ddpm_betas(const PathSettings& settings) {
    check_ranges("path", settings);
    std::vector<double> betas(static_cast<std::size_t>(settings.ddpm_steps));
    for (std::size_t i = 0; i < betas.size(); ++i) {
        const double part = static_cast<double>(i) / static_cast<double>(betas.size() - 1);
        betas[i] =
            settings.ddpm_beta_min + part * (settings.ddpm_beta_max - settings.ddpm_beta_min);
    }
    return betas;
}

std::unique_ptr<const Schedule> make_ddpm(const PathSettings& settings) {
    std::vector<double> log_alpha{0};
    for (const double beta : ddpm_betas(settings)) {
        log_alpha.push_back(log_alpha.back() + 0.5 * std::log1p(-beta));
    }
    return std::make_unique<Ddpm>(std::move(log_alpha));
}

}  // namespace driftglass
