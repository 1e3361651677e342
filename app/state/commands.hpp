#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "core/lab/command.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// Where panels and tools send what a person did. Edits made while one control stays held (a drag
/// of a slider, a stroke) share one gesture, so they are one step of undo.
///
/// The engine answers a frame or two later; until then `scene()` is the scene as it will be, so a
/// released slider does not jump back and two quick edits do not undo each other.
class Commands {
public:
    explicit Commands(std::function<void(Command)> sink) : sink_(std::move(sink)) {}

    /// Once a frame, before panels: `held` says that some control is being held, `now` is in
    /// seconds.
    void begin_frame(const Snapshot& snapshot, bool held, double now);

    /// The scene with everything sent so far applied.
    std::shared_ptr<const Scene> scene() const { return expected_; }

    /// A scene edit: one unit of undo together with all others of this gesture.
    template <class Body>
    void edit(Body body) {
        gesture_used_ = true;
        expect(Command{gesture_, body});
        sink_(Command{gesture_, std::move(body)});
    }

    /// Anything that is not an edit of the scene.
    template <class Body>
    void send(Body body) {
        sink_(Command{0, std::move(body)});
    }

private:
    void expect(const Command& command);

    std::function<void(Command)> sink_;
    std::shared_ptr<const Scene> expected_;
    std::shared_ptr<const Scene> answered_;  ///< the engine's scene when the last edit was sent
    std::uint64_t gesture_ = 1;
    bool gesture_used_ = false;
    double now_ = 0;
    double waiting_since_ = -1;  ///< when the last edit was sent; < 0: nothing is awaited
};

}  // namespace driftglass
