#pragma once

#include <array>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/lab/command_queue.hpp"
#include "core/lab/history.hpp"
#include "core/lab/lab.hpp"
#include "core/lab/learner.hpp"
#include "core/lab/loss_against_time.hpp"
#include "core/lab/pane_density.hpp"
#include "core/lab/pane_metrics.hpp"
#include "core/lab/pane_paths.hpp"
#include "core/lab/reflow.hpp"
#include "core/lab/setup.hpp"
#include "core/lab/study.hpp"
#include "core/lab/view_field.hpp"

namespace driftglass {

using Clock = std::chrono::steady_clock;

/// What a pane's arrows were made for.
struct ArrowKey {
    PaneKey pane;
    Rect world;
    int columns = 0, rows = 0;
    double time = 0;
    bool operator==(const ArrowKey&) const = default;
};

struct ProbeKey {
    PaneKey pane;
    std::vector<std::array<float, 2>> points;
    double time = 0;
    std::uint64_t exact = 0;
    bool operator==(const ProbeKey&) const = default;
};

/// What a density was made for; `source`: the version of the data, or of the trajectories.
struct DensityKey {
    std::uintptr_t source = 0;
    Rect world;
    int columns = 0, rows = 0;
    double time = 0;
    std::optional<PathSettings> path;
    std::optional<Tilt> tilt;
    bool operator==(const DensityKey&) const = default;
};

/// What the lines of a pairing were made for; `problem`: Lab::State::loss_version.
struct PairingKey {
    std::uint64_t problem = 0;
    int batch = 0;
    int round = 0;
    CouplingSettings coupling;
    bool operator==(const PairingKey&) const = default;
};

/// Why something on the screen must be made again, from least to most pressing.
enum class Stale {
    no,
    model,   ///< the weights went on: at a rate that a person can follow
    look,    ///< the time or the part of the plane: out of a share of the time
    choice,  ///< a person changed what is shown: at once
};

struct PaneState {
    PanePaths paths;
    PaneKey key;
    std::shared_ptr<const Field> field;  ///< of `key`; null: `note` says why
    std::shared_ptr<const Schedule> schedule;
    std::optional<PaneKey> key_of_field;
    std::optional<ArrowKey> arrows;
    std::optional<ProbeKey> probes;
    std::optional<DensityKey> exact_density, sample_density;
    std::optional<std::pair<DensityKey, std::uintptr_t>> profile;  ///< and of which trajectories
    std::optional<PairingKey> pairing;
    CouplingSettings coupling;         ///< its weights learnt with it
    std::optional<PaneKey> metrics;    ///< of the published metrics
    std::uint64_t metrics_data = 0;    ///< the version of the data that they compare with
    std::uintptr_t paths_version = 0;  ///< of the published trajectories
    std::optional<PaneKey> shown;      ///< of the published trajectories
    std::int64_t shown_count = 0;
    bool after_reflow = false;      ///< it shows a later round, on the straight line of its pairs
    bool cancelled_before = false;  ///< the last block was stopped: the next is not
    std::string note;
    bool lacks_score = false;
};

/// Everything that the lab owns; the engine thread's but for `queue` and `published`.
struct Lab::State {
    State(Scene scene, LabOptions options, std::filesystem::path file);

    // Commands.
    bool take_commands();
    void handle(const Command& command);
    /// Why a person cannot ask for a round of reflow now; null: nothing is in its way.
    const char* why_no_reflow() const;
    /// Rounds that are there, are being made or were asked for are of the problem as it is: with
    /// another one the document goes on without them. Whether there were any.
    bool drop_rounds(Document& document) const;
    /// The file of weights is of the network, source and coupling that were: with another the
    /// document goes on without it, as the learner does. Whether it did.
    bool drop_weights(Document& document) const;
    /// Takes a document over whole, or throws and leaves all as it was.
    /// `another`: a scene that was opened or begun anew, of which nothing is known from before.
    void adopt(const Document& document, bool another = false);
    void notice(const std::string& text, bool error);
    void raise_banner(const std::string& text, bool fault);
    void save(const std::filesystem::path& file);
    void save_weights(const std::filesystem::path& file);
    void open(const std::filesystem::path& file);
    void restart();
    void set_device(const std::string& name);
    /// Pairs, numbers and curves that are being made are forgotten.
    void drop_half_done();
    /// Weights and views go on there; what was half done elsewhere is forgotten. `lost`: see
    /// Learner.
    void move_to(torch::Device wanted, bool lost);
    void mark_saved();
    /// Another document takes the place of the present one. Empty, or where that is kept since it
    /// was not saved, for a notice.
    std::string replace(const Document& document);
    std::string kept_aside(const Document& left) const;

