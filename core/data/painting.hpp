#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/data/presets.hpp"

namespace driftglass {

/// A stroke's path prepared for drawing points along it and for asking what it
/// covers. Dimension 1 looks at x only.
class StrokeShape {
public:
    StrokeShape(const Stroke& stroke, int dimension);

    /// density * max(length, width): the points it stands for; 0 for an empty
    /// path or an eraser.
    double expected_points() const { return stroke_.density * extent_; }
    /// The point at `place` in [0, 1) of the extent: along the path, off it
    /// across the band by the stroke's softness s: with probability 1 - s uniform
    /// in the width, else a Gaussian of standard deviation width / 4 cut at the
    /// edge. A path shorter than its width is a disc for the rest.
    LabelledPoint draw(double place, Random& random) const;
    /// Within half the width of the path (the eraser's edge is hard).
    bool covers(double x, double y) const;

private:
    double offset(Random& random) const;

    const Stroke& stroke_;
    int dimension_;
    double extent_ = 0;
    std::vector<double> length_;  ///< [path size], from the start
    // A coarse grid over the band; each cell lists the segments that come near
    // it.
    double cell_ = 1;
    double left_ = 0;
    double bottom_ = 0;
    int columns_ = 0;
    int rows_ = 0;
    std::vector<std::vector<std::int32_t>> near_;
};

/// What is left after all strokes, in order: the points below, then each
/// stroke's. It grows up to `most_points`; strokes beyond add none.
struct PaintedSet {
    PointSet points;
    std::int64_t base_points = 0;
    std::vector<std::int64_t> stroke_points;  ///< one a stroke; 0 for an eraser
};

/// Paints strokes on top of `base`. Stroke i draws from a generator of its own
/// (seed and i), point by point along its path, so painting on never moves a
/// point that is there.
PaintedSet paint(const PointSet& base, std::span<const std::shared_ptr<const Stroke>> strokes,
                 std::uint64_t seed);

}  // namespace driftglass
