#include "app/state/commands.hpp"

#include "core/error.hpp"
#include "core/lab/edit.hpp"

namespace driftglass {
namespace {

// Longer than any tick, so that an edit which the engine refused does not stay on the screen.
constexpr double patience = 1.0;

}  // namespace

void Commands::begin_frame(const Snapshot& snapshot, bool held, double now) {
    now_ = now;
    if (!held && gesture_used_) {
        ++gesture_;
        gesture_used_ = false;
    }
    const bool answered = snapshot.scene != answered_ && !held;
    const bool given_up = waiting_since_ >= 0 && now - waiting_since_ > patience && !held;
    if (waiting_since_ < 0 || answered || given_up || !expected_) {
        expected_ = snapshot.scene;
        waiting_since_ = -1;
    }
    answered_ = snapshot.scene;
}

void Commands::expect(const Command& command) {
    auto scene = std::make_shared<Scene>(expected_ ? *expected_ : Scene{});
    try {
        put_part(*scene, command);
    } catch (const Error&) {
        // The engine says why it refuses.
        return;
    }
    expected_ = std::move(scene);
    waiting_since_ = now_;
}

}  // namespace driftglass