    // Training.
    bool can_train() const;
    void train_slice(std::chrono::microseconds budget);
    void after_divergence();
    /// Back to the learner's last good weights; their step.
    std::int64_t restore_good();
    /// Steps of the present round on the problem as it is now.
    std::int64_t trained_steps() const;
    /// A fault of the device or of memory: goes on on the CPU, or pauses.
    void engine_fault(const std::string& what);
    /// One slice of making a round of reflow; whether there was anything to do.
    bool reflow_slice();

    // Views.
    int panes() const;
    FieldParts parts_of(const ViewSpec& view);
    void refresh_keys();
    std::shared_ptr<const ExactField> exact_field();
    /// The same on a view's own path; null: there is none.
    std::shared_ptr<const ExactField> exact_field_of(const ViewSpec& view);
    const torch::Tensor& starts(std::int64_t count, const Schedule& schedule);
    std::int64_t first_count() const;
    std::int64_t full_count() const;
    Stale stale_first_paths(int pane) const;
    Stale stale_all_paths(int pane) const;
    Stale stale_arrows(int pane) const;
    Stale stale_probes(int pane) const;
    Stale stale_exact_density(int pane) const;
    double picture_time() const;
    DensityKey profile_key(int pane) const;
    Stale stale_profile(int pane) const;
    Stale stale_sample_density(int pane) const;
    void make_paths(int pane);
    void make_pane_arrows(int pane);
    void make_probes(int pane);
    void make_exact_density(int pane);
    void make_profile(int pane);
    void make_sample_density(int pane);
    void show_paths(int pane);
    /// Makes the most visible thing that is stale for this reason; false: there is none.
    bool refresh(Stale reason);
    bool refresh_plots();
    void start_study(StudyKind kind, int pane);
    /// What is made of it stays, `why` beside it.
    void stop_study(const std::string& why = {});
    void beside_training();
    bool refresh_look();
    bool refresh_model();
    bool study_slice();
    bool refresh_pairing();
    /// Pairing, plots or numbers, what is missed most first.
    bool refresh_measures();
    /// What nobody waits for from one frame to the next; false: there is none of it.
    bool background();
    bool refresh_metrics();
    bool next_model();
    bool begin_metrics();
    /// Some pane has no number yet of what it shows now.
    bool metrics_missed() const;
    /// Some pane's numbers are of weights that had half of the training or less.
    bool metrics_old() const;
    /// Nothing is known yet of the loss's floor.
    bool loss_curve_missed() const;
    void forget_metrics();
    /// A pane shows something else: its numbers go, and with pane A's all distances to it.
    void forget_numbers(int pane);
    void forget_all_numbers();
    void show_floor();
    ArrowKey arrow_key(int pane) const;
    ProbeKey probe_key(int pane) const;
    DensityKey exact_density_key(int pane) const;
    DensityKey sample_density_key(int pane) const;
    /// q_t on the schedule of a pane, tilted where it is guided.
    std::shared_ptr<const DensityGrid> view_density(int pane, const Rect& world, int columns,
                                                    int rows, double t) const;
    /// Runs work on a pane; a fault becomes its note.
    void on_pane(int pane, const std::function<void(PaneState&)>& work);

