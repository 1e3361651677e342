#include <fcntl.h>
#include <glad/gl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/gl/framebuffer.hpp"
#include "app/window/engine_thread.hpp"
#include "app/window/frame_pace.hpp"
#include "app/window/graphics.hpp"
#include "app/window/screenshot.hpp"
#include "app/window/studio.hpp"
#include "bench/bench.hpp"
#include "core/error.hpp"

namespace driftglass::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int width = 1280, height = 800;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

LabOptions beside_window() {
    LabOptions options;
    options.beside_window = true;
    return options;
}

/// The default scene, its views in turn.
Scene scene_with(int panes) {
    Scene scene = default_scene();
    const std::vector<ViewSpec> views = scene.views;
    while (scene.views.size() < static_cast<std::size_t>(panes))
        scene.views.push_back(views[scene.views.size() % views.size()]);
    return scene;
}

UiState look_at(int panes) {
    UiState ui;
    ui.panes = panes;
    return ui;
}

/// The studio on a lab that trains, as run_window has it but drawn into memory.
class OpenWindow {
public:
    explicit OpenWindow(int panes = 2)
        : graphics_(hidden()),
          target_(width, height, gl::Texels::rgba8),
          thread_(scene_with(panes), beside_window(), {}, [] {}),
          studio_(thread_.engine(), look_at(panes), Studio::Options{}) {}

    /// One frame, at the window's own pace; its own seconds.
    double frame() {
        while (!studio_.answered() && seconds_since(last_) < pace_.interval())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        last_ = Clock::now();
        target_.bind();
        headless_frame(studio_, graphics_, width, height, seconds_since(opened_));
        glFinish();
        const double spent = seconds_since(last_);
        pace_.drew(spent);
        return spent;
    }
    std::vector<double> run(double seconds) {
        std::vector<double> frames;
        const auto start = Clock::now();
        while (seconds_since(start) < seconds)
            frames.push_back(frame());
        return frames;
    }
    std::int64_t step() const { return studio_.shown() ? studio_.shown()->status.step : 0; }
    Studio& studio() { return studio_; }
    Engine engine() { return thread_.engine(); }

private:
    static Graphics::Options hidden() {
        Graphics::Options options;
        options.hidden = true;
        return options;
    }

    Graphics graphics_;
    gl::Framebuffer target_;
    EngineThread thread_;
    Studio studio_;
    FramePace pace_;
    Clock::time_point opened_ = Clock::now(), last_{};
};

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileCloser = std::unique_ptr<std::FILE, CloseFile>;

