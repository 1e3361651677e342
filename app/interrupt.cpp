#include "app/interrupt.hpp"

#include <unistd.h>

#include <csignal>

namespace driftglass {
namespace {

sigset_t interrupting_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    // nohup has it ignored, so that work goes on when its terminal is closed.
    struct sigaction hang_up = {};
    sigaction(SIGHUP, nullptr, &hang_up);
    if (hang_up.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
    return signals;
}

}  // namespace

// The signals are blocked everywhere and one thread waits for them, so that nothing has to run
// inside a signal handler.
Interrupt::Interrupt() {
    const sigset_t signals = interrupting_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    waiter_ = std::jthread([this, signals] {
        for (int times = 1;; ++times) {
            int signal = 0;
            sigwait(&signals, &signal);
            if (closing_) return;
            if (times == 3) _exit(exit_code);
            stop_.request_stop();
        }
    });
}

Interrupt::~Interrupt() {
    closing_ = true;
    pthread_kill(waiter_.native_handle(), SIGTERM);
    waiter_.join();
    const sigset_t signals = interrupting_signals();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

}  // namespace driftglass
