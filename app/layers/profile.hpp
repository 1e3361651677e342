#pragma once

#include "app/layers/lines.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// The colour of each curve of a profile.
struct ProfileColours {
    Rgb density, tilted, share, samples;
};
ProfileColours profile_colours(const Theme& theme, Rgb path_colour);

/// The densities of one dimension at the scrubber's time, standing sideways on its line: q_t, what
/// guidance pretends to sample and the samples to one scale, and the soft classifier q_t(c | x)
/// dashed, its 1 as high as the highest of them.
void add_profile(LineBatch& batch, const Profile& profile, double time, const View& view,
                 const Theme& theme, Rgb path_colour);

}  // namespace driftglass
