#include "core/data/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "core/error.hpp"

namespace driftglass {
namespace {

namespace fs = std::filesystem;

/// Removes the temporary file unless it has been renamed.
class TemporaryFile {
public:
    explicit TemporaryFile(fs::path name) : name_(std::move(name)) {}
    ~TemporaryFile() {
        std::error_code ignored;
        if (!name_.empty()) fs::remove(name_, ignored);
    }
    TemporaryFile(TemporaryFile&& other) noexcept : name_(std::exchange(other.name_, {})) {}
    TemporaryFile& operator=(TemporaryFile&&) = delete;

    const fs::path& name() const { return name_; }
    void keep() { name_.clear(); }

private:
    fs::path name_;
};

/// Through links to what they point at, whether it is there or not, so that a link stays a link.
fs::path target_of(const fs::path& file) {
    std::error_code error;
    fs::path target = file;
    for (int i = 0; i < 40 && fs::is_symlink(target, error); ++i)
        target = target.parent_path() / fs::read_symlink(target, error);
    return target;
}

/// A new file beside `target`. Throws Error with the system's reason where there can be none.
std::pair<TemporaryFile, std::ofstream> file_beside(const fs::path& target) {
    TemporaryFile temporary(target.string() + ".tmp-" + std::to_string(std::random_device{}()));
    std::ofstream stream(temporary.name(), std::ios::binary | std::ios::trunc);
    if (!stream) {
        throw Error(target.string() + ": cannot be written (" + std::strerror(errno) +
                    "); choose another place");
    }
    return {std::move(temporary), std::move(stream)};
}

/// Onto the disk, so that what takes the old file's name outlives a power cut. False where the disk
/// says only now that it is full or broken.
bool to_disk(const fs::path& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = fsync(descriptor) == 0 || errno == EINVAL;  // EINVAL: nothing to be done here
    return close(descriptor) == 0 && done;
}

/// A finished file takes the place of `target`, and its permissions.
void take_place(const fs::path& finished, const fs::path& target) {
    if (!to_disk(finished)) {
        throw Error(target.string() + ": could not be written whole (" + std::strerror(errno) +
                    "); is the disk full?");
    }
    std::error_code error;
    if (const fs::file_status before = fs::status(target, error); fs::exists(before))
        fs::permissions(finished, before.permissions(), error);
    fs::rename(finished, target, error);
    if (error) throw Error(target.string() + ": cannot be written: " + error.message());
    static_cast<void>(to_disk(fs::absolute(target).parent_path()));
}

}  // namespace

void check_writable(const fs::path& file) {
    std::error_code error;
    if (file.empty()) throw Error("no file name given to write to");
    const fs::file_status status = fs::status(file, error);
    if (fs::is_directory(status)) throw Error(file.string() + ": is a folder; name a file");
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        throw Error(file.string() + ": is not a regular file; name a new or a regular one");
    }
    const fs::path folder = fs::absolute(file).parent_path();
    if (!fs::is_directory(folder, error)) {
        throw Error(file.string() + ": the folder " + folder.string() +
                    " does not exist; create it first");
    }
    static_cast<void>(file_beside(target_of(file)));
}

void write_atomically(const fs::path& file, const std::function<void(std::ostream&)>& write) {
    check_writable(file);
    const fs::path target = target_of(file);
    auto [temporary, stream] = file_beside(target);
    write(stream);
    stream.close();
    if (!stream) throw Error(file.string() + ": could not be written whole; is the disk full?");
    take_place(temporary.name(), target);
    temporary.keep();
}

void move_atomically(const fs::path& from, const fs::path& file) {
    std::error_code error;
    if (!fs::is_symlink(file, error)) {
        check_writable(file);
        take_place(from, file);
        return;
    }
    // What a link points at may be on another disk, where only a copy gets.
    write_atomically(file, [&](std::ostream& stream) {
        stream << std::ifstream(from, std::ios::binary).rdbuf();
    });
    fs::remove(from, error);
}

}  // namespace driftglass
