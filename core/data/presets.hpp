#pragma once

#include <vector>

#include "core/data/data_settings.hpp"
#include "core/data/random.hpp"

namespace driftglass {

/// One point of a law; y is 0 in dimension 1.
struct LabelledPoint {
    double x = 0;
    double y = 0;
    int label = -1;
};

/// One independent draw of a preset that is no mixture (those are drawn as
/// such: preset_mixture). Every preset lies within about [-2.5, 2.5] with a
/// root mean square radius near sqrt(2). Labels: the moon, the component, the
/// column of the checkerboard, the arm, the ring from the inside, the half of
/// the s-curve; smiley: 0 outline, 1 eyes, 2 mouth. In dimension 1 only
/// two-points, three-gaussians, eight-gaussians (the law of its x) and
/// checkerboard (intervals) exist.
LabelledPoint draw_preset(Preset preset, int dimension, Random& random);

bool exists_in(Preset preset, int dimension);
/// Throws Error naming data.preset where the preset does not exist in that
/// dimension.
void check_preset(Preset preset, int dimension);

/// The presets that are mixtures of Gaussians (two-points: of width 0); else
/// empty.
std::vector<MixtureComponent> preset_mixture(Preset preset, int dimension);

}  // namespace driftglass
