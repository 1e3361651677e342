#pragma once

#include <memory>
#include <vector>

#include "core/lab/setup.hpp"
#include "core/lab/snapshot.hpp"
#include "core/lab/view_field.hpp"

namespace driftglass {

/// What a view's field, and the exact one beside it, say at points at t: see Probe. In dimension 1
/// the points are (across, x) as in space_time.hpp, each at its own t.
std::shared_ptr<const std::vector<Probe>> probe_points(
    const ViewSpec& view, const FieldParts& parts, const Setup& setup,
    const std::vector<std::array<float, 2>>& points, double t);

}  // namespace driftglass
