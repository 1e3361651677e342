#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

namespace driftglass {

struct Scene;

/// Where the program keeps what it must remember: DRIFTGLASS_STATE_DIR where that is set, else
/// $XDG_STATE_HOME/driftglass or ~/.local/state/driftglass (macOS: ~/Library/Application
/// Support/Driftglass). Empty where there is no home either.
std::filesystem::path state_folder();

/// How often a scene that is not saved is written; at once when the program ends.
inline constexpr std::chrono::seconds autosave_every{10};

/// Writes a scene that is not saved, with the name of the file that it is a change of; empty: none.
/// Throws Error where it cannot be written.
void write_autosave(const Scene& scene, const std::filesystem::path& autosave,
                    const std::filesystem::path& document);
/// The file that an autosave is a change of, absolute; empty: it had none.
std::filesystem::path document_of(const std::filesystem::path& autosave);
void remove_autosave(const std::filesystem::path& autosave);
/// A name beside the autosave for a scene that is neither saved nor shown any more:
/// autosave-kept-1.json … 20, a free one or the oldest.
std::filesystem::path name_to_keep(const std::filesystem::path& autosave);
/// Gives an autosave such a name, and returns it.
std::filesystem::path set_aside(const std::filesystem::path& autosave);

/// A file for this process' autosave that no other running process writes to. The lock goes with
/// the process, however it ends; so a file behind a free lock was left by one that is gone.
class AutosaveSlot {
public:
    /// Claims the newest file that was left behind in `folder`, or else a free name: autosave.json,
    /// autosave-2.json … Throws Error where the folder cannot be made or all names are taken.
    explicit AutosaveSlot(const std::filesystem::path& folder = state_folder());
    ~AutosaveSlot();
    AutosaveSlot(AutosaveSlot&&) noexcept;
    AutosaveSlot& operator=(AutosaveSlot&&) noexcept;

    const std::filesystem::path& file() const { return file_; }
    /// The file was there when it was claimed: a scene to bring back.
    bool left_behind() const { return left_behind_; }

private:
    class Lock;
    std::filesystem::path file_;
    bool left_behind_ = false;
    std::unique_ptr<Lock> lock_;
};

}  // namespace driftglass
