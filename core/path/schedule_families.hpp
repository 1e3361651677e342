#pragma once

#include <memory>
#include <vector>

#include "core/path/schedule.hpp"

namespace driftglass {

// One maker a family; make_schedule() checks the ranges of all keys and chooses. Each checks what
// else it asks of its own parameters.
std::unique_ptr<const Schedule> make_linear(const PathSettings& settings);
std::unique_ptr<const Schedule> make_vp_linear(const PathSettings& settings);
std::unique_ptr<const Schedule> make_vp_cosine(const PathSettings& settings);
std::unique_ptr<const Schedule> make_ve(const PathSettings& settings);
std::unique_ptr<const Schedule> make_ve_sqrt(const PathSettings& settings);
std::unique_ptr<const Schedule> make_edm(const PathSettings& settings);
std::unique_ptr<const Schedule> make_ddpm(const PathSettings& settings);
std::unique_ptr<const Schedule> make_custom(const PathSettings& settings);

/// Variance-preserving paths, alpha^2 + sigma^2 = 1, by log alpha and the rate
/// beta_t of dx = -beta/2 x dt + sqrt(beta) dW (Song et al. 2021): accurate at
/// both ends.
class VariancePreserving : public Schedule {
public:
    Coefficients at(double t) const final;
    double log_snr(double t) const final;
    double drift_rate(double t) const final;
    double diffusion_squared(double t) const final;

protected:
    virtual double log_alpha(double t) const = 0;  ///< -1/2 int_0^t beta, t in [0, 1]
    virtual double beta(double t) const = 0;       ///< -2 d/dt log alpha
};

}  // namespace driftglass
