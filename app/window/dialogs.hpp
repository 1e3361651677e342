#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace driftglass {

enum class FileAsk { none, open_scene, save_scene, save_weights, import_csv, save_picture };

/// Asks for a file: with the system's own dialog where it has one, else with a box to type a path
/// into. Never waits: the answer comes in a later frame. One question at a time.
class Dialogs {
public:
    explicit Dialogs(bool native);
    ~Dialogs();

    void ask(FileAsk what, const std::filesystem::path& suggestion);
    bool open() const { return asking_ != FileAsk::none; }
    /// The system's dialog is open: only looking tells when it is answered.
    bool waiting_for_system() const { return native_ != nullptr; }

    struct Answer {
        FileAsk what;
        std::filesystem::path file;
    };
    /// Draws the box, if it is the one in use; the answer when there is one.
    std::optional<Answer> draw();

private:
    struct Native;
    bool may_use_native_;
    FileAsk asking_ = FileAsk::none;
    std::unique_ptr<Native> native_;
    std::string path_;
    bool just_opened_ = false;
    bool type_again_ = false;  ///< Return was pressed on a name that does not do
};

}  // namespace driftglass
