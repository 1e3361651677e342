#include "app/state/commands.hpp"

#include <utility>

#include "core/error.hpp"
#include "core/lab/edit.hpp"

namespace driftglass {

void Commands::begin_frame(const Snapshot& snapshot, bool held) {
    if (!held && gesture_used_) {
        ++gesture_;
        gesture_used_ = false;
    }
    if (!expected_) number_ = snapshot.handled;
    if (snapshot.handled >= number_) expected_ = snapshot.scene;
}

void Commands::expect(const Command& command) {
    auto scene = std::make_shared<Scene>(expected_ ? *expected_ : Scene{});
    if (!std::exchange(gesture_used_, true)) strokes_ = scene->data.strokes.size();
    try {
        apply_edit(*scene, command, strokes_);
        expected_ = std::move(scene);
    } catch (const Error&) {
        // The engine says why it refuses.
    }
}

}  // namespace driftglass
