#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "core/path/path_settings.hpp"

namespace driftglass {

/// alpha_t, sigma_t and their derivatives in t: x_t = alpha x0 + sigma x1
/// (docs/mathematics.md).
struct Coefficients {
    double alpha;
    double sigma;
    double alpha_prime;
    double sigma_prime;  ///< +inf at t = 0 where sigma starts as sqrt(t):
                         ///< vp-linear, ve-sqrt, ddpm
};

/// A path's schedule. Time runs from data (t = 0) to noise (t = 1). All in
/// double, scalars; immutable. A t outside [0, 1] counts as the nearer end.
class Schedule {
public:
    virtual ~Schedule() = default;

    /// A schedule that must clamp t (vp-cosine) takes the derivatives at the
    /// clamped t.
    virtual Coefficients at(double t) const = 0;

    /// log-SNR lambda_t = 2 log(alpha_t / sigma_t); +inf where sigma_t = 0, -inf
    /// where alpha_t = 0.
    virtual double log_snr(double t) const;
    /// The t in [0, 1] with that log-SNR (log-SNR falls with t); clamped to the
    /// ends. By closed form where the schedule has one, else by bisection to
    /// double precision.
    double time_of_log_snr(double log_snr) const;
    /// f = alpha' / alpha; -inf where alpha_t = 0.
    virtual double drift_rate(double t) const;
    /// g^2 = 2 sigma sigma' - 2 f sigma^2 = 2 sigma^2 d/dt log(sigma / alpha);
    /// +inf where alpha_t = 0.
    virtual double diffusion_squared(double t) const;
    /// Standard deviation of the Gaussian that sampling starts from: 1 where the
    /// source is N(0, I), sigma_1 for the paths with alpha = 1 (ve, ve-sqrt, edm)
    /// and for custom ones.
    virtual double source_scale() const { return 1; }
    /// "t = a and t = b": the first and the last t where log-SNR does not fall, so that g^2 <= 0
    /// and no forward process exists; empty on a sound path. Looked for at 1,000 times.
    std::string rise() const;
    /// Empty, or a sentence: terminal SNR not zero, or log-SNR not falling
    /// everywhere.
    std::string warning() const;

protected:
    /// Called with a log-SNR strictly between the two ends.
    virtual double inverse_log_snr(double log_snr) const;
};

/// Throws Error naming the key under `path.` for a parameter out of range.
std::unique_ptr<const Schedule> make_schedule(const PathSettings& settings);

}  // namespace driftglass
