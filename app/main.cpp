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
std::string set_aside(const std::filesystem::path& autosave, const std::string& why) {
    std::filesystem::path aside = autosave.string() + ".kept";
    for (int i = 2; std::filesystem::exists(aside); ++i)
        aside = autosave.string() + ".kept-" + std::to_string(i);
    std::filesystem::rename(autosave, aside);
    const std::string notice = "The drawing left behind (" + why + ") is kept as " + aside.string();
    std::fprintf(stderr, "driftglass: %s\n", notice.c_str());
    return notice;
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
    notice = set_aside(slot.file(), why);
    return {};
}

/// Opens what was asked for, or else what a program that was killed left in its autosave.
int open_window(const CommandLine& line, const Interrupt& interrupt) {
    WindowOptions options;
    options.lab = lab_options(line);
    Scene scene = scene_of(line);
    std::optional<AutosaveSlot> slot;
    try {
        slot.emplace();
        options.lab.autosave = slot->file();
        if (slot->left_behind()) {
            if (auto found =
                    recovered(*slot, line.scene.empty() && line.set.empty(), options.notice)) {
                scene = std::move(*found);
                options.lab.recovered = true;
            }
        }
    } catch (const std::exception& error) {
        options.lab.autosave.clear();
        std::fprintf(stderr, "driftglass: no autosave: %s\n", error.what());
    }
    if (!line.scene.empty()) options.file = line.scene;
    options.ui.panes = static_cast<int>(scene.views.size());
    try {
        return run_window(std::move(scene), options, interrupt.token());
    } catch (const Error& error) {
        // A file that it names may be gone: that must not stand in the way of every start.
        if (!options.lab.recovered || !has_display()) throw;
        options.notice = set_aside(slot->file(), error.what());
    }
    options.lab.recovered = false;
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
    if (line.action == Action::window && has_display()) return open_window(line, interrupt);
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
