#include "app/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace driftglass {
namespace {

constexpr std::chrono::milliseconds redraw_after{100};
constexpr std::chrono::seconds line_after{5};

std::string grouped_number(double value) {
    std::string digits = std::to_string(std::llround(value));
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string rate_text(double per_second) {
    if (per_second >= 10) return grouped_number(per_second);
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", per_second);
    return text;
}

std::string duration_text(double seconds) {
    const auto whole = std::llround(std::ceil(seconds));
    char text[48];
    if (whole < 60) {
        std::snprintf(text, sizeof text, "%lld s", whole);
    } else if (whole < 3600) {
        std::snprintf(text, sizeof text, "%lld min %02lld s", whole / 60, whole % 60);
    } else {
        std::snprintf(text, sizeof text, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
    }
    return text;
}

std::size_t terminal_width() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 80;
}

}  // namespace

ProgressBar::ProgressBar(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
    end();
}

Progress ProgressBar::callback(const std::string& as) {
    return [this, as](double done, double total, const std::string& what) {
        show(done, total, as.empty() ? what : as);
    };
}

void ProgressBar::show(double done, double total, const std::string& what) {
    if (quiet_) return;
    const Clock::time_point now = Clock::now();
    if (what != what_ || done < last_done_) {
        end();
        what_ = what;
        first_done_ = done;
        started_ = now;
        shown_ = {};
    }
    last_done_ = done;
    last_total_ = total;
    if (now - shown_ < (terminal_ ? Clock::duration(redraw_after) : Clock::duration(line_after))) {
        return;
    }
    shown_ = now;
    draw(done, total, std::chrono::duration<double>(now - started_).count());
}

void ProgressBar::draw(double done, double total, double seconds) {
    const double rate = seconds > 0 ? (done - first_done_) / seconds : 0;
    std::string numbers = grouped_number(done);
    if (total > 0) numbers += (terminal_ ? "/" : " of ") + grouped_number(total);
    if (rate > 0) {
        numbers += " · " + rate_text(rate) + "/s";
        if (total > done) numbers += " · " + duration_text((total - done) / rate) + " left";
    }
    if (!terminal_) {
        std::fprintf(stderr, "%s: %s\n", what_.c_str(), numbers.c_str());
        return;
    }
    std::string line = what_;
    const std::size_t used = what_.size() + numbers.size() + 6;
    const std::size_t width = terminal_width();
    if (total > 0 && used + 10 < width) {
        const std::size_t cells = std::min<std::size_t>(32, width - used);
        const auto full = static_cast<std::size_t>(std::clamp(done / total, 0.0, 1.0) *
                                                   static_cast<double>(cells));
        line += "  ";
        for (std::size_t i = 0; i < cells; ++i)
            line += i < full ? "━" : "─";
    }
    line += "  " + numbers;
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    std::fflush(stderr);
    drawn_ = true;
}

void ProgressBar::end() {
    if (quiet_ || what_.empty()) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    if (terminal_ && drawn_) std::fprintf(stderr, "\r\x1b[K");
    // The closing line says what the bar came to.
    std::string line = what_ + ": " + grouped_number(last_done_);
    if (last_total_ > 0 && last_done_ < last_total_) line += " of " + grouped_number(last_total_);
    if (seconds > 0.05) line += " in " + duration_text(seconds);
    std::fprintf(stderr, "%s\n", line.c_str());
    drawn_ = false;
    what_.clear();
    last_done_ = 0;
}

void ProgressBar::say(const std::string& line) {
    end();
    if (!quiet_) std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace driftglass
