#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace driftglass {

/// Refuses, before work starts, an `--out` that cannot become a file: a folder, a device, a place
/// that cannot be written, one of the files that are read (`inputs`, none of which need exist), a
/// name whose ending says something else than `ending`. "-" is standard output. Throws Error.
void check_output_file(const std::string& out, const std::vector<std::filesystem::path>& inputs,
                       const std::string& ending);

/// The same for a folder that is made if it is not there, into which files are written whose names
/// `writes` knows.
void check_output_folder(const std::filesystem::path& folder,
                         const std::vector<std::filesystem::path>& inputs,
                         const std::function<bool(const std::string& name)>& writes);

/// Who read standard output has gone away with what it wanted (`| head`): a quiet end.
struct ReaderGone {};

/// Writes to the file (whole or not at all), or to standard output for "-". Throws Error, or
/// ReaderGone.
void write_output(const std::string& out, const std::function<void(std::ostream&)>& write);

}  // namespace driftglass