/// This program again in a process of its own, with one word; what it prints can be read.
class Child {
public:
    explicit Child(const char* word) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) throw Error("no pipe to a child process");
        output_ = ends[0];
        process_ = fork();
        if (process_ == 0) {
            dup2(ends[1], 1);
            execl("/proc/self/exe", "driftglass_bench", word, nullptr);
            _exit(127);
        }
        close(ends[1]);
    }
    ~Child() {
        close(output_);
        waitpid(process_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    int output() const { return output_; }

private:
    int output_ = -1;
    pid_t process_ = -1;
};

double quantile(std::vector<double> values, double share) {
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double rate_alone(const Options& options, double seconds) {
    LabOptions how;
    how.threads = options.threads;
    Lab lab(default_scene(), how);
    lab.tick(std::chrono::milliseconds(500));
    const std::int64_t before = lab.snapshot()->status.step;
    const double spent =
        seconds_of([&] { lab.tick(std::chrono::milliseconds(static_cast<int>(1000 * seconds))); });
    return static_cast<double>(lab.snapshot()->status.step - before) / spent;
}

double resident_megabytes() {
    std::ifstream file("/proc/self/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// Until the paths of a changed slider are on the screen.
double latency(OpenWindow& window, int steps) {
    Scene scene = *window.studio().shown()->scene;
    ViewSpec view = scene.views[0];
    view.sampler.steps = steps;
    const auto sent = Clock::now();
    window.engine().send(Command{0, command::SetView{0, view}});
    while (seconds_since(sent) < 5) {
        window.frame();
        const auto& pane = window.studio().shown()->panes[0];
        if (pane.trajectories && pane.trajectories->nfe == 2 * steps &&
            pane.trajectories->count >= 256) {
            break;
        }
    }
    return seconds_since(sent);
}

/// Of each of `count` moves, alternating between two numbers of steps, 0.4 s apart.
void add_latencies(OpenWindow& window, int count, std::vector<double>& latencies) {
    for (int k = 0; k < count; ++k) {
        latencies.push_back(latency(window, 33 - k % 2));
        window.run(0.4);
    }
}

/// Rows of a table; goals in ms.
void print_times(const std::vector<double>& frames, const std::vector<double>& latencies,
                 const char* median_goal, const char* tail_goal, const char* latency_goal) {
    print(
        "| | | goal |\n|---|---|---|\n"
        "| frame, median | %.1f ms | %s |\n| frame, 99th percentile | %.1f ms | %s |\n"
        "| a moved slider's 256 paths of 32 Heun steps, median | %.0f ms | |\n"
        "| the same, 95th percentile | %.0f ms | %s |\n",
        1e3 * median(frames), median_goal, 1e3 * quantile(frames, 0.99), tail_goal,
        1e3 * median(latencies), 1e3 * quantile(latencies, 0.95), latency_goal);
}

void four_panes() {
    OpenWindow open(4);
    open.run(6);  // the first pictures
    const std::vector<double> frames = open.run(12);
    std::vector<double> latencies;
    add_latencies(open, 24, latencies);
    print("\n### Four panes, the same otherwise\n\n");
    print_times(frames, latencies, "45 ms", "", "150 ms");
}

}  // namespace

int stay_and_tell() {
    OpenWindow window;
    window.run(5);  // the first pictures, and all of them open
    const std::int64_t before = window.step();
    std::vector<double> frames;
    const double spent = seconds_of([&] { frames = window.run(8); });
    std::printf("%f %f\n", static_cast<double>(window.step() - before) / spent, median(frames));
    std::fflush(stdout);
    _exit(0);
}

int start_and_tell() {
    OpenWindow window;
    window.frame();
    std::puts("frame");
    std::fflush(stdout);
    while (window.step() == 0)
        window.frame();
    std::puts("step");
    std::fflush(stdout);
    _exit(0);
}

void window(const Options& options) {
    std::vector<double> alone, beside, frames, latencies;
    for (int i = 0; i < 3; ++i) {
        alone.push_back(rate_alone(options, 4));
        OpenWindow open;
        open.run(4);  // the first pictures
        const std::int64_t before = open.step();
        std::vector<double> some;
        const double spent = seconds_of([&] { some = open.run(8); });
        beside.push_back(static_cast<double>(open.step() - before) / spent);
        frames.insert(frames.end(), some.begin(), some.end());
        add_latencies(open, 12, latencies);
    }
    print("\n### The window while training (%d x %d, two panes, playing, OpenGL in software)\n\n",
          width, height);
    print_times(frames, latencies, "30 ms", "60 ms", "100 ms");
    print(
        "| steps/s alone, %d threads | %.0f | |\n| steps/s beside the window | %.0f | |\n"
        "| share | %.2f | 0.5 |\n",
        options.threads, median(alone), median(beside), median(beside) / median(alone));
    four_panes();
}

void start(const Options& options) {
    std::vector<double> first_frame, first_step;
    for (int i = 0; i < options.repeats; ++i) {
        const auto from = Clock::now();
        const Child child("start-and-tell");
        char letter;
        while (read(child.output(), &letter, 1) == 1) {
            if (letter == '\n') {
                std::vector<double>& next =
                    first_frame.size() == first_step.size() ? first_frame : first_step;
                next.push_back(seconds_since(from));
            }
        }
    }
    print(
        "\n### Start of the program, medians of %d\n\n| | | goal |\n|---|---|---|\n"
        "| first frame | %.2f s | 0.6 s |\n| first training step | %.2f s | 1.2 s |\n",
        options.repeats, median(first_frame), median(first_step));
}

void instances(const Options&) {
    print(
        "\n### Several windows at once, training\n\n| windows | steps/s of each | of all | frame, "
        "median of each |\n|---|---|---|---|\n");
    for (const int count : {1, 2, 3}) {
        std::vector<std::unique_ptr<Child>> windows;
        for (int i = 0; i < count; ++i)
            windows.push_back(std::make_unique<Child>("stay-and-tell"));
        std::string rates, frames;
        double sum = 0;
        for (const std::unique_ptr<Child>& window : windows) {
            const FileCloser stream(fdopen(dup(window->output()), "r"));
            double rate = 0, frame = 0;
            if (stream == nullptr || std::fscanf(stream.get(), "%lf %lf", &rate, &frame) != 2)
                return;
            char text[64];
            std::snprintf(text, sizeof text, "%s%.0f", rates.empty() ? "" : ", ", rate);
            rates += text;
            std::snprintf(text, sizeof text, "%s%.0f ms", frames.empty() ? "" : ", ", 1e3 * frame);
            frames += text;
            sum += rate;
        }
        print("| %d | %s | %.0f | %s |\n", count, rates.c_str(), sum, frames.c_str());
    }
}

void memory(const Options& options) {
    OpenWindow open;
    print("\n### Resident memory with the window open, training\n\n| minutes | MB |\n|---|---|\n");
    double passed = 0;
    for (const double minute : {1, 2, 4, 6, 8, 10}) {
        open.run(60 * (minute - passed));
        passed = minute;
        print("| %g | %.0f |\n", minute, resident_megabytes());
        if (minute >= options.minutes) break;
    }
}

}  // namespace driftglass::bench
