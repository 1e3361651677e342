#pragma once

#include "app/command_line.hpp"
#include "app/interrupt.hpp"

namespace driftglass {

/// `driftglass render`: trains, samples every pane from the same noise, measures, and writes
/// pictures, figures, video, tables, report.json, scene.json and weights.pt into line.out. Where an
/// earlier run's files are there, it writes into "unfinished" in it, and they are replaced when all
/// is done. Returns 0, or 130 if it was interrupted: every file that is there then is whole. Throws
/// Error; gl::NoOpenGl.
int render(const CommandLine& line, const Interrupt& interrupt);

}  // namespace driftglass
