#pragma once

#include <algorithm>

namespace driftglass {

/// When the next frame may begin: sixty times a second where frames are cheap. Where the processor
/// draws, half of its time is left to what is learnt, down to a film's 24 frames a second.
class FramePace {
public:
    /// A frame that took `seconds` has been drawn.
    void drew(double seconds) { cost_ += 0.2 * (seconds - cost_); }
    /// From the start of one frame to the start of the next.
    double interval() const { return std::clamp(2 * cost_, 1.0 / 60, 1.0 / 24); }

private:
    double cost_ = 0;
};

}  // namespace driftglass
