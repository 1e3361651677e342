#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/distribution.hpp"
#include "core/error.hpp"
#include "core/field/exact_field.hpp"
#include "core/lab/scene.hpp"
#include "core/lab/snapshot.hpp"
#include "core/path/schedule.hpp"

namespace driftglass {

/// What a scene's problem is, made ready: its data, source and schedule. Immutable parts, shared
/// with the setup before where the scene did not change.
struct Setup {
    std::shared_ptr<const Scene> scene;
    std::shared_ptr<const Schedule> schedule;
    std::shared_ptr<const Distribution> base;  ///< the data's law without strokes; null: none
    std::shared_ptr<const PointSet> base_points;
    std::shared_ptr<const PointSet> data;  ///< with the strokes painted on top
    std::vector<StrokeInfo> strokes;
    std::shared_ptr<const Distribution> drawn_source;  ///< kind data; null: another source
    std::shared_ptr<const Snapshot::ScheduleCurve> curve;

    // What changed since the setup before.
    bool data_changed = true;
    bool path_changed = true;
    bool source_changed = true;

    /// Neither a coupling nor a source that leaves only the velocity.
    bool has_score() const;
    /// x1 for sampling on a schedule, float32 [count, D] on the CPU.
    torch::Tensor starts(const Schedule& schedule, std::int64_t count, std::uint64_t seed) const;
    /// A hint in words for data that cannot be learnt; empty where they can.
    std::string data_hint() const;
};

/// Throws Error naming key or file; `before` stays as it was.
Setup make_setup(std::shared_ptr<const Scene> scene, const Setup* before);

/// What to say of data without points: the key that should have given some, and the cure.
Error no_points(const DataSettings& data);

/// Why the flow of round 0, or of a later one of reflow, has no density in closed form to start
/// from at t = 1: a sentence that names the key. Null: it is N(0, source_scale^2 I).
const char* why_no_prior(const Setup& setup, bool later_round);

/// The law that the data are a sample of: what distances are taken to. Throws Error without data.
std::shared_ptr<const Distribution> target_law(const Setup& setup);

/// The field in closed form. Throws Error, in a sentence for the pane, where there is none.
std::shared_ptr<const ExactField> make_exact_field(const Setup& setup, torch::Device device);

}  // namespace driftglass
