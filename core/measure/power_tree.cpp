#include "core/measure/power_tree.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace driftglass {
namespace {

constexpr int leaf_size = 16;

std::size_t index(int i) {
    return static_cast<std::size_t>(i);
}

}  // namespace

PowerTree::PowerTree(const std::vector<std::array<double, 2>>& points)
    : sites_(points.size()), place_(points.size()) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        sites_[i].point = points[i];
        sites_[i].index = static_cast<int>(i);
    }
    nodes_.push_back({.low = {}, .high = {}, .end = static_cast<int>(points.size())});
    for (int node = 0; node < static_cast<int>(nodes_.size()); ++node)
        split(node);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        place_[index(sites_[i].index)] = static_cast<int>(i);
    }
}

void PowerTree::split(int number) {
    Node& node = nodes_[index(number)];
    const auto first = sites_.begin() + node.begin;
    const auto last = sites_.begin() + node.end;
    constexpr double infinity = std::numeric_limits<double>::infinity();
    node.low = {infinity, infinity};
    node.high = {-infinity, -infinity};
    for (auto site = first; site != last; ++site) {
        for (std::size_t d = 0; d < 2; ++d) {
            node.low[d] = std::min(node.low[d], site->point[d]);
            node.high[d] = std::max(node.high[d], site->point[d]);
        }
    }
    if (node.end - node.begin <= leaf_size) {
        for (auto site = first; site != last; ++site)
            site->leaf = number;
        return;
    }
    const std::size_t axis = node.high[1] - node.low[1] > node.high[0] - node.low[0] ? 1 : 0;
    const int middle = (node.begin + node.end) / 2;
    std::nth_element(first, sites_.begin() + middle, last,
                     [&](const Site& p, const Site& q) { return p.point[axis] < q.point[axis]; });
    node.left = static_cast<int>(nodes_.size());
    const Node left{.low = {}, .high = {}, .parent = number, .begin = node.begin, .end = middle};
    const Node right{.low = {}, .high = {}, .parent = number, .begin = middle, .end = node.end};
    nodes_.push_back(left);
    nodes_.push_back(right);
}

void PowerTree::set_weight(int j, double weight) {
    Site& site = sites_[index(place_[index(j)])];
    const double before = std::exchange(site.weight, weight);
    for (int number = site.leaf; number >= 0; number = nodes_[index(number)].parent) {
        Node& node = nodes_[index(number)];
        if (weight >= node.largest_weight) {
            node.largest_weight = weight;
            continue;
        }
        if (before < node.largest_weight) return;
        double largest = weight;
        if (node.left >= 0) {
            largest = std::max(nodes_[index(node.left)].largest_weight,
                               nodes_[index(node.left + 1)].largest_weight);
        } else {
            for (int k = node.begin; k < node.end; ++k) {
                largest = std::max(largest, sites_[index(k)].weight);
            }
        }
        if (largest == node.largest_weight) return;
        node.largest_weight = largest;
    }
}

double PowerTree::bound(const Node& node, const std::array<double, 2>& point) const {
    double square = 0;
    for (std::size_t d = 0; d < 2; ++d) {
        const double off = std::max(std::max(node.low[d] - point[d], point[d] - node.high[d]), 0.0);
        square += off * off;
    }
    return square - node.largest_weight;
}

void PowerTree::nearest(const std::array<double, 2>& point, int count,
                        std::vector<std::pair<double, int>>& found) const {
    found.clear();
    double farthest = std::numeric_limits<double>::infinity();
    // Depth first, the nearer child first; the stack holds at most one sibling a level.
    std::array<std::pair<double, int>, 64> stack;
    std::size_t height = 0;
    stack[height++] = {bound(nodes_[0], point), 0};
    while (height > 0) {
        const auto [nearest_possible, number] = stack[--height];
        if (nearest_possible >= farthest) continue;
        const Node& node = nodes_[index(number)];
        if (node.left >= 0) {
            const std::pair left(bound(nodes_[index(node.left)], point), node.left);
            const std::pair right(bound(nodes_[index(node.left + 1)], point), node.left + 1);
            stack[height++] = std::max(left, right);
            stack[height++] = std::min(left, right);
            continue;
        }
        for (int k = node.begin; k < node.end; ++k) {
            const Site& site = sites_[index(k)];
            const double dx = point[0] - site.point[0];
            const double dy = point[1] - site.point[1];
            const double value = dx * dx + dy * dy - site.weight;
            if (value >= farthest) continue;
            if (static_cast<int>(found.size()) == count) {
                std::pop_heap(found.begin(), found.end());
                found.pop_back();
            }
            found.emplace_back(value, site.index);
            std::push_heap(found.begin(), found.end());
            if (static_cast<int>(found.size()) == count) farthest = found.front().first;
        }
    }
}

}  // namespace driftglass
