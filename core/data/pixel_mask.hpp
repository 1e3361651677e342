#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace driftglass {

/// A picture as a density: non-negative weights on square pixels placed in the
/// world, centred at the origin, the longer side reaching from -2 to 2.
struct PixelMask {
    int columns = 0;
    int rows = 0;
    double pixel = 0;            ///< a pixel's side, world units
    std::vector<float> weights;  ///< [rows, columns], row 0 at the top; 0 to 1
    std::vector<int> labels;     ///< [rows, columns], or empty: no labels
};

/// The darkness of an image (PNG, JPEG, BMP, …) over white: 1 - luminance,
/// times alpha. What is nearly white (below 2 %) counts as empty. Throws Error
/// naming the file.
PixelMask image_mask(const std::filesystem::path& file);

/// Text (UTF-8) in Roboto, a line break at each \n, coverage as weight; labels
/// number the letters that leave a mark, from 0. Throws Error naming data.text
/// where nothing is left.
PixelMask text_mask(const std::string& text);

}  // namespace driftglass
