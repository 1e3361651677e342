#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/point_set.hpp"
#include "core/lab/command.hpp"
#include "core/lab/scene.hpp"

namespace driftglass {

// What the lab publishes: immutable plain numbers. Parts that did not change are shared between
// snapshots, so comparing pointers says what is new.

/// Paths of one pane from the shared starting noise. With a stochastic sampler the rows are its
/// steps too. In a pane of dimension 1 the positions are (across_at(t), x): space_time.hpp.
struct Trajectories {
    std::vector<float> positions;  ///< [rows, count, 2]
    std::vector<double> times;     ///< [rows], 1 down to t_min (a denoised last row: 0)
    std::int64_t count = 0;
    std::int64_t nfe = 0;                  ///< evaluations of the field a path
    std::int64_t network_evaluations = 0;  ///< of networks or closed forms that these took
    bool diverged = false;                 ///< some position is not finite
};

/// Non-negative values at the centres of cells, row 0 at y_min.
struct DensityGrid {
    Rect world;
    int columns = 0;
    int rows = 0;
    double time = std::numeric_limits<double>::quiet_NaN();  ///< its t
    std::vector<float> values;                               ///< [rows, columns]: density, 1 / area
    /// Exact q_t only: the levels whose super-level sets hold 35, 68 and 95 % of the mass.
    std::vector<float> mass_levels;
};

/// Velocity v at the centres of a coarse grid (the sampling direction is -v).
struct ArrowGrid {
    Rect world;
    int columns = 0;
    int rows = 0;
    std::vector<float> velocity;  ///< [rows, columns, 2]
    std::vector<float> weight;    ///< [rows, columns]: q_t relative to its maximum, 0 to 1
};

/// One dimension at one time, at the centres of equal cells of [low, high]; densities are 1 /
/// length.
struct Profile {
    double time = 0;
    float low = 0, high = 0;
    std::vector<float> density;  ///< q_t; empty: no closed form
    std::vector<float> tilted;   ///< guided: q_t q_t(c | x)^w, of unit mass; else empty
    std::vector<float> share;    ///< guided: q_t(c | x), 0 to 1; else empty
    std::vector<float> samples;  ///< of the pane's samples; empty: there are none
};

/// Numbers under a pane; each distance beside its floor and with the size it was taken at.
struct PaneMetrics {
    double w2 = 0;
    double w2_floor = 0;  ///< 0: not known
    /// A guided pane: distances are to the tilted density q(x) q(c | x)^w, not to the data.
    bool to_tilt = false;
    int w2_points = 0;
    std::optional<double> w2_to_first;  ///< to pane A's samples; unset in pane A
    double energy_distance = 0;
    /// Along the pane's own paths where they are those of an ODE (path_measures.hpp).
    struct Paths {
        double straightness = 0;
        double energy = 0;
        double npe = 0;  ///< against W2 of these starts and the target's draw
    };
    std::optional<Paths> paths;
    std::int64_t step = 0;  ///< training step they belong to
};

/// What a field says at a point, in the plane. In dimension 1 the velocity is (d across / dt, v),
/// as in space_time.hpp, and of the others the second number is meant.
struct ProbeVectors {
    std::array<float, 2> velocity{};
    std::optional<std::array<float, 2>> score, data;  ///< data: x0hat; unset without a score
};
/// One field at a point; `conditional` and `guided` where the view is guided.
struct ProbeField {
    ProbeVectors unconditional;
    std::optional<ProbeVectors> conditional, guided;
};
/// A point under the probe.
struct Probe {
    std::array<float, 2> at{};
    double time = 0;                    ///< in dimension 1 the point's own
    std::optional<double> log_density;  ///< log q_t, nats
    std::optional<ProbeField> learned, exact;
    /// The exact law at this t is of points as good as bare: it has neither a density nor a score,
    /// and no velocity off the points. `exact` then is unset, and so are scores.
    bool bare = false;
};

struct PaneSnapshot {
    std::shared_ptr<const Trajectories> trajectories;
    std::shared_ptr<const DensityGrid> density_exact;  ///< q_t, or q_t q_t(c | x)^w where guided
    std::shared_ptr<const DensityGrid> density_samples;
    std::shared_ptr<const ArrowGrid> arrows;
    std::shared_ptr<const Profile> profile;  ///< dimension 1 only
    std::shared_ptr<const PaneMetrics> metrics;
    std::shared_ptr<const std::vector<Probe>> probes;  ///< in the order of Look::probes
    /// Some lines of a batch from data to noise as the shown weights learnt it, [n, 4]; null: not
    /// wanted.
    std::shared_ptr<const std::vector<float>> pairing;
    /// That the shown weights learnt with; unset: the exact field, a later round, or nothing.
    std::optional<CouplingKind> coupling;
    std::string note;  ///< empty, or why this view cannot be shown ("…needs a Gaussian source…")
    bool lacks_score = false;  ///< why: the sampler reads a score, and this field has none
};

/// Training loss, thinned to a bounded number of points however long the run.
struct LossCurve {
    std::vector<double> step;
    std::vector<double> loss;     ///< mean over the steps that the point stands for
    std::optional<double> floor;  ///< E over t of Var(target | x_t), same units; unset: not known
};

/// Loss by t, with its floor, on a grid of t.
struct LossAgainstTime {
    std::vector<double> time;
    std::vector<double> learned;
    std::vector<double> floor;
    std::int64_t points = 0;  ///< draws at each time
};

struct StudyCurve {
    std::string name;  ///< may carry formulas
    std::vector<double> x, y;
    std::optional<double> slope;  ///< fitted in log-log, where that means something
};

/// Curves that take seconds to make, of one pane as it was when a person asked for them.
///   solvers: median distance of endpoints to a fine solution, by NFE; a curve a solver.
///   guidance: W2 of guided samples to the tilted density, by w; and its floor.
///   rounds: straightness, transport cost, W2 of one step and of many, floor, by reflow round.
///   training: W2 to the data and its floor, by training step.
struct Study {
    StudyKind kind{};
    int pane = 0;
    std::int64_t step = 0;     ///< training step of the model
    std::optional<int> label;  ///< that guidance asked for
    std::vector<StudyCurve> curves;
    double done = 0;  ///< share
    bool running = false;
    std::string note;  ///< why there is nothing; else empty
};

/// Where reflow stands: the round in training (Status::step counts its steps alone), and the pairs
/// of the next one while they are made.
struct ReflowStatus {
    int round = 0;
    std::int64_t pairs_made = 0;
    std::int64_t pairs_wanted = 0;  ///< 0: none are being made
};

struct Status {
    std::string device = "cpu";        ///< cpu, cuda, mps
    std::string device_name;           ///< "CPU 2 threads", "NVIDIA H100 …"
    std::vector<std::string> devices;  ///< what SetDevice may name here
    int threads = 1;
    bool running = true;
    std::int64_t step = 0;
    double seconds = 0;           ///< spent in training
    double steps_per_second = 0;  ///< over the last second or so
    double loss = 0;              ///< smoothed
    ReflowStatus reflow;
    /// Training steps of the present round whose weights are kept, rising.
    std::vector<std::int64_t> kept_steps;
};

/// A fault or a caution with its cure, shown until dismissed or cured.
struct Banner {
    bool fault = true;
    std::string text;
};

struct StrokeInfo {
    std::string name;
    int label = -1;
    bool eraser = false;
    std::int64_t points = 0;  ///< that are left of it
};

struct Snapshot {
    std::uint64_t version = 0;
    std::uint64_t handled = 0;  ///< the highest number of the commands that were taken
    std::uint64_t answers = 0;  ///< grows with each picture of something that a person chose
    std::shared_ptr<const Scene> scene;
    std::filesystem::path file;  ///< empty: untitled
    bool unsaved = false;
    bool can_undo = false;
    bool can_redo = false;
    std::shared_ptr<const PointSet> data;
    std::vector<StrokeInfo> strokes;
    Status status;
    std::vector<PaneSnapshot> panes;  ///< as many as scene->views
    std::shared_ptr<const LossCurve> loss;
    std::shared_ptr<const LossAgainstTime> loss_against_time;
    std::array<std::shared_ptr<const Study>, study_kinds>
        studies;  ///< by kind; null: not asked for
    /// The schedule as numbers, for the plot and the read-out: [4, 101] alpha, sigma, log-SNR and
    /// t.
    struct ScheduleCurve {
        std::vector<double> t, alpha, sigma, log_snr;
    };
    std::shared_ptr<const ScheduleCurve> schedule;
    std::string schedule_warning;  ///< terminal SNR, or a path that destroys no information
    std::optional<Banner> banner;
    std::string notice;  ///< "saved rings.json", or a sentence about a bad file
    bool notice_is_error = false;
    std::uint64_t notice_id = 0;  ///< grows with each notice
};

}  // namespace driftglass
