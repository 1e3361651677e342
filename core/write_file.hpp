#pragma once

#include <filesystem>
#include <string_view>

namespace driftglass {

/// Writes `contents` to a temporary name beside `file` and renames it, so that there is never half a
/// file and a failed write loses nothing. Makes the folder where it is missing. Throws Error.
void write_file(const std::filesystem::path& file, std::string_view contents);

}  // namespace driftglass
