#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "app/progress.hpp"
#include "core/lab/lab.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

/// The scene that a command line asks for, with its --set, --seed and --steps. Throws Error.
Scene scene_of(const CommandLine& line);

/// --seed and --steps alone, of any scene.
void set_options(const CommandLine& line, Scene& scene);

/// What the command shows: the pane that was asked for, or the scene's own field.
ViewSpec view_of(const CommandLine& line, const Scene& scene);

LabOptions lab_options(const CommandLine& line);

/// Does something with what a file holds: errors name it, unless there is none (empty).
void in_file(const std::string& file, const std::function<void()>& work);

/// The lab of a command. Errors name the scene's file.
Lab open_lab(const CommandLine& line, const Scene& scene);

/// Every file that the command reads.
std::vector<std::filesystem::path> inputs_of(const CommandLine& line, const Scene& scene);

/// Trains for the steps or seconds that were asked for, unless the scene brings weights. Throws
/// Error where that cannot be, or where it ends in a fault.
void train(Lab& lab, const CommandLine& line, ProgressBar& bar, std::stop_token stop);

/// Remarks on what was asked for: what the schedule warns of (a terminal SNR that is not zero …),
/// settings that the sampler does not read.
void say_warning(const CommandLine& line, const Lab& lab, ProgressBar& bar);

/// A fault of the lab (a loss that is not a number …) is the end of a command: throws it as Error.
void check_fault(const Lab& lab);

}  // namespace driftglass
