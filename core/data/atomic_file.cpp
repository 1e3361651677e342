#include "core/data/atomic_file.hpp"

#include <fstream>
#include <random>
#include <string>
#include <system_error>

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
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const fs::path& name() const { return name_; }
    void rename_to(const fs::path& file) {
        std::error_code error;
        fs::rename(name_, file, error);
        if (error) throw Error(file.string() + ": cannot be written: " + error.message());
        name_.clear();
    }

private:
    fs::path name_;
};

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
}

void write_atomically(const fs::path& file, const std::function<void(std::ostream&)>& write) {
    check_writable(file);
    // Through a link to what it points at, so that the link stays a link.
    std::error_code error;
    fs::path target = fs::is_symlink(file, error) ? fs::weakly_canonical(file, error) : file;
    if (target.empty()) target = file;

    const std::string suffix = ".tmp-" + std::to_string(std::random_device{}());
    TemporaryFile temporary(target.string() + suffix);
    std::ofstream stream(temporary.name(), std::ios::binary | std::ios::trunc);
    if (!stream) {
        throw Error(file.string() + ": cannot be written; check the rights of its folder");
    }
    write(stream);
    stream.close();
    if (!stream) throw Error(file.string() + ": could not be written whole; is the disk full?");
    temporary.rename_to(target);
}

}  // namespace driftglass
