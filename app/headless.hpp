#pragma once

#include "app/command_line.hpp"
#include "app/interrupt.hpp"

namespace driftglass {

/// The commands that need no window. Each writes its outputs and returns the exit code: 0, or 130
/// if it was interrupted (what was done is kept whole). Bad input throws Error; no OpenGL where a
/// picture is asked for, gl::NoOpenGl.
int run_command(const CommandLine& line, const Interrupt& interrupt);

/// `driftglass` where there is no display: says so and renders the scene into ./out.
int run_without_display(CommandLine line, const Interrupt& interrupt);

}  // namespace driftglass
