#include "core/lab/command_queue.hpp"

#include <algorithm>

namespace driftglass {
namespace {

/// Commands before and after one of these must not trade places.
bool is_barrier(const Command& command) {
    using namespace command;
    return std::holds_alternative<Undo>(command.body) ||
           std::holds_alternative<Redo>(command.body) ||
           std::holds_alternative<Restart>(command.body) ||
           std::holds_alternative<ReplaceScene>(command.body) ||
           std::holds_alternative<SaveScene>(command.body) ||
           std::holds_alternative<SaveWeights>(command.body) ||
           std::holds_alternative<OpenScene>(command.body);
}

bool is_urgent(const Command& command) {
    return !std::holds_alternative<command::SetLook>(command.body);
}

}  // namespace

void CommandQueue::send(Command command) {
    {
        const std::lock_guard lock(mutex_);
        for (auto older = waiting_.rbegin(); older != waiting_.rend(); ++older) {
            if (replaces(command, *older)) {
                if (is_urgent(*older)) urgent_.fetch_sub(1, std::memory_order_relaxed);
                waiting_.erase(std::next(older).base());
                break;
            }
            if (is_barrier(*older)) break;
        }
        if (is_urgent(command)) urgent_.fetch_add(1, std::memory_order_relaxed);
        waiting_.push_back(std::move(command));
    }
    arrived_.notify_one();
}

std::optional<Command> CommandQueue::take() {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) return std::nullopt;
    Command command = std::move(waiting_.front());
    waiting_.pop_front();
    if (is_urgent(command)) urgent_.fetch_sub(1, std::memory_order_relaxed);
    return command;
}

bool CommandQueue::empty() const {
    const std::lock_guard lock(mutex_);
    return waiting_.empty();
}

void CommandQueue::wait(std::chrono::milliseconds at_most, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, stop, at_most, [this] { return !waiting_.empty(); });
}

}  // namespace driftglass
