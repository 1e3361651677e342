#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/lab/scene.hpp"

namespace driftglass {

/// A rectangle of the plane, world units.
struct Rect {
    float x_min = -3, y_min = -3, x_max = 3, y_max = 3;
    bool operator==(const Rect&) const = default;
};

/// What the window is looking at: says which pictures are computed. Not a part of the scene.
struct Look {
    struct Pane {
        Rect world;                    ///< what the pane shows
        bool density_exact = true;     ///< q_t on a grid; the samples' too where it has no
                                       ///< closed form, and under guidance
        bool density_samples = false;  ///< density of the samples at t, same grid
        bool arrows = true;            ///< velocity on a coarse grid at t
        int density_columns = 160;     ///< grid sizes; 0 rows or columns: not wanted
        int density_rows = 160;
        int arrow_columns = 26;
        int arrow_rows = 26;
        bool operator==(const Pane&) const = default;
    };
    double time = 0;          ///< the scrubber: t of densities and arrows
    std::vector<Pane> panes;  ///< one for each visible pane, in the order of scene.views
    int trajectories = 256;   ///< how many are wanted first; at least the particles follow
    int particles = 900;      ///< how many starts in all
    std::vector<std::array<float, 2>> probes;  ///< points to be probed at `time`, in every pane
    bool pairing = false;                      ///< lines of a batch
    bool metrics = true;                       ///< distances under the panes
    bool loss_curve = true;                    ///< plots that are on the screen
    bool loss_against_time = true;
    bool operator==(const Look&) const = default;
};

/// What a person can have measured beside the pictures: see Study.
enum class StudyKind { solvers, guidance, rounds, training };
inline constexpr std::size_t study_kinds = 4;

namespace command {

// Scene edits: each is a unit of undo and of autosave. A command with the same non-zero `gesture`
// as the last edit (one drag of a slider, one stroke) replaces it in the history.
struct SetSeed {
    std::uint64_t seed;
};
/// Between the line and the plane: to the line everything is projected along y, see
/// change_dimension(); to the plane comes back what was there last.
struct SetDimension {
    int dimension;
};
struct SetData {
    DataSettings data;
};
/// The whole stroke so far; with the same gesture it replaces the stroke being painted.
struct Paint {
    std::shared_ptr<const Stroke> stroke;
};
struct RemoveStroke {
    int index;
};
struct ClearData {};
struct SetSource {
    SourceSettings source;
};
struct SetCoupling {
    CouplingSettings coupling;
};
struct SetPath {
    PathSettings path;
};
struct SetModel {
    ModelSettings model;
};
struct SetTraining {
    TrainingSettings training;
};
struct SetReflow {
    ReflowSettings reflow;
};
struct SetExact {
    ExactSettings exact;
};
struct SetView {
    int pane;
    ViewSpec view;
};
struct SetViews {
    std::vector<ViewSpec> views;
};
/// A new or opened scene. `file` is where it lives (empty: untitled).
struct ReplaceScene {
    Scene scene;
    std::filesystem::path file;
};
struct Undo {};
struct Redo {};

// Not edits.
struct SetRunning {
    bool running;
};
struct Restart {};  ///< fresh weights, step 0
struct SetDevice {
    std::string device;
};  ///< auto, cpu, cuda, mps
struct SetLook {
    Look look;
};
struct SaveScene {
    std::filesystem::path file;
};  ///< the result shows as Snapshot::notice
/// The model as it is, for a scene's `weights`. Its training is in no scene and in no autosave.
struct SaveWeights {
    std::filesystem::path file;
};  ///< the result shows as Snapshot::notice
struct OpenScene {
    std::filesystem::path file;
};  ///< a bad file leaves all as it is: notice
struct DismissBanner {};
/// Of one pane as it is now; takes the place of a study that is being made.
struct StartStudy {
    StudyKind kind;
    int pane;
};
struct StopStudy {};  ///< what is made of it stays

}  // namespace command

struct Command {
    std::uint64_t gesture = 0;
    std::variant<command::SetSeed, command::SetDimension, command::SetData, command::Paint,
                 command::RemoveStroke, command::ClearData, command::SetSource,
                 command::SetCoupling, command::SetPath, command::SetModel, command::SetTraining,
                 command::SetReflow, command::SetExact, command::SetView, command::SetViews,
                 command::ReplaceScene, command::Undo, command::Redo, command::SetRunning,
                 command::Restart, command::SetDevice, command::SetLook, command::SaveScene,
                 command::SaveWeights, command::OpenScene, command::DismissBanner,
                 command::StartStudy, command::StopStudy>
        body;
    std::uint64_t number =
        0;  ///< rises, for a sender who wants to know which are done; see Snapshot
};

/// Whether a waiting `older` may be dropped because `newer` says all of it: the same kind (and
/// pane), and the same gesture. Never for undo, redo, restart.
bool replaces(const Command& newer, const Command& older);

}  // namespace driftglass
