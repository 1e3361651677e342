#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace driftglass {

enum class Action { window, render, sample, field, measure, info };

/// What `render` writes beside report.json, scene.json and weights.pt.
enum class Format { png, svg, pdf, gif, mp4, csv, npy };

/// A command line, read and checked as far as it can be without touching a file.
struct CommandLine {
    Action action = Action::window;
    bool help = false;     ///< print help_text(action) (of the program, if no command was named)
    bool version = false;  ///< print the version
    std::string scene;     ///< as written; empty: the default scene

    std::string device = "auto";
    int threads = 0;                    ///< 0: the program decides
    std::optional<std::uint64_t> seed;  ///< scene.seed
    std::optional<std::int64_t> steps;  ///< scene.training.steps
    double seconds = 0;                 ///< of training, in place of steps; 0: not asked for
    std::vector<std::string> set;       ///< KEY=VALUE, in order
    bool quiet = false;

    std::string out;                    ///< file, folder, or - for standard output
    std::optional<std::int64_t> count;  ///< samples; paths of each pane of render
    std::optional<std::size_t> view;    ///< of the scene, from 0; sample, field, measure
    bool trajectories = false;          ///< sample
    bool forward = false;               ///< sample: the forward SDE
    std::filesystem::path given;        ///< sample: points at `time` to draw (x0, x1) for
    std::filesystem::path points;       ///< field
    bool log_density = false;           ///< field: of a learned field too
    std::optional<double> time;         ///< field, and sample with `given`: t in [0, 1]
    int width = 1920;                   ///< render: pixels, even
    int height = 1080;
    std::set<Format> formats = {Format::png, Format::svg, Format::csv, Format::mp4};
    bool dark = true;
};

/// Reads the arguments after the program's name. Throws Error with the cure ("did you mean …").
CommandLine parse_command_line(std::span<const char* const> arguments);

/// The whole text of `--help` for one command; Action::window explains the program.
std::string help_text(Action action);

}  // namespace driftglass
