#pragma once

#include <array>
#include <span>
#include <utility>
#include <vector>

namespace driftglass {

/// Weighted points in the plane that answers which are nearest in power distance |p - q_j|^2 - w_j:
/// a k-d tree whose nodes know their box and their largest weight.
class PowerTree {
public:
    /// Weights begin at 0.
    explicit PowerTree(const std::vector<std::array<double, 2>>& points);

    double weight(int j) const {
        return sites_[static_cast<std::size_t>(place_[static_cast<std::size_t>(j)])].weight;
    }
    void set_weight(int j, double weight);

    /// The `count` nearest as (power distance, index), in no order; those that are as far as the
    /// farthest of them may stand for each other. `found` is overwritten. O(log n) where count and
    /// the differences of the weights are moderate.
    void nearest(const std::array<double, 2>& point, int count,
                 std::vector<std::pair<double, int>>& found) const;

private:
    struct Node {
        std::array<double, 2> low;
        std::array<double, 2> high;
        double largest_weight = 0;
        int parent = -1;
        int left = -1;  ///< the right child follows; -1: a leaf, with points [begin, end)
        int begin = 0;
        int end = 0;
    };

    void split(int node);
    double bound(const Node& node, const std::array<double, 2>& point) const;

    struct Site {
        std::array<double, 2> point;
        double weight = 0;
        int index = 0;
        int leaf = 0;
    };

    std::vector<Node> nodes_;
    std::vector<Site> sites_;  ///< leaf by leaf
    std::vector<int> place_;   ///< of each index among the sites
};

}  // namespace driftglass
