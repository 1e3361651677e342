#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/field/field.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

struct Path {
    torch::Tensor end;   ///< [N, D], the last row
    torch::Tensor rows;  ///< [K + 1, N, D] if they were kept, row 0 the start; else undefined
    std::vector<double> times;  ///< [K + 1], of the rows, kept or not; a denoised last row: 0.
                                ///< langevin: settings.time throughout
    std::int64_t nfe = 0;       ///< evaluations of the field (guided or not) for each path
    std::int64_t network_evaluations = 0;  ///< of networks or closed forms that these took
    bool diverged = false;                 ///< some coordinate of the end is not finite
    bool cancelled = false;                ///< stopped early: the rows so far
};

/// Carries x1 [N, D], draws of the source at t = 1, to t_min with the chosen method; see
/// samplers.hpp for each method's formula. `label` int64 [N] or undefined. `noise` is read by the
/// methods that add noise only (a CPU generator: the same draws on every device). `cancelled` is
/// asked before each step. Throws Error as check_sampler does.
Path sample(const Field& field, torch::Tensor x1, const torch::Tensor& label,
            const SamplerSettings& settings, torch::Generator noise, bool keep_rows = false,
            const std::function<bool()>& cancelled = {});

/// Throws Error, one sentence naming the key under `sampler.`, for a value out of range and for
/// requests with no sound answer: a method that needs the score where the source is not Gaussian,
/// `noise` with a method that would silently ignore it.
void check_sampler(const SamplerSettings& settings, bool has_score);
/// The same, and for noise of the size g on a path whose log-SNR rises somewhere, where g^2 < 0.
void check_sampler(const SamplerSettings& settings, bool has_score, const Schedule& schedule);

}  // namespace driftglass
