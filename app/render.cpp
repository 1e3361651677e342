#include "app/render.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/export/output.hpp"
#include "app/export/pictures.hpp"
#include "app/export/png.hpp"
#include "app/export/tables.hpp"
#include "app/export/vector_figure.hpp"
#include "app/export/video.hpp"
#include "app/panels/view_words.hpp"
#include "app/prepare.hpp"
#include "app/progress.hpp"
#include "app/state/theme.hpp"
#include "app/tools/follow.hpp"
#include "app/window/graphics.hpp"
#include "app/window/screenshot.hpp"
#include "app/window/studio.hpp"
#include "core/data/atomic_file.hpp"
#include "core/data/table.hpp"
#include "core/error.hpp"
#include "core/lab/lab.hpp"

namespace driftglass {
namespace {

namespace fs = std::filesystem;

constexpr std::array times = {1.0, 0.75, 0.5, 0.25, 0.1, 0.0};

// The video: a moment of noise, the flow, a rest on the data.
constexpr int frames_per_second = 30;
constexpr int noise_frames = 12;
constexpr int flow_frames = 132;
constexpr int data_frames = 36;

struct Rendering {
    const CommandLine& line;
    const Interrupt& interrupt;
    fs::path folder;
    Scene scene;
    std::unique_ptr<Lab> lab;
    std::unique_ptr<Graphics> graphics;  ///< none where no picture is asked for
    Look look;                           ///< how many paths
    UiState ui;
    ProgressBar bar;
    std::vector<std::string> written;
    std::vector<std::string> notes;

