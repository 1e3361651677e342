#include "app/export/png.hpp"

#include <stb_image_write.h>

#include <fstream>
#include <system_error>

#include "core/error.hpp"

namespace driftglass {

void write_png(const std::filesystem::path& file, std::span<const std::uint8_t> rgba, int width,
               int height) {
    std::filesystem::path part = file;
    part += ".part";
    std::ofstream out(part, std::ios::binary);
    const auto write = [](void* context, void* bytes, int count) {
        static_cast<std::ofstream*>(context)->write(static_cast<const char*>(bytes), count);
    };
    const int made = stbi_write_png_to_func(write, &out, width, height, 4, rgba.data(), width * 4);
    out.close();
    std::error_code failed;
    if (made != 0 && out) std::filesystem::rename(part, file, failed);
    if (made == 0 || !out || failed) {
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        throw Error(file.string() +
                    ": the picture cannot be written; check that its folder exists, may be written "
                    "to and has room");
    }
}

}  // namespace driftglass
