#pragma once

#include <memory>
#include <string>

#include "core/path/path_settings.hpp"

namespace driftglass {

/// alpha_t, sigma_t and their derivatives in t: x_t = alpha x0 + sigma x1 (docs/mathematics.md).
struct Coefficients {
    double alpha;
    double sigma;
    double alpha_prime;
    double sigma_prime;
};

/// A path's schedule. Time runs from data (t = 0) to noise (t = 1). All in double, scalars; immutable.
class Schedule {
public:
    virtual ~Schedule() = default;

    /// t in [0, 1]; a schedule that must clamp t (vp-cosine) takes the derivatives at the clamped t.
    virtual Coefficients at(double t) const = 0;

    /// log-SNR lambda_t = 2 log(alpha_t / sigma_t); +inf where sigma_t = 0, -inf where alpha_t = 0.
    double log_snr(double t) const;
    /// The t in [0, 1] with that log-SNR (log-SNR falls with t); clamped to the ends. By closed form
    /// where the schedule has one, else by bisection to double precision.
    virtual double time_of_log_snr(double log_snr) const;
    /// f = alpha' / alpha.
    double drift_rate(double t) const;
    /// g^2 = 2 sigma sigma' - 2 f sigma^2 = 2 sigma^2 d/dt log(sigma / alpha).
    double diffusion_squared(double t) const;
    /// Standard deviation of the Gaussian that sampling starts from: 1 where the source is N(0, I),
    /// sigma_1 for the paths with alpha = 1 (ve, ve-sqrt, edm).
    virtual double source_scale() const { return 1; }
    /// Empty, or a sentence: terminal SNR not zero, or log-SNR not falling everywhere.
    std::string warning() const;
};

/// Throws Error naming the key under `path.` for a parameter out of range.
std::unique_ptr<const Schedule> make_schedule(const PathSettings& settings);

}  // namespace driftglass
