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

/// Gives the finished file `from` the name `file`, on the same disk, as write_atomically would
/// write it. Throws Error as that does; `from` is then still there.
void move_atomically(const std::filesystem::path& from, const std::filesystem::path& file);

/// Throws Error where write_atomically would refuse to begin: for asking before
/// long work.
void check_writable(const std::filesystem::path& file);

}  // namespace driftglass
