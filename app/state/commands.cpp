#include "app/state/commands.hpp"

#include <variant>

namespace driftglass {

namespace {

// Longer than any tick, so that an edit which the engine refused does not stay on the screen.
constexpr double patience = 1.0;

struct Apply {
    Scene& scene;

    void operator()(const command::SetSeed& edit) const { scene.seed = edit.seed; }
    void operator()(const command::SetData& edit) const { scene.data = edit.data; }
    void operator()(const command::SetSource& edit) const { scene.source = edit.source; }
    void operator()(const command::SetCoupling& edit) const { scene.coupling = edit.coupling; }
    void operator()(const command::SetPath& edit) const { scene.path = edit.path; }
    void operator()(const command::SetModel& edit) const { scene.model = edit.model; }
    void operator()(const command::SetTraining& edit) const { scene.training = edit.training; }
    void operator()(const command::SetReflow& edit) const { scene.reflow = edit.reflow; }
    void operator()(const command::SetExact& edit) const { scene.exact = edit.exact; }
    void operator()(const command::SetViews& edit) const { scene.views = edit.views; }
    void operator()(const command::SetView& edit) const {
        const auto pane = static_cast<std::size_t>(edit.pane);
        if (pane < scene.views.size()) scene.views[pane] = edit.view;
    }
    template <class Other>
    void operator()(const Other&) const {}
};

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
    std::visit(Apply{*scene}, command.body);
    expected_ = std::move(scene);
    waiting_since_ = now_;
}

}  // namespace driftglass
