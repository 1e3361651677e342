#pragma once

#include <memory>
#include <optional>

#include "core/field/exact_field.hpp"
#include "core/lab/report.hpp"
#include "core/lab/setup.hpp"
#include "core/measure/tilted_density.hpp"

namespace driftglass {

class MeasureSubject;

/// The tilted density q_t(x) q_t(c | x)^w that cfg and classifier guidance name, at the sampler's
/// t_min, on a grid: where it has a closed form, w is not negative and the grid resolves it.
std::optional<TiltedDensity> tilted_target(const Setup& setup, const ExactField* exact,
                                           const GuidanceSettings& guidance, double t_min);

// Measures that are about a field rather than its samples, for the registry (measures.hpp).

/// The schedule at eleven times and, where there is an exact field, the floor of every prediction's
/// loss.
void measure_path(MeasureSubject& of, Report& report);

/// Learned against exact velocity at eleven times, in the first round.
void measure_velocity_error(MeasureSubject& of, Report& report);

/// Every deterministic method on the scene's grid and t_min, at up to 64 evaluations.
void measure_solvers(MeasureSubject& of, Report& report);

/// Of fresh data on the ddpm path, for up to 2,000 levels.
void measure_ddpm_bound(MeasureSubject& of, Report& report);

}  // namespace driftglass
