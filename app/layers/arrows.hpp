#pragma once

#include <memory>

#include "app/layers/blend.hpp"
#include "app/layers/lines.hpp"
#include "core/lab/snapshot.hpp"

namespace driftglass {

/// A grid of velocities as it is shown, eased from the one before.
class ShownArrows {
public:
    void aim(std::shared_ptr<const ArrowGrid> grid, double now, bool ease);
    void advance(double now);
    bool moving() const { return velocity_.moving(); }

    /// Arrows along the sampling direction -v, 7.2 sqrt|v| designed pixels long and at most 22,
    /// their middle at the cell's; fainter where q_t is small.
    void add_to(LineBatch& batch, const View& view, const Theme& theme, float strength) const;

private:
    std::shared_ptr<const ArrowGrid> grid_;
    Blend velocity_;
    Blend weight_;
};

}  // namespace driftglass
