#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>

#include "core/lab/command.hpp"

namespace driftglass {

/// Commands on their way to the engine: any thread sends, one takes. A newer command of the same
/// kind takes the place of an older one that waits, unless one between them gives the order a
/// meaning.
class CommandQueue {
public:
    void send(Command command);
    std::optional<Command> take();
    /// Whether a command waits that changes more than where one looks: worth stopping a sampler
    /// for.
    bool urgent() const { return urgent_.load(std::memory_order_relaxed) > 0; }
    bool empty() const;
    /// Sleeps until a command waits, `stop` is asked for or the time is up.
    void wait(std::chrono::milliseconds at_most, std::stop_token stop);

private:
    mutable std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::deque<Command> waiting_;
    std::atomic<int> urgent_ = 0;
};

}  // namespace driftglass
