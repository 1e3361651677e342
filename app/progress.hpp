#pragma once

#include <chrono>
#include <string>

#include "core/lab/lab.hpp"

namespace driftglass {

/// Shows long work on standard error: a bar with rate and time left on a terminal, a plain line now
/// and then elsewhere, nothing if quiet. One for a program; the work may change its name (`what`).
class ProgressBar {
public:
    explicit ProgressBar(bool quiet);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// `total` 0: not known.
    void show(double done, double total, const std::string& what);
    /// Ends the bar of the work under way, so that other lines can follow.
    void end();
    /// A line of its own.
    void say(const std::string& line);
    /// For work that names its own parts; with `as`, all of it goes by that one name.
    Progress callback(const std::string& as = {});

private:
    using Clock = std::chrono::steady_clock;
    void draw(double done, double total, double seconds);

    bool quiet_;
    bool terminal_;
    bool drawn_ = false;  ///< the terminal's current line is a bar
    std::string what_;
    double first_done_ = 0;  ///< where this piece of work started
    double last_done_ = 0;
    double last_total_ = 0;
    Clock::time_point started_;
    Clock::time_point shown_;
};

}  // namespace driftglass
