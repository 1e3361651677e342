#pragma once

#include <memory>
#include <vector>

#include "app/state/ui_state.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// What there is to see in the first `panes` panes: the data, where the samples end, and the middle
/// of the starting noise, with a margin. What lies far from the data is left out of account, so
/// that they never become a speck. In dimension 1 its height is what counts.
Rect worth_seeing(const Snapshot& snapshot, std::size_t panes);

/// Leads the linked view to what is worth seeing for as long as it follows (UiState::view_follows).
/// Small changes, as training makes them all the time, do not move it. On what a person draws it
/// never closes in, lest there be no room for the next stroke: it only makes way.
class Follower {
public:
    /// Moves ui.view. `panes` are shown; `hold`: not now, something is being drawn; `passed`:
    /// seconds since the last frame.
    void frame(const Snapshot& snapshot, std::size_t panes, bool hold, double passed, UiState& ui);
    /// Where the view is going, or stands: what the pictures should be made for.
    const Rect& aim() const { return aim_; }
    bool moving() const { return moving_; }

private:
    /// What the last look at a snapshot depended on.
    std::shared_ptr<const PointSet> data_;
    std::vector<std::shared_ptr<const Trajectories>> paths_;
    Rect aim_;
    std::size_t strokes_ = 0;
    int dimension_ = 0;
    bool painted_ = false;   ///< the last change of the data was a stroke more, or less
    bool followed_ = false;  ///< in the frame before
    bool moving_ = false;
};

}  // namespace driftglass
