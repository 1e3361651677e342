#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace driftglass {

/// Points q_j in the plane with weights w_j, laid out so that a point meets them all in one pass,
/// in power distance |p - q_j|^2 - w_j. Fast up to some thousands, where no tree is worth its walk.
/// Memory 48 bytes a point.
class WeightedPoints {
public:
    using Point = std::array<double, 2>;

    /// Weights begin at 0.
    explicit WeightedPoints(const std::vector<Point>& points);

    int size() const { return static_cast<int>(x_.size()); }
    void lower_weight(int j, double by) { weight_[place(j)] -= by; }

    /// The nearest, and the power distances of it and of the second nearest (infinity: there is
    /// none).
    struct Two {
        int nearest = -1;
        double first;
        double second;
    };
    Two nearest_two(const Point& point) const;

    /// For a search of shortest paths (Dijkstra) over the points: all open, none reached.
    void begin_search();
    /// Lowers the distances of open points to `base` + power distance where that is less, as come
    /// from `number`; the open point that is now nearest, and its distance.
    struct Reached {
        int point = -1;
        double distance;
    };
    Reached relax(int number, const Point& point, double base);
    void close(int j);
    double distance(int j) const { return distance_[place(j)]; }
    /// The number that gave the point its distance.
    int from(int j) const { return static_cast<int>(from_[place(j)]); }

private:
    std::size_t place(int j) const {
        return static_cast<std::size_t>(place_[static_cast<std::size_t>(j)]);
    }

    // By place, the open points first.
    std::vector<double> x_, y_, weight_, distance_;
    std::vector<std::int64_t> from_;  // as wide as a distance
    std::vector<int> index_;
    std::vector<int> place_;  // by index
    std::size_t open_ = 0;
};

}  // namespace driftglass
