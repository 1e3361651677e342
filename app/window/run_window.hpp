#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "app/state/ui_state.hpp"
#include "core/lab/lab.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

/// Whether a display can be opened here. If so, GLFW is left started for the window to come.
bool has_display();

struct WindowOptions {
    UiState ui;
    LabOptions lab;              ///< beside_window is set by run_window
    std::filesystem::path file;  ///< where the scene lives; empty: untitled
    bool full_screen = false;
    std::string notice;  ///< to be read when it opens; empty: none
};

/// Opens the window and stays until it is closed or `stop` is asked for; the exit code. The window
/// is there before the lab is. 2, after a sentence on standard error, where the autosave could not
/// be written in the end. Throws Error (bad scene), gl::NoOpenGl.
int run_window(Scene scene, WindowOptions options, std::stop_token stop);

}  // namespace driftglass
