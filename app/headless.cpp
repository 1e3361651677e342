#include "app/headless.hpp"

#include <glad/gl.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <thread>

#include "app/export/output.hpp"
#include "app/export/tables.hpp"
#include "app/export/video.hpp"
#include "app/gl/headless_context.hpp"
#include "app/prepare.hpp"
#include "app/progress.hpp"
#include "app/render.hpp"
#include "app/window/graphics.hpp"
#include "app/window/run_window.hpp"
#include "core/data/table.hpp"
#include "core/error.hpp"
#include "core/lab/lab.hpp"
#include "core/version.hpp"

namespace driftglass {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t most_rows = 20'000'000;        // of `sample --given`, held at once
constexpr std::int64_t most_path_rows = 100'000'000;  // of `sample --trajectories`: 800 MB

int interrupted(const CommandLine& line, const std::string& what_is_kept) {
    if (!line.quiet) std::fprintf(stderr, "interrupted: %s\n", what_is_kept.c_str());
    return Interrupt::exit_code;
}

/// Trains what the command needs. False if it was interrupted.
bool trained(Lab& lab, const Scene& scene, const CommandLine& line, ProgressBar& bar,
             const Interrupt& interrupt) {
    say_warning(line, lab, bar);
    if (view_of(line, scene).field == FieldKind::learned) train(lab, line, bar, interrupt.token());
    return !interrupt.asked();
}

/// Says how many rows of `columns` numbers are not finite; throws Error where all are.
void check_finite(std::span<const float> values, int columns, ProgressBar& bar) {
    const auto width = static_cast<std::size_t>(columns);
    std::size_t lost = 0;
    for (std::size_t i = 0; i < values.size(); i += width) {
        const auto row = values.subspan(i, width);
        if (!std::all_of(row.begin(), row.end(), [](float v) { return std::isfinite(v); })) ++lost;
    }
    if (lost == 0) return;
    const std::size_t count = values.size() / width;
    const std::string what =
        std::to_string(lost) + " of " + std::to_string(count) +
        " samples are not finite: take more steps, another method or a larger t_min";
    if (lost == count) throw Error(what);
    bar.say("note: " + what);
}

/// Of (x0, x1) given a point in between; nothing is trained.
int sample_given(const CommandLine& line, std::int64_t count, const Interrupt& interrupt) {
    const Scene scene = scene_of(line);
    const PointSet points = read_points(line.given, scene.dimension);
    const std::int64_t rows = line.trajectories ? scene.sampler.steps + 2 : 1;
    if (points.size() * count > most_rows / rows) {
        throw Error("--count: " + std::to_string(points.size()) + " points with " +
                    std::to_string(count) + " draws each are too many: at most " +
                    std::to_string(most_rows / rows) + " draws in all");
    }
    Lab lab = open_lab(line, scene);
    ProgressBar bar(line.quiet);
    const PosteriorPairs pairs =
        lab.posterior_pairs(points, *line.time, count, bar.callback(), interrupt.token());
    bar.end();
    if (interrupt.asked()) return interrupted(line, "nothing is written");
    write_output(line.out, [&](std::ostream& stream) {
        if (line.trajectories) {
            write_trajectories(stream, lab.conditional_trajectories(pairs), scene.dimension);
        } else {
            write_pairs(stream, pairs, scene.dimension);
        }
    });
    return 0;
}

int sample(const CommandLine& line, const Interrupt& interrupt) {
    const Scene scene = scene_of(line);
    check_output_file(line.out, inputs_of(line, scene), ".csv");
    const std::int64_t count = line.count.value_or(2000);
    if (!line.given.empty()) return sample_given(line, count, interrupt);
    const int steps = view_of(line, scene).sampler.steps;
    if (const std::int64_t rows = steps + 2; line.trajectories && count > most_path_rows / rows) {
        throw Error("--count: at most " + std::to_string(most_path_rows / rows) +
                    " whole paths of " + std::to_string(steps) + " steps, found " +
                    std::to_string(count));
    }
    Lab lab = open_lab(line, scene);
    if (!line.forward) in_file(line.scene, [&] { lab.check_sampling(line.seconds <= 0); });
    ProgressBar bar(line.quiet);
    if (!line.forward && !trained(lab, scene, line, bar, interrupt)) {
        return interrupted(line, "nothing was sampled, nothing is written");
    }
    // Stopped early, the lab returns the samples that are finished: these are kept.
    std::int64_t finished = 0;
    const auto write = [&](std::span<const float> ends, int columns,
                           const std::function<void(std::ostream&)>& table) {
        bar.end();
        finished = static_cast<std::int64_t>(ends.size()) / columns;
        check_finite(ends, columns, bar);
        if (finished > 0) write_output(line.out, table);
    };
    if (line.trajectories || line.forward) {
        const Trajectories paths =
            line.forward ? lab.forward_trajectories(count, line.trajectories, bar.callback(),
                                                    interrupt.token())
                         : lab.sample_trajectories(count, bar.callback(), interrupt.token());
        const PointSet ends = end_points(paths, scene.dimension);
        write(ends.x, scene.dimension, [&](std::ostream& stream) {
            if (line.trajectories) {
                write_trajectories(stream, paths, scene.dimension);
            } else {
                write_points(stream, ends);
            }
        });
    } else {
        const PointSet points = lab.sample(count, bar.callback(), interrupt.token());
        write(points.x, scene.dimension,
              [&](std::ostream& stream) { write_points(stream, points); });
    }
    check_fault(lab);
    if (interrupt.asked() && finished < count) {
        return interrupted(line, std::to_string(finished) + " of " + std::to_string(count) +
                                     " samples were finished" +
                                     (finished > 0 ? " and written" : ", nothing is written"));
    }
    return 0;
}

int field(const CommandLine& line, const Interrupt& interrupt) {
    const Scene scene = scene_of(line);
    check_output_file(line.out, inputs_of(line, scene), ".csv");
    const PointSet points = read_points(line.points, scene.dimension);
    Lab lab = open_lab(line, scene);
    in_file(line.scene, [&] {
        if (line.view) lab.check_sampling(line.seconds <= 0);
        if (line.log_density) lab.check_log_density();
    });
    in_file(line.points.string(), [&] { lab.check_points(points); });
    ProgressBar bar(line.quiet);
    if (!trained(lab, scene, line, bar, interrupt)) return interrupted(line, "nothing is written");
    const FieldTable table =
        lab.field_at(points, *line.time, line.log_density, bar.callback(), interrupt.token());
    bar.end();
    if (interrupt.asked()) return interrupted(line, "nothing is written");
    write_output(line.out, [&](std::ostream& stream) { write_field(stream, points, table); });
    return 0;
}

int measure(const CommandLine& line, const Interrupt& interrupt) {
    const std::string out = line.out.empty() ? "-" : line.out;
    const Scene scene = scene_of(line);
    check_output_file(out, inputs_of(line, scene), ".json");
    Lab lab = open_lab(line, scene);
    in_file(line.scene, [&] { lab.check_sampling(line.seconds <= 0); });
    ProgressBar bar(line.quiet);
    if (!trained(lab, scene, line, bar, interrupt)) return interrupted(line, "nothing is written");
    std::optional<Report> report;
    try {
        report = lab.measure(bar.callback("measuring"), interrupt.token());
    } catch (const Stopped&) {
    }
    bar.end();
    check_fault(lab);
    if (!report || interrupt.asked()) return interrupted(line, "nothing is written");
    write_output(out, [&](std::ostream& stream) { stream << to_json(*report); });
    // Standard output holds the JSON alone where it is written there.
    if (!line.quiet) std::fputs(to_table(*report).c_str(), out == "-" ? stderr : stdout);
    return 0;
}

std::string gl_text(GLenum name) {
    const GLubyte* text = glGetString(name);
    return text != nullptr ? reinterpret_cast<const char*>(text) : "?";
}

int info() {
    std::cout << "driftglass " << version() << '\n';
    utsname system{};
    if (uname(&system) == 0) {
        std::cout << "system      " << system.sysname << ' ' << system.release << ' '
                  << system.machine << ", " << std::thread::hardware_concurrency() << " cores\n";
    }
#ifdef __VERSION__
    std::cout << "compiler    " << __VERSION__ << '\n';
#endif
    for (const std::string& text : engine_info())
        std::cout << "engine      " << text << '\n';
    std::string devices;
    for (const std::string& device : available_devices()) {
        devices += (devices.empty() ? "" : ", ") + device;
    }
    std::cout << "devices     " << devices << '\n';
    try {
        const Graphics graphics({.hidden = true});
        std::cout << "OpenGL      " << gl_text(GL_VERSION) << ", " << gl_text(GL_RENDERER) << '\n';
    } catch (const gl::NoOpenGl& error) {
        std::cout << "OpenGL      none: " << error.what() << '\n';
    }
    const fs::path ffmpeg = find_ffmpeg();
    std::cout << "ffmpeg      " << (ffmpeg.empty() ? "none: no video" : ffmpeg.string()) << '\n';
    std::cout << "display     " << (has_display() ? "yes" : "none: no window") << '\n';
    write_output("-", [](std::ostream&) {});
    return 0;
}

}  // namespace

int run_without_display(CommandLine line, const Interrupt& interrupt) {
    // What cannot be opened is refused before anything else is said.
    static_cast<void>(scene_of(line));
    line.action = Action::render;
    line.out = "out";
    if (!line.quiet) {
        std::fputs("there is no display here, so no window: rendering into ./out\n", stderr);
    }
    return render(line, interrupt);
}

int run_command(const CommandLine& line, const Interrupt& interrupt) {
    switch (line.action) {
        case Action::render:
            return render(line, interrupt);
        case Action::sample:
            return sample(line, interrupt);
        case Action::field:
            return field(line, interrupt);
        case Action::measure:
            return measure(line, interrupt);
        case Action::info:
            return info();
        case Action::window:
            break;
    }
    throw std::logic_error("the window is not a command");
}

}  // namespace driftglass
