#pragma once

#include "core/lab/scene.hpp"

namespace driftglass {

/// Takes the scene to dimension 1 or 2. To 1: points, strokes and mixtures are projected along y; a
/// preset that exists in the plane only, a table, a picture or a text gives way to three Gaussians,
/// with its strokes on top. To 2: data and source of `last`, the scene as it last was in the plane,
/// and without one a preset. Weights of a file stay behind: they are of the other dimension. Throws
/// Error for any other dimension.
void change_dimension(Scene& scene, int dimension, const Scene* last);

}  // namespace driftglass
