#include "tests/app/golden.hpp"

#include <stb_image.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "app/export/png.hpp"

namespace driftglass::tests {

namespace fs = std::filesystem;

PictureDifference difference(const std::vector<std::uint8_t>& a,
                             const std::vector<std::uint8_t>& b) {
    PictureDifference result;
    std::size_t off = 0;
    for (std::size_t i = 0; i + 3 < a.size(); i += 4) {
        int most = 0;
        for (std::size_t c = 0; c < 4; ++c) {
            const int d = std::abs(int(a[i + c]) - int(b[i + c]));
            result.mean += d;
            most = std::max(most, d);
        }
        off += most > 24 ? 1 : 0;
    }
    const double pixels = static_cast<double>(a.size()) / 4;
    result.mean /= 3 * pixels;  // alpha is 255 everywhere
    result.share = static_cast<double>(off) / pixels;
    return result;
}

std::string compare_with_golden(const std::string& name, const std::vector<std::uint8_t>& picture,
                                int width, int height) {
    const fs::path file = fs::path("tests/golden") / (name + ".png");
    const char* update = std::getenv("DRIFTGLASS_UPDATE_GOLDEN");
    if (update != nullptr && std::string(update) == "1") {
        fs::create_directories(file.parent_path());
        write_png(file, picture, width, height);
        return {};
    }
    const fs::path actual = fs::temp_directory_path() / (name + ".actual.png");
    const auto fail = [&](const std::string& what) {
        write_png(actual, picture, width, height);
        return file.string() + ": " + what + "; what was drawn is in " + actual.string();
    };
    int golden_width = 0, golden_height = 0, channels = 0;
    const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> golden(
        stbi_load(file.string().c_str(), &golden_width, &golden_height, &channels, 4),
        &stbi_image_free);
    if (golden == nullptr) return fail("cannot be read (tests run in the source folder)");
    if (golden_width != width || golden_height != height) return fail("has another size");
    const PictureDifference apart =
        difference({golden.get(), golden.get() + picture.size()}, picture);
    if (apart.small()) return {};
    return fail("differs by " + std::to_string(apart.mean) + " in the mean, by more than 24 in " +
                std::to_string(100 * apart.share) + " % of the pixels");
}

}  // namespace driftglass::tests
