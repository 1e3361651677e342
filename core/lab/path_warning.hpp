#pragma once

#include <optional>
#include <string>

#include "core/lab/setup.hpp"

namespace driftglass {

/// What to bear in mind of the scene's path, nothing being wrong with it: Schedule::warning, and
/// where the samples keep more noise at t_min (sigma / alpha) than the data are wide: than the
/// narrowest component, or else a twentieth of their standard deviation. Empty: nothing.
std::string path_warning(const Setup& setup);

/// The smallest standard deviation among the components of data that are a mixture.
std::optional<double> narrowest_component(const Setup& setup);

}  // namespace driftglass
