#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace driftglass {

/// Writes [height, width, 4] bytes, row 0 at the top, to a temporary name beside `file` and
/// renames. Throws Error naming the file.
void write_png(const std::filesystem::path& file, std::span<const std::uint8_t> rgba, int width,
               int height);

}  // namespace driftglass
