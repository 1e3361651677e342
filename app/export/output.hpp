#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>

namespace driftglass {

/// Refuses, before work starts, an `--out` that cannot become a file: a folder, a device, a place
/// that cannot be written. "-" is standard output. Throws Error.
void check_output_file(const std::string& out);

/// The same for a folder that is made if it is not there.
void check_output_folder(const std::filesystem::path& folder);

/// Writes to the file (whole or not at all), or to standard output for "-". Throws Error.
void write_output(const std::string& out, const std::function<void(std::ostream&)>& write);

}  // namespace driftglass
