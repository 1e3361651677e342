#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace driftglass::tests {

/// How far two pictures are apart. Small shifts of smoothing between drivers move a few pixels by
/// much, or many by little; a missing layer does both.
struct PictureDifference {
    double mean = 0;   ///< of all channels, of 255
    double share = 0;  ///< of pixels with some channel off by more than 24
    bool small() const { return mean < 0.7 && share < 0.006; }
};
PictureDifference difference(const std::vector<std::uint8_t>& a,
                             const std::vector<std::uint8_t>& b);

/// RGBA, row 0 at the top, against tests/golden/NAME.png. Where they differ the picture is written
/// to NAME.actual.png in the folder of temporary files, and the message says so; with
/// DRIFTGLASS_UPDATE_GOLDEN=1 in the environment the golden picture is written instead.
/// Returns an empty text, or what is wrong.
std::string compare_with_golden(const std::string& name, const std::vector<std::uint8_t>& picture,
                                int width, int height);

}  // namespace driftglass::tests
