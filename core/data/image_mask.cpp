#include <stb_image.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "core/data/pixel_mask.hpp"
#include "core/data/table.hpp"
#include "core/error.hpp"

namespace driftglass {

PixelMask image_mask(const std::filesystem::path& file) {
    const std::string bytes = read_file(file);
    PixelMask mask;
    int channels = 0;
    const std::unique_ptr<stbi_uc, void (*)(void*)> pixels(
        stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                              static_cast<int>(bytes.size()), &mask.columns, &mask.rows, &channels,
                              4),
        stbi_image_free);
    if (!pixels) {
        throw Error(file.string() +
                    ": is not an image that can be read (PNG, JPEG, BMP, TGA, GIF): " +
                    stbi_failure_reason());
    }
    mask.pixel = 4.0 / std::max(mask.columns, mask.rows);
    mask.weights.resize(static_cast<std::size_t>(mask.columns) *
                        static_cast<std::size_t>(mask.rows));
    bool empty = true;
    for (std::size_t i = 0; i < mask.weights.size(); ++i) {
        const stbi_uc* p = pixels.get() + 4 * i;
        // Rec. 709 luma.
        const float luma = (0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2]) / 255;
        const float darkness = (1 - luma) * static_cast<float>(p[3]) / 255;
        mask.weights[i] = darkness < 0.02f ? 0 : darkness;
        empty = empty && mask.weights[i] == 0;
    }
    if (empty) {
        throw Error(file.string() + ": is all white or transparent; dark pixels become points");
    }
    return mask;
}

}  // namespace driftglass
