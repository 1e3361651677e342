#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace driftglass {

/// Seconds in which a changed picture takes the place of the old one.
inline constexpr double blend_seconds = 0.15;

/// Numbers that ease from what is shown to what is new.
class Blend {
public:
    /// Eases from what is shown now where that has as many numbers (and all of them are finite on
    /// both sides, one by one); otherwise, and where `ease` is false, jumps.
    void aim(std::vector<float> target, double now, bool ease) {
        to_ = std::move(target);
        moving_ = ease && shown_.size() == to_.size() && shown_ != to_;
        if (moving_) {
            from_ = shown_;
            start_ = now;
        } else {
            shown_ = to_;
        }
    }
    /// Returns whether what is shown has changed.
    bool advance(double now) {
        if (!moving_) return false;
        const double part = std::clamp((now - start_) / blend_seconds, 0.0, 1.0);
        const float k = static_cast<float>(part * (2 - part));
        moving_ = part < 1;
        for (std::size_t i = 0; i < to_.size(); ++i) {
            const float mixed = from_[i] + k * (to_[i] - from_[i]);
            shown_[i] = moving_ && std::isfinite(mixed) ? mixed : to_[i];
        }
        return true;
    }
    bool moving() const { return moving_; }
    std::span<const float> shown() const { return shown_; }

private:
    std::vector<float> from_, to_, shown_;
    double start_ = 0;
    bool moving_ = false;
};

}  // namespace driftglass
