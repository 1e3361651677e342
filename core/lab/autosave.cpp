#include "core/lab/autosave.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <utility>

#include "core/data/atomic_file.hpp"
#include "core/error.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

namespace fs = std::filesystem;

namespace {

constexpr int slots = 64;

std::filesystem::path from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::filesystem::path() : value;
}

}  // namespace

std::filesystem::path state_folder() {
    if (const auto folder = from_environment("DRIFTGLASS_STATE_DIR"); !folder.empty()) {
        return folder;
    }
    const auto home = from_environment("HOME");
#if defined(__APPLE__)
    return home.empty() ? home : home / "Library" / "Application Support" / "Driftglass";
#else
    // A relative XDG path is to be ignored (XDG Base Directory Specification 0.8).
    if (const auto xdg = from_environment("XDG_STATE_HOME"); xdg.is_absolute()) {
        return xdg / "driftglass";
    }
    return home.empty() ? home : home / ".local" / "state" / "driftglass";
#endif
}

class AutosaveSlot::Lock {
public:
    explicit Lock(const std::filesystem::path& file)
        : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        if (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor_);
            descriptor_ = -1;
        }
    }
    ~Lock() {
        if (held()) ::close(descriptor_);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    bool held() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

namespace {

/// Beside an autosave: the file of the document that it is of.
fs::path name_beside(const fs::path& autosave) {
    return autosave.string() + ".of";
}

}  // namespace

void write_autosave(const Scene& scene, const fs::path& autosave, const fs::path& document) {
    std::error_code error;
    fs::create_directories(autosave.parent_path(), error);
    save_scene(scene, autosave);
    if (document.empty()) {
        fs::remove(name_beside(autosave), error);
    } else {
        write_atomically(name_beside(autosave), [&](std::ostream& stream) {
            stream << fs::absolute(document).lexically_normal().string();
        });
    }
}

fs::path document_of(const fs::path& autosave) {
    std::ifstream stream(name_beside(autosave), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

void remove_autosave(const fs::path& autosave) {
    std::error_code ignored;
    fs::remove(autosave, ignored);
    fs::remove(name_beside(autosave), ignored);
}

fs::path name_to_keep(const fs::path& autosave) {
    constexpr int most = 20;
    std::error_code error;
    fs::path oldest;
    fs::file_time_type age{};
    for (int i = 1; i <= most; ++i) {
        const fs::path name =
            autosave.parent_path() / ("autosave-kept-" + std::to_string(i) + ".json");
        if (!fs::exists(name, error)) return name;
        const fs::file_time_type time = fs::last_write_time(name, error);
        if (oldest.empty() || time < age) {
            oldest = name;
            age = time;
        }
    }
    return oldest;
}

fs::path set_aside(const fs::path& autosave) {
    const fs::path kept = name_to_keep(autosave);
    fs::rename(autosave, kept);
    remove_autosave(autosave);
    return kept;
}

AutosaveSlot::AutosaveSlot(const std::filesystem::path& folder) {
    if (folder.empty()) {
        throw Error("no folder for the autosave: set HOME or DRIFTGLASS_STATE_DIR");
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        throw Error(folder.string() + ": cannot be made (" + error.message() +
                    "); set DRIFTGLASS_STATE_DIR to a folder for the autosave");
    }
    std::filesystem::file_time_type newest{};
    for (int i = 1; i <= slots; ++i) {
        const std::string name = i == 1 ? "autosave" : "autosave-" + std::to_string(i);
        const std::filesystem::path file = folder / (name + ".json");
        const bool there = std::filesystem::is_regular_file(file, error);
        const auto time = there ? std::filesystem::last_write_time(file, error)
                                : std::filesystem::file_time_type{};
        // One free name is enough, beyond it only files that are there matter.
        const bool wanted = there ? !left_behind_ || time > newest : lock_ == nullptr;
        if (!wanted) continue;
        auto lock = std::make_unique<Lock>(folder / (name + ".lock"));
        if (!lock->held()) continue;
        file_ = file;
        left_behind_ = there;
        newest = time;
        lock_ = std::move(lock);
    }
    if (!lock_) {
        throw Error(folder.string() +
                    ": no file for the autosave can be made there; set "
                    "DRIFTGLASS_STATE_DIR to a folder that can be written");
    }
}

AutosaveSlot::~AutosaveSlot() = default;
AutosaveSlot::AutosaveSlot(AutosaveSlot&&) noexcept = default;
AutosaveSlot& AutosaveSlot::operator=(AutosaveSlot&&) noexcept = default;

}  // namespace driftglass
