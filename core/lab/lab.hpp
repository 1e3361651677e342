#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/lab/command.hpp"
#include "core/lab/report.hpp"
#include "core/lab/scene.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

struct LabOptions {
    std::string device = "auto";     ///< auto: CUDA, MPS, CPU
    int threads = 0;                 ///< 0: one for each core
    bool beside_window = false;      ///< all threads but the lab's own give way to its drawing
    std::filesystem::path autosave;  ///< empty: no autosave. Written at most every 10 s, atomically
    /// Of the scene, from 0: what sample, sample_trajectories, field_at and measure show; unset:
    /// the scene's own field.
    std::optional<std::size_t> view;
    bool recovered = false;  ///< the scene comes from an autosave: it counts as unsaved
};

/// Progress of long work, for a bar: done of total (total 0: unknown), and what is being done.
/// Called about ten times a second at most; the work stops when the token asks for it.
using Progress = std::function<void(double done, double total, const std::string& what)>;

/// The field at points, as `driftglass field` writes it; empty vectors where a quantity does not
/// exist. Each [N, D] row by row, divergence and log_density [N].
struct FieldTable {
    std::vector<float> velocity, score, data, noise, divergence, log_density;
};

/// What a point at t may have come from: `count` draws for the first point, then for the next.
struct PosteriorPairs {
    std::vector<float> x0, x1;  ///< each [N * count, D]
    std::int64_t count = 0;     ///< for each point
    double time = 0;            ///< of the points
};

/// How often things were computed since the start: nothing is computed twice, nothing unseen.
struct LabCounters {
    std::int64_t training_slices = 0;
    std::int64_t path_blocks = 0;       ///< 256 paths of a pane each
    std::int64_t cancelled_blocks = 0;  ///< stopped for a newer command
    std::int64_t arrows = 0;
    std::int64_t probes = 0;  ///< of a pane, all points at once
    std::int64_t exact_densities = 0;
    std::int64_t sample_densities = 0;
    std::int64_t pane_metrics = 0;  ///< finished
    std::int64_t losses_against_time = 0;
    std::int64_t autosaves = 0;
};

/// Owns everything: data, model, training, views, history. One thread ticks it; any thread may send
/// commands and read the snapshot.
class Lab {
public:
    /// Throws Error for a scene that cannot be: a value out of range, a file that is missing, a
    /// device that is not here. `file` is where the scene lives (empty: untitled).
    Lab(Scene scene, LabOptions options, std::filesystem::path file = {});
    /// Does what finish() does where that was not called.
    ~Lab();
    Lab(const Lab&) = delete;
    Lab& operator=(const Lab&) = delete;

    /// The last thing that a lab is asked: writes the autosave if anything is unsaved, otherwise
    /// removes it. Empty, or why it could not be written and where the scene is kept instead.
    std::string finish();

    // Any thread.
    void send(Command command);
    std::shared_ptr<const Snapshot> snapshot() const;

    // The engine thread only: all below.

    /// Take commands, train for at most a slice, refresh what is stale (most visible first),
    /// publish. Returns whether there was anything to do: if not, wait_for_work.
    bool tick(std::chrono::microseconds budget);
    /// Sleeps until a command comes, `stop` is asked for, or the time is up.
    void wait_for_work(std::chrono::milliseconds at_most, std::stop_token stop);
    /// Writes the autosave now if anything is unsaved there.
    void autosave();
    const LabCounters& counters() const;

    /// Throws Error, before anything is trained, where the scene's own field, or the view that was
    /// chosen, cannot be sampled or guided as it says. `by_steps`: see check_views.
    void check_sampling(bool by_steps = true);
    /// The same for every view; `by_steps`: training ends where the scene says, so earlier weights
    /// that a view asks for come before.
    void check_views(bool by_steps = true);
    /// Trains as scene.training.steps says (or `seconds`, if > 0), then the rounds of reflow.
    /// By tick, like everything. Throws Error where the data cannot be learnt or training diverges.
    /// With scene.weights nothing is trained.
    void train(double seconds, const Progress& progress, std::stop_token stop);
    PointSet sample(std::int64_t count, const Progress& progress, std::stop_token stop);
    Trajectories sample_trajectories(std::int64_t count, const Progress& progress,
                                     std::stop_token stop);
    /// `count` paths of the forward SDE from fresh points of the data: t = 0, then the scene's grid
    /// upwards from t_min to 1; of them the last row alone unless `keep_rows`. Throws Error for a
    /// source that is not Gaussian or not independent of the data.
    Trajectories forward_trajectories(std::int64_t count, bool keep_rows, const Progress& progress,
                                      std::stop_token stop);
    /// `count` draws of (x0, x1) given x_t for each point, by the exact field; none if stopped.
    /// Throws Error at t = 0 for data without a density.
    PosteriorPairs posterior_pairs(const PointSet& points, double time, std::int64_t count,
                                   const Progress& progress, std::stop_token stop);
    /// x_t = alpha_t x0 + sigma_t x1 of pairs at the points' time and on the scene's grid, from
    /// t = 1 to t_min.
    Trajectories conditional_trajectories(const PosteriorPairs& pairs);
    /// Throws Error where a learned or guided flow has no known density at t = 1 to start from.
    void check_log_density();
    /// Throws Error where field_at cannot take the points: of another dimension, or with a label
    /// that no data point has (with loaded weights field_at asks those).
    void check_points(const PointSet& points);
    /// `log_density`: for a learned or guided field as well, the model's own by the ODE. Empty if
    /// stopped.
    FieldTable field_at(const PointSet& points, double time, bool log_density = false,
                        const Progress& progress = {}, std::stop_token stop = {});
    Report measure(const Progress& progress, std::stop_token stop);
    /// Those of every round, and the earlier ones that the views show. Throws Error.
    void save_weights(const std::filesystem::path& file);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// "cpu" and whatever else this machine offers, best first.
std::vector<std::string> available_devices();
/// Lets the C library keep memory that was freed (glibc; elsewhere nothing): tiles of tensors come
/// and go thousands of times a second, and pages that are given back are mapped and zeroed anew
/// each time, which took three quarters of the time of an exact field. For the start of a program.
void keep_freed_memory();
/// One line each: LibTorch, its threading, CPU capability, CUDA device …
std::vector<std::string> engine_info();

}  // namespace driftglass
