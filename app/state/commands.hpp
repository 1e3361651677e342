#pragma once

#include <cstddef>
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
/// The engine answers a frame or two later, much later where it is busy; until then `scene()` is
/// the scene as it will be, so a released slider does not jump back and two quick edits do not undo
/// each other.
class Commands {
public:
    explicit Commands(std::function<void(Command)> sink) : sink_(std::move(sink)) {}

    /// Once a frame, before panels: `held` says that some control is being held.
    void begin_frame(const Snapshot& snapshot, bool held);

    /// The scene with everything sent so far applied.
    std::shared_ptr<const Scene> scene() const { return expected_; }

    /// A scene edit: one unit of undo together with all others of this gesture.
    template <class Body>
    void edit(Body body) {
        Command command{gesture_, std::move(body), ++number_};
        expect(command);
        sink_(std::move(command));
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
    std::uint64_t number_ = 0;  ///< of the last edit
    std::uint64_t gesture_ = 1;
    bool gesture_used_ = false;
    std::size_t strokes_ = 0;  ///< before this gesture
};

}  // namespace driftglass
