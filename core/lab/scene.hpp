#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/data_settings.hpp"
#include "core/field/field_settings.hpp"
#include "core/model/model_settings.hpp"
#include "core/path/path_settings.hpp"
#include "core/sample/sampler_settings.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

/// What one pane shows. Scene keys `views[i].*`; a key left out there takes the scene's own
/// `field`, `sampler`, `guidance` and `path`.
struct ViewSpec {
    FieldKind field = FieldKind::learned;
    int round = -1;  ///< reflow round of the model, 0 = before reflow, -1 = the latest
    std::int64_t weights_step = -1;  ///< an earlier training step, -1 = now
    SamplerSettings sampler;
    GuidanceSettings guidance;
    std::optional<PathSettings> path;  ///< sample on another schedule than the one trained on

    bool operator==(const ViewSpec&) const = default;
};

/// The whole configuration of the lab: plain values, cheap to copy (points and strokes are shared).
struct Scene {
    std::uint64_t seed = 0;
    int dimension = 2;
    DataSettings data;
    SourceSettings source;
    CouplingSettings coupling;
    PathSettings path;
    ModelSettings model;
    TrainingSettings training;
    ReflowSettings reflow;
    FieldKind field = FieldKind::learned;
    ExactSettings exact;
    SamplerSettings sampler;
    GuidanceSettings guidance;
    std::vector<ViewSpec> views;  ///< 1 to 4
    std::string weights;          ///< a file with weights, relative to the scene; empty: train
    /// Where relative paths in the scene start from; not a key of the file.
    std::filesystem::path folder;
};

/// What opens when nothing is asked for: a drawing (a spiral and a smile), two panes, PF-ODE beside
/// reverse SDE.
Scene default_scene();

/// From JSON text. `origin` names the file in messages. Throws Error naming the dotted key and what
/// is allowed: for an unknown key, a wrong type, a value out of range, a newer version, broken JSON
/// (with the line).
Scene parse_scene(std::string_view json, const std::string& origin,
                  const std::filesystem::path& folder = {});
Scene load_scene(const std::filesystem::path& file);

/// Indented, numbers round-trip; all keys, but of a view those that differ from the scene's. Paths
/// are rewritten relative to `folder`.
std::string to_json(const Scene& scene, const std::filesystem::path& folder = {});
/// Atomic: written to a temporary name beside it and renamed. Throws Error.
void save_scene(const Scene& scene, const std::filesystem::path& file);

/// Throws Error naming the dotted key of any value out of its range, not finite, or of the wrong
/// shape: for a scene that was made in memory.
void check_scene(const Scene& scene);
/// Why rounds of reflow cannot be learnt in this scene; null: they can.
const char* why_no_rounds(const Scene& scene);
/// The same scene with its relative paths rewritten to start from `folder`.
Scene moved_to(const Scene& scene, const std::filesystem::path& folder);

/// `--set KEY=VALUE`: the value is JSON, or a bare word taken as a string. Same errors as a file. A
/// kind of data (data.preset, data.csv …) takes the place of all the data there were, and a view
/// follows the scene's own sampler, field, guidance and path wherever it did not differ from them.
void set_value(Scene& scene, std::string_view key_equals_value);

/// The view of the scene's own field, sampler and guidance: what the commands sample with, and what
/// a scene without views shows.
ViewSpec own_view(const Scene& scene);

/// One row a key, for docs/scene.md, `--help` and tests.
struct SceneKey {
    std::string key;       ///< dotted
    std::string type;      ///< "number", "whole number", "one of euler, midpoint …", …
    std::string range;     ///< "0 to 4", or empty
    std::string fallback;  ///< the default, as JSON
    std::string help;      ///< one line
};
std::vector<SceneKey> scene_keys();

}  // namespace driftglass
