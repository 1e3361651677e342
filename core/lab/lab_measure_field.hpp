#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "core/field/exact_field.hpp"
#include "core/lab/report.hpp"
#include "core/lab/setup.hpp"
#include "core/measure/tilted_density.hpp"

namespace driftglass {

// The parts of a report that are about a field rather than its samples. Each leaves out what is not
// defined for the scene; all draw from streams of the scene's seed.

/// The tilted density q_t(x) q_t(c | x)^w that cfg and classifier guidance name, at the sampler's
/// t_min, on a grid: where it has a closed form, w is not negative and the grid resolves it.
std::optional<TiltedDensity> tilted_target(const Setup& setup, const ExactField* exact,
                                           const GuidanceSettings& guidance, double t_min);

/// The schedule at eleven times and, where `exact` is not null, the floor of every prediction's
/// loss. Throws Stopped.
void measure_path(const Setup& setup, const ExactField* exact, Report& report,
                  std::stop_token stop);

/// Learned against exact velocity at eleven times.
void measure_velocity_error(const Setup& setup, const Field& learned, const ExactField& exact,
                            Report& report);

/// Every deterministic method on the scene's grid and t_min, at up to 64 evaluations.
void measure_solvers(const Setup& setup, const Field& field, const ViewSpec& view, Report& report);

/// Of fresh data x0 [N, D] on the ddpm path, for up to 2,000 levels.
void measure_ddpm_bound(const Setup& setup, const Field& field, const torch::Tensor& x0,
                        Report& report);

}  // namespace driftglass