    // Long work.
    /// Rounds of reflow that there are or will be: a file of weights holds what it holds.
    int rounds_to_come() const;
    /// Throws Error for what a view cannot be, as far as that is known before anything is learnt.
    void check_view(const ViewSpec& view);
    /// The same, and for weights of a step that training, ending where the scene says, never sees.
    void check_view_by_steps(const ViewSpec& view);
    /// Either, of one of the scene's views, whose number its errors name.
    void check_numbered_view(std::size_t i, bool by_steps);
    /// What the commands show: options.view, or the scene's own.
    ViewSpec chosen_view() const;
    /// The problem as a view samples it: on its own path.
    Setup setup_of(const ViewSpec& view) const;
    /// A view's field; throws Error where a pane would have a note.
    std::shared_ptr<const Field> field_of(const ViewSpec& view);
    /// Rows of an exact field that are computed within a fraction of a second, however many points
    /// it stands for.
    std::int64_t rows_at_once() const;
    /// Ends, or all rows, of `count` paths of a view's field from the shared starts.
    Path sample_paths(const Field& field, const ViewSpec& view, std::int64_t count,
                      std::uint64_t seed, bool keep_rows,
                      const std::function<void(double)>& progress, std::stop_token stop);
    /// The same of `view` and with the scene's seed, progress as "sampling".
    Path sample_view(const ViewSpec& view, std::int64_t count, bool keep_rows,
                     const Progress& progress, std::stop_token stop);
    /// As Lab::train says.
    void train_all(double seconds, const Progress& progress, const std::stop_token& stop);
    bool train_until(std::int64_t steps, double seconds, const Progress& progress,
                     std::stop_token stop, const std::string& what);

    // Publishing.
    void update_status();
    void publish();
    void autosave(bool wait);
    void end_autosave();
    void autosave_failed(const std::string& fault);
    /// As Lab::finish says; throws where no place can be written to.
    std::string keep_unsaved();
    void autosave_if_due();

    LabOptions options;
    int threads = 1;
    std::thread::id engine_thread;  ///< where the threads were last told
    CommandQueue queue;
    mutable std::mutex published_mutex;
    std::shared_ptr<const Snapshot> published;
    Snapshot draft;
    bool dirty = true;
    Clock::time_point published_at{};

    History history;
    std::shared_ptr<const Scene> saved;  ///< as it is in its file, or as it was made
    std::shared_ptr<const Scene> autosaved;
    Clock::time_point autosaved_at = Clock::now();
    std::future<std::string> autosaving;  ///< an error, or empty
    std::string autosave_fault;           ///< why the last one failed; empty: it did not

    torch::Device device;
    Setup setup;
    Learner learner;
    bool running = true;
    std::optional<std::int64_t> step_limit;   ///< commands train exactly so far
    std::optional<std::int64_t> diverged_at;  ///< the step at which training last did
    bool reflow_asked = false;                ///< a person wants the next round now
    std::int64_t problem_step = 0;            ///< round 0's, when data, path … last changed
    std::optional<PairMaker> pair_maker;
    bool pairs_turn = true;
    bool metrics_turn = false;
    std::optional<StudyJob> study;

    Look look;
    ModelPtr model;  ///< whose weights the views show
    Clock::time_point model_at{};
    std::shared_ptr<const ExactField> exact;
    std::string exact_fault;
    std::uint64_t exact_version = 1;
    std::uint64_t starts_version = 1;
    torch::Tensor start_rows;
    double start_rows_scale = 0;
    std::array<PaneState, 4> pane;
    std::array<std::array<Clock::time_point, 4>, 7> made_at{};  ///< by product and pane
    MetricsJob metrics_job;
    FloorJob floor_job;
    std::uint64_t data_version = 1;
    Clock::time_point data_at{};  ///< when that last changed
    LossAgainstTimeJob loss_job;
    Clock::time_point loss_made_at{};
    std::uint64_t loss_version = 1;  ///< of what the loss against time depends on but the weights
    std::uint64_t plots_fault = 0;   ///< the problem that the plots could not be made for

    /// One pane of a round of metrics: all of a round are taken with the same weights, however many
    /// are trained meanwhile.
    struct MetricsPane {
        int pane;
        PaneKey key;
        std::shared_ptr<const Field> field;
        std::shared_ptr<const Schedule> schedule;
        std::int64_t step;
    };
    bool floor_due = false;  ///< another pair of the floor, before the next round of numbers
    std::vector<MetricsPane> metrics_round;  ///< those left to do, the next one first
    PanePaths metrics_paths;                 ///< of the next one
    std::optional<PaneKey> first_key;        ///< the first pane's, of this round
    torch::Tensor first_ends;

    // While training: seconds that views may take.
    double look_credit = 0;
    double model_credit = 0;
    double measure_credit = 0;
    double study_credit = 0;
    Clock::time_point earned_at{};  ///< when they last earned
    /// While nothing trains: seconds that views took and background work did not.
    double background_credit = 0;
    LabCounters counters;
    std::int64_t rate_step = 0;
    Clock::time_point rate_at = Clock::now();
};

}  // namespace driftglass
