#include "app/export/png.hpp"

#include <stb_image_write.h>

#include <new>
#include <ostream>

#include "core/data/atomic_file.hpp"

namespace driftglass {

void write_png(const std::filesystem::path& file, std::span<const std::uint8_t> rgba, int width,
               int height) {
    const auto write = [](void* context, void* bytes, int count) {
        static_cast<std::ostream*>(context)->write(static_cast<const char*>(bytes), count);
    };
    write_atomically(file, [&](std::ostream& stream) {
        if (stbi_write_png_to_func(write, &stream, width, height, 4, rgba.data(), width * 4) == 0)
            throw std::bad_alloc();
    });
}

}  // namespace driftglass