    void check() const {
        if (interrupt.asked()) throw Stopped();
    }
    fs::path file(const std::string& name) {
        written.push_back(name);
        return folder / name;
    }
    bool wants(Format format) const { return line.formats.contains(format); }
};

/// Whether a file of this name may be one of ours.
bool writes(const std::string& name) {
    constexpr std::string_view whole[] = {"scene.json", "weights.pt", "report.json", "strip.png",
                                          "studio.png", "flow.mp4",   "flow.gif"};
    if (std::ranges::find(whole, name) != std::end(whole)) return true;
    if (name.starts_with("panes-t") && name.ends_with(".png")) return true;
    // "samples-a.csv" and the like, one for each pane.
    constexpr std::string_view begins[] = {"trajectories-", "samples-", "times-"};
    return std::ranges::any_of(begins, [&](std::string_view begin) {
        return name.starts_with(begin) && name.size() == begin.size() + 5 &&
               name[begin.size()] >= 'a' && name[begin.size()] <= 'd' &&
               name[begin.size() + 1] == '.';
    });
}

/// Where a run writes: `folder`, or where an earlier run's files are, a new one in it. They stay as
/// they are until all of the new run is there to take their places.
fs::path working_folder(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator there(folder, error);
    const bool earlier = std::any_of(begin(there), end(there), [](const fs::directory_entry& file) {
        return writes(file.path().filename().string());
    });
    if (!earlier) return folder;
    for (int i = 1;; ++i) {
        const fs::path place = folder / ("unfinished" + (i == 1 ? "" : "-" + std::to_string(i)));
        if (fs::create_directory(place, error)) return place;
        if (error) {
            throw Error("--out " + folder.string() + ": " + place.string() + " cannot be made (" +
                        error.message() + "); choose another place");
        }
    }
}

/// "a" for the first pane, as its badge.
std::string pane_letter(std::size_t pane) {
    return {static_cast<char>('a' + pane)};
}

std::string two_decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

bool learns(const Scene& scene) {
    return scene.field == FieldKind::learned ||
           std::ranges::any_of(
               scene.views, [](const ViewSpec& view) { return view.field == FieldKind::learned; });
}

Look look_at(const Rendering& r, double time, const std::vector<Rect>& worlds, int cells) {
    const Scene& scene = r.scene;
    Look look = r.look;
    look.time = time;
    look.loss_curve = true;
    look.loss_against_time = true;
    for (std::size_t pane = 0; pane < scene.views.size(); ++pane) {
        Look::Pane& shown = look.panes.emplace_back();
        shown.world = worlds[pane];
        const float wide = shown.world.x_max - shown.world.x_min;
        const float tall = shown.world.y_max - shown.world.y_min;
        // Square cells, as fine along the shorter side as asked for.
        const float side = std::min(wide, tall);
        const auto along = [&](float length, int count) {
            return static_cast<int>(std::lround(static_cast<float>(count) * length / side));
        };
        shown.density_columns = along(wide, cells);
        shown.density_rows = along(tall, cells);
        shown.arrow_columns = along(wide, 24);
        shown.arrow_rows = along(tall, 24);
    }
    return look;
}

/// The lab's pictures for this look, none of them stale.
std::shared_ptr<const Snapshot> settled(Rendering& r, const Look& look) {
    r.lab->send({0, command::SetRunning{false}});
    r.lab->send({0, command::SetLook{look}});
    while (r.lab->tick(std::chrono::milliseconds(50)))
        r.check();
    check_fault(*r.lab);
    return r.lab->snapshot();
}

void write_scene(const Rendering& r, const fs::path& file) {
    Scene scene = moved_to(r.scene, file.parent_path());
    if (learns(r.scene)) scene.weights = "weights.pt";
    save_scene(scene, file);
}

/// Trains, and keeps what was learnt even where that was interrupted or failed.
void learn(Rendering& r) {
    if (!learns(r.scene)) return write_scene(r, r.file("scene.json"));
    const auto keep = [&] {
        r.lab->save_weights(r.file("weights.pt"));
        write_scene(r, r.file("scene.json"));
    };
    try {
        train(*r.lab, r.line, r.bar, r.interrupt.token());
    } catch (const Error& error) {
        const Status status = r.lab->snapshot()->status;
        if (status.step == 0 && status.reflow.round == 0) throw;
        keep();
        throw Error(std::string(error.what()) + "; the weights of step " +
                    std::to_string(status.step) + " are in " + (r.folder / "weights.pt").string());
    }
    keep();
}

/// What stands under the panes, in the order of the scene's views.
nlohmann::ordered_json views_json(const Snapshot& snapshot) {
    nlohmann::ordered_json views = nlohmann::ordered_json::array();
    for (std::size_t pane = 0; pane < snapshot.panes.size(); ++pane) {
        const PaneSnapshot& shown = snapshot.panes[pane];
        nlohmann::ordered_json& view = views.emplace_back();
        view["pane"] = pane_letter(pane);
        if (!shown.note.empty()) view["note"] = shown.note;
        if (shown.trajectories) {
            view["paths"] = shown.trajectories->count;
            view["nfe"] = shown.trajectories->nfe;
            view["network_evaluations"] = shown.trajectories->network_evaluations;
        }
        if (!shown.metrics) continue;
        const PaneMetrics& metrics = *shown.metrics;
        view["points"] = metrics.w2_points;
        view[metrics.to_tilt ? "tilted_w2" : "w2"] = metrics.w2;
        if (metrics.w2_floor > 0) {
            view[metrics.to_tilt ? "tilted_w2_floor" : "w2_floor"] = metrics.w2_floor;
        }
        if (metrics.w2_to_first) view["w2_to_a"] = *metrics.w2_to_first;
        view["energy_distance"] = metrics.energy_distance;
        if (metrics.paths) {
            view["straightness"] = metrics.paths->straightness;
            view["path_energy"] = metrics.paths->energy;
            view["npe"] = metrics.paths->npe;
        }
    }
    return views;
}

void write_report(Rendering& r, const Snapshot& snapshot) {
    const Report report = r.lab->measure(r.bar.callback("measuring"), r.interrupt.token());
    r.bar.end();
    r.check();
    nlohmann::ordered_json json = nlohmann::ordered_json::parse(to_json(report));
    json["views"] = views_json(snapshot);
    if (!r.notes.empty()) json["notes"] = r.notes;
    write_atomically(r.file("report.json"),
                     [&](std::ostream& stream) { stream << json.dump(2) << '\n'; });
}

/// As the tables have them: in dimension 1 (x, 0), not space against time.
Trajectories without_time_axis(const Trajectories& shown, int dimension) {
    Trajectories paths = shown;
    for (std::size_t i = 0; dimension == 1 && i + 1 < paths.positions.size(); i += 2) {
        paths.positions[i] = paths.positions[i + 1];
        paths.positions[i + 1] = 0;
    }
    return paths;
}

void write_figures(Rendering& r, const Snapshot& snapshot) {
    for (std::size_t pane = 0; pane < snapshot.panes.size(); ++pane) {
        const PaneSnapshot& shown = snapshot.panes[pane];
        if (!shown.trajectories) continue;
        const std::string letter = pane_letter(pane);
        const int dimension = snapshot.scene->dimension;
        const Trajectories paths = without_time_axis(*shown.trajectories, dimension);
        if (r.wants(Format::svg)) {
            VectorFigure figure;
            figure.theme = &theme(false);
            figure.view = shown_view(snapshot, pane);
            figure.paths = &paths;
            figure.data = snapshot.data.get();
            figure.metrics = shown.metrics.get();
            figure.dimension = dimension;
            write_atomically(r.file("trajectories-" + letter + ".svg"),
                             [&](std::ostream& stream) { stream << trajectories_svg(figure); });
        }
        const PointSet samples = end_points(paths, dimension);
        if (r.wants(Format::csv)) {
            write_atomically(r.file("trajectories-" + letter + ".csv"), [&](std::ostream& stream) {
                write_trajectories(stream, paths, dimension);
            });
            write_points(r.file("samples-" + letter + ".csv"), samples);
        }
        if (r.wants(Format::npy)) {
            const auto rows = static_cast<std::int64_t>(paths.times.size());
            const std::array<std::int64_t, 3> shape = {rows, paths.count, 2};
            const std::array<std::int64_t, 1> length = {rows};
            const std::array<std::int64_t, 2> ends = {samples.size(), samples.dimension};
            const std::vector<float> path_times(paths.times.begin(), paths.times.end());
            const auto write = [&](const std::string& name, std::span<const std::int64_t> sides,
                                   std::span<const float> values) {
                write_atomically(r.file(name + "-" + letter + ".npy"),
                                 [&](std::ostream& stream) { write_npy(stream, sides, values); });
            };
            write("trajectories", shape, paths.positions);
            write("times", length, path_times);
            write("samples", ends, samples.x);
        }
    }
}

void write_picture(Rendering& r, const std::string& name, const Image& image) {
    write_png(r.file(name), image.rgba, image.width, image.height);
}

/// The whole window as it would stand there, once all that it wants to see has been computed.
Image studio_picture(Rendering& r) {
    UiState ui = r.ui;
    ui.panes = static_cast<int>(r.scene.views.size());
    Studio studio({[&] { return r.lab->snapshot(); },
                   [&](Command command) { r.lab->send(std::move(command)); }},
                  ui, {.pictures = true, .native_dialogs = false});
    // The first frames say what is to be seen.
    for (double now = 0; now < 2; ++now) {
        headless_frame(studio, *r.graphics, r.line.width, r.line.height, now, 1, false);
        while (r.lab->tick(std::chrono::milliseconds(50)))
            r.check();
    }
    return {r.line.width, r.line.height,
            screenshot(studio, *r.graphics, r.line.width, r.line.height)};
}

void write_pictures(Rendering& r, Pictures& pictures, const Rect& world,
                    const std::vector<Rect>& worlds) {
    std::vector<Moment> moments;
    const double all = static_cast<double>(times.size()) + 2;
    for (const double time : times) {
        r.bar.show(static_cast<double>(moments.size()), all, "pictures");
        moments.push_back({settled(r, look_at(r, time, worlds, 240)), time});
        write_picture(r, "panes-t" + two_decimals(time) + ".png",
                      pictures.panes(moments.back(), world));
    }
    write_picture(r, "strip.png", pictures.strip(moments, world));
    r.bar.show(all - 1, all, "pictures");
    write_picture(r, "studio.png", studio_picture(r));
    r.bar.show(all, all, "pictures");
    r.bar.end();
}

void write_videos(Rendering& r, Pictures& pictures, const fs::path& ffmpeg, const Rect& world,
                  const std::vector<Rect>& worlds) {
    std::vector<std::unique_ptr<VideoWriter>> writers;
    const VideoWriter::Size size{r.line.width, r.line.height, frames_per_second};
    const auto add_writer = [&](Format format, VideoKind kind, const char* name) {
        if (r.wants(format)) {
            writers.push_back(std::make_unique<VideoWriter>(ffmpeg, r.folder / name, kind, size));
        }
    };
    add_writer(Format::mp4, VideoKind::mp4, "flow.mp4");
    add_writer(Format::gif, VideoKind::gif, "flow.gif");

    for (int frame = 0; frame < flow_frames; ++frame) {
        r.bar.show(frame, flow_frames, "video");
        const double time = 1 - static_cast<double>(frame) / (flow_frames - 1);
        // What q_t shows is no finer than its noise.
        const int cells = static_cast<int>(std::clamp(12 / std::max(time, 0.01), 72.0, 160.0));
        const Moment moment{settled(r, look_at(r, time, worlds, cells)), time};
        const Image image = pictures.panes(moment, world);
        const int times_shown = frame == 0                 ? noise_frames
                                : frame + 1 == flow_frames ? data_frames
                                                           : 1;
        for (int i = 0; i < times_shown; ++i) {
            for (const auto& writer : writers)
                writer->add(image.rgba);
        }
    }
    r.bar.show(flow_frames, flow_frames, "video");
    for (const auto& writer : writers)
        writer->finish();
    for (const Format format : {Format::mp4, Format::gif}) {
        if (r.wants(format)) r.written.push_back(format == Format::mp4 ? "flow.mp4" : "flow.gif");
    }
    r.bar.end();
}

void list_files(Rendering& r) {
    std::string list;
    for (const std::string& name : r.written)
        list += (list.empty() ? "  " : "\n  ") + name;
    if (!list.empty()) r.bar.say("in " + r.folder.string() + ":\n" + list);
}

void render_all(Rendering& r, const fs::path& ffmpeg) {
    learn(r);
    r.check();

    // Paths first: what they cover says what the pictures show.
    Look paths_only = r.look;
    paths_only.panes.resize(r.scene.views.size());
    for (Look::Pane& pane : paths_only.panes) {
        pane.density_exact = pane.arrows = false;
    }
    paths_only.loss_curve = paths_only.loss_against_time = false;
    const std::shared_ptr<const Snapshot> paths = settled(r, paths_only);
    write_figures(r, *paths);
    if (r.graphics) {
        Pictures pictures(r.line.width, r.line.height, r.ui);
        const Rect world = worth_seeing(*paths, paths->panes.size());
        const std::vector<Rect> worlds = pictures.pane_worlds(r.scene, world);
        if (r.wants(Format::png)) write_pictures(r, pictures, world, worlds);
        if (!ffmpeg.empty()) write_videos(r, pictures, ffmpeg, world, worlds);
    }
    // Last: it takes longest, and somebody waits for the pictures.
    write_report(r, *paths);
}

/// What is whole takes the places of an earlier run's files.
void move_out(Rendering& r, const fs::path& folder) {
    if (r.folder == folder) return;
    for (const std::string& name : r.written) {
        if (name != "scene.json") move_atomically(r.folder / name, folder / name);
    }
    // Its file names are relative to where it lies.
    write_scene(r, folder / "scene.json");
    std::error_code ignored;
    fs::remove_all(r.folder, ignored);
    r.folder = folder;
}

}  // namespace

int render(const CommandLine& line, const Interrupt& interrupt) {
    const fs::path folder = line.out;
    const Scene scene = scene_of(line);
    check_output_folder(folder, inputs_of(line, scene), writes);
    Rendering r{.line = line,
                .interrupt = interrupt,
                .folder = folder,
                .scene = scene,
                .lab = nullptr,
                .graphics = nullptr,
                .look = {},
                .ui = {},
                .bar = ProgressBar(line.quiet),
                .written = {},
                .notes = {}};
    if (line.count) {
        r.look.particles = static_cast<int>(*line.count);
        r.look.trajectories = std::min(r.look.trajectories, r.look.particles);
    }
    r.ui.dark = line.dark;
    r.ui.playing = false;
    r.ui.reduced_motion = true;
    const bool video = r.wants(Format::mp4) || r.wants(Format::gif);
    const fs::path ffmpeg = video ? find_ffmpeg() : fs::path{};
    if (video && ffmpeg.empty()) {
        r.notes.push_back(
            "no video: ffmpeg was not found; install it (apt install ffmpeg, brew "
            "install ffmpeg) or configure with -DDRIFTGLASS_FETCH_FFMPEG=ON");
        r.bar.say(r.notes.back());
    }
    if (r.wants(Format::png) || !ffmpeg.empty()) {
        r.graphics = std::make_unique<Graphics>(Graphics::Options{.hidden = true});
    }
    r.lab.reset(new Lab(open_lab(line, r.scene)));
    in_file(line.scene, [&] {
        r.lab->check_sampling();
        r.lab->check_views(line.seconds <= 0);
    });
    // A tick that takes long gives way to a command.
    const std::stop_callback give_way(interrupt.token(),
                                      [&] { r.lab->send({0, command::SetRunning{false}}); });
    say_warning(line, *r.lab, r.bar);

    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw Error("--out " + folder.string() + ": cannot be made (" + error.message() +
                    "); choose another place");
    }
    r.folder = working_folder(folder);
    try {
        render_all(r, ffmpeg);
        move_out(r, folder);
    } catch (const Stopped&) {
        r.bar.end();
        list_files(r);
        r.bar.say("interrupted: what is listed is whole, the rest was not made" +
                  std::string(r.folder == folder ? "" : "; the earlier run's files are untouched"));
        return 130;
    } catch (const Error&) {
        // Of a run that ended before its weights were written nothing is worth keeping.
        if (r.folder != folder && !fs::exists(r.folder / "weights.pt", error))
            fs::remove_all(r.folder, error);
        throw;
    }
    list_files(r);
    return 0;
}

}  // namespace driftglass
