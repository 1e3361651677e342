#include "core/write_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <string>
#include <system_error>
#include <thread>

#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

#include "core/error.hpp"

namespace driftglass {
namespace {

int process_id() {
#ifdef _WIN32
    return _getpid();
#else
    return static_cast<int>(getpid());
#endif
}

/// Removes the temporary file unless it was renamed.
struct Temporary {
    std::filesystem::path path;
    ~Temporary() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
};

}  // namespace

void write_file(const std::filesystem::path& file, std::string_view contents) {
    std::error_code error;
    if (file.filename().empty() || std::filesystem::is_directory(file, error)) {
        throw Error(file.string() + ": is a folder, not a file; give a file's name");
    }
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path(), error);
        if (error) {
            throw Error(file.string() + ": cannot make its folder (" + error.message() + ")");
        }
    }
    // Beside a link's target, so that a link stays a link.
    std::filesystem::path target = file;
    if (std::filesystem::is_symlink(file, error)) {
        const std::filesystem::path real = std::filesystem::weakly_canonical(file, error);
        if (!error) target = real;
    }
    Temporary temporary{target};
    const std::size_t thread = std::hash<std::thread::id>{}(std::this_thread::get_id());
    temporary.path += "." + std::to_string(process_id()) + "-" + std::to_string(thread) + ".part";
    {
        std::ofstream out(temporary.path, std::ios::binary);
        out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
        out.flush();
        if (!out) {
            const std::string why = errno != 0 ? std::strerror(errno) : "the disk refused it";
            throw Error(file.string() + ": cannot be written (" + why +
                        "); choose another place or make room");
        }
    }
    std::filesystem::rename(temporary.path, target, error);
    if (error) throw Error(file.string() + ": cannot be written (" + error.message() + ")");
}

}  // namespace driftglass
