#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "app/command_line.hpp"
#include "app/export/output.hpp"
#include "app/gl/headless_context.hpp"
#include "app/headless.hpp"
#include "app/interrupt.hpp"
#include "app/prepare.hpp"
#include "app/window/run_window.hpp"
#include "core/error.hpp"
#include "core/lab/autosave.hpp"
#include "core/lab/lab.hpp"
#include "core/version.hpp"

namespace {

using namespace driftglass;

constexpr int exit_fault = 1;
constexpr int exit_bad_input = 2;
constexpr int exit_no_opengl = 3;

/// Keeps an autosave that is not opened under another name. Returns a sentence that says so.
std::string keep(const std::filesystem::path& autosave, const std::string& why) {
    const std::string notice =
        "The drawing left behind (" + why + ") is kept as " + set_aside(autosave).string();
    std::fprintf(stderr, "driftglass: %s\n", notice.c_str());
    return notice;
}

/// Whether a window that is asked for is the one that left its autosave: nothing else was named, or
/// the same file.
bool same_document(const CommandLine& line, const std::filesystem::path& document) {
    if (!line.set.empty()) return false;
    return line.scene.empty() ||
           std::filesystem::absolute(line.scene).lexically_normal() == document;
}

/// What a window left in its autosave that was killed, or closed with changes that were not saved;
/// none, and the file is set aside, where it cannot be read or something else was asked for.
/// `notice` says which.
std::optional<Scene> recovered(const AutosaveSlot& slot, bool wanted, std::string& notice) {
    std::string why = "something else is opened";
    try {
        if (wanted) {
            Scene scene = load_scene(slot.file());
            notice =
                "Recovered: the scene as it was when the window was last open, with what was "
                "not saved.";
            return scene;
        }
    } catch (const Error& error) {
        why = error.what();
    }
    notice = keep(slot.file(), why);
    return {};
}

/// The display after a window on it was closed: an X server that lost its last client begins anew,
/// which takes it a moment.
bool display_again() {
    for (int i = 0; i < 20; ++i) {
        if (has_display()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

/// Opens what was asked for, or else what a program that was killed left in its autosave.
int open_window(const CommandLine& line, const Interrupt& interrupt) {
    WindowOptions options;
    options.lab = lab_options(line);
    Scene scene = scene_of(line);
    options.file = line.scene;
    std::optional<AutosaveSlot> slot;
    try {
        slot.emplace();
        options.lab.autosave = slot->file();
        if (slot->left_behind()) {
            const std::filesystem::path document = document_of(slot->file());
            if (auto found = recovered(*slot, same_document(line, document), options.notice)) {
                scene = std::move(*found);
                set_options(line, scene);
                options.lab.recovered = true;
                options.file = document;
            }
        }
    } catch (const std::exception& error) {
        options.lab.autosave.clear();
        std::fprintf(stderr, "driftglass: no autosave: %s\n", error.what());
    }
    options.ui.panes = static_cast<int>(scene.views.size());
    try {
        return run_window(std::move(scene), options, interrupt.token());
    } catch (const gl::NoOpenGl&) {
        throw;  // of the drawing it says nothing: the next start brings that back
    } catch (const Error& error) {
        // A file that it names may be gone: that must not stand in the way of every start.
        if (!options.lab.recovered || !display_again()) throw;
        options.notice = keep(slot->file(), error.what());
    }
    options.lab.recovered = false;
    options.file = line.scene;
    scene = scene_of(line);
    options.ui.panes = static_cast<int>(scene.views.size());
    return run_window(std::move(scene), options, interrupt.token());
}

int run(std::span<const char* const> arguments) {
    const CommandLine line = parse_command_line(arguments);
    if (line.version) {
        write_output("-",
                     [](std::ostream& stream) { stream << "driftglass " << version() << '\n'; });
        return 0;
    }
    if (line.help) {
        write_output("-", [&](std::ostream& stream) { stream << help_text(line.action); });
        return 0;
    }
    const Interrupt interrupt;
    if (line.action == Action::window && has_display()) {
        const int code = open_window(line, interrupt);
        return code == 0 && interrupt.asked() ? Interrupt::exit_code : code;
    }
    if (line.action == Action::window) return run_without_display(line, interrupt);
    return run_command(line, interrupt);
}

/// Torch's allocators throw errors of their own: of main memory, and of a GPU's.
bool out_of_memory(std::string_view what) {
    return what.find("not enough memory") != what.npos || what.find("out of memory") != what.npos;
}

int complain(const char* sentence, int code) {
    std::fflush(stdout);
    std::fprintf(stderr, "driftglass: %s\n", sentence);
    return code;
}

}  // namespace

int main(int count, char** words) {
    // An ffmpeg that dies is an error to report; a reader of standard output that has enough is
    // not.
    std::signal(SIGPIPE, SIG_IGN);
    keep_freed_memory();
    try {
        const std::span all(words, static_cast<std::size_t>(count));
        return run(all.subspan(all.empty() ? 0 : 1));
    } catch (const ReaderGone&) {
        // As of any program that writes into a pipe.
        std::signal(SIGPIPE, SIG_DFL);
        std::raise(SIGPIPE);
        return exit_fault;
    } catch (const gl::NoOpenGl& error) {
        return complain(error.what(), exit_no_opengl);
    } catch (const Error& error) {
        return complain(error.what(), exit_bad_input);
    } catch (const std::exception& error) {
        if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr || out_of_memory(error.what())) {
            return complain("out of memory: ask for fewer points, or close other programs",
                            exit_fault);
        }
        return complain((std::string("a fault of ours, please report it with the output of "
                                     "`driftglass info`: ") +
                         first_line(error.what()))
                            .c_str(),
                        exit_fault);
    }
}
