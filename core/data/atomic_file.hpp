#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>

namespace driftglass {

/// Writes a file whole or not at all: `write` fills a temporary file beside it,
/// which then takes its name. An existing file survives a failed write, and no
/// temporary file stays behind. Throws Error where `file` is a folder, a device
/// or in a folder that does not exist, or the disk is full; what `write` throws
/// passes through.
void write_atomically(const std::filesystem::path& file,
                      const std::function<void(std::ostream&)>& write);

/// Throws Error where write_atomically would refuse to begin: for asking before
/// long work.
void check_writable(const std::filesystem::path& file);

}  // namespace driftglass
