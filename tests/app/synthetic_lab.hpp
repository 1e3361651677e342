#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "app/window/studio.hpp"

namespace driftglass::test {

/// Stands in for the lab where a test asks what the window sends and shows, not what is learnt: it
/// obeys commands at once, keeps them, and publishes a snapshot of plausible numbers.
class SyntheticLab {
public:
    explicit SyntheticLab(Scene scene);

    Engine engine();
    void send(Command command);
    std::shared_ptr<const Snapshot> snapshot() const { return snapshot_; }
    /// Changes what is published.
    template <class Change>
    void publish(Change change) {
        auto next = std::make_shared<Snapshot>(*snapshot_);
        change(*next);
        ++next->version;
        snapshot_ = std::move(next);
    }

    /// All commands of one kind, in order.
    template <class Body>
    std::vector<std::pair<std::uint64_t, Body>> sent() const {
        std::vector<std::pair<std::uint64_t, Body>> found;
        for (const Command& command : log_) {
            if (const Body* body = std::get_if<Body>(&command.body))
                found.emplace_back(command.gesture, *body);
        }
        return found;
    }
    const Scene& scene() const { return *snapshot_->scene; }

private:
    void edit(const Command& command);
    void refresh(Scene scene);
    static void invent_numbers(Snapshot& snapshot);

    std::vector<Command> log_;
    std::vector<Scene> past_, future_;
    std::uint64_t last_gesture_ = 0;
    std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace driftglass::test
