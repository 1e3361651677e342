#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace driftglass {

/// Turns Ctrl-C (SIGINT, SIGTERM, SIGHUP) into a stop token: work that looks at it ends cleanly.
/// The third signal ends the program at once. Make it in main, before any thread is started:
/// threads made later leave these signals to it.
class Interrupt {
public:
    /// Of a program that ended because it was asked to, whatever it had done by then.
    static constexpr int exit_code = 130;

    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return stop_.get_token(); }
    bool asked() const { return stop_.stop_requested(); }

private:
    std::stop_source stop_;
    std::atomic<bool> closing_ = false;
    std::jthread waiter_;
};

}  // namespace driftglass
