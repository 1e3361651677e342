#include "core/train/data_change.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace driftglass {
namespace {

/// One point's coordinates, by bits, so that equal points sort together (NaN too).
std::vector<std::uint64_t> sorted_keys(const PointSet& points) {
    std::vector<std::uint64_t> keys(static_cast<std::size_t>(points.size()), 0);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (int k = 0; k < points.dimension; ++k) {
            keys[i] =
                keys[i] << 32 | std::bit_cast<std::uint32_t>(points.x[i * points.dimension + k]);
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::vector<std::uint64_t> without(const std::vector<std::uint64_t>& all,
                                   const std::vector<std::uint64_t>& common) {
    std::vector<std::uint64_t> rest;
    std::set_difference(all.begin(), all.end(), common.begin(), common.end(),
                        std::back_inserter(rest));
    return rest;
}

std::array<float, 2> point(std::uint64_t key, int dimension) {
    const float last = std::bit_cast<float>(static_cast<std::uint32_t>(key));
    if (dimension == 1) return {last, 0};
    return {std::bit_cast<float>(static_cast<std::uint32_t>(key >> 32)), last};
}

/// A frame of three standard deviations around the mean.
struct Frame {
    std::array<double, 2> mean{};
    double std = 1;
};

Frame frame_of(const std::vector<std::uint64_t>& keys, int dimension) {
    Frame frame;
    const double n = static_cast<double>(keys.size());
    for (const std::uint64_t key : keys) {
        for (int k = 0; k < 2; ++k)
            frame.mean[k] += point(key, dimension)[k] / n;
    }
    double square = 0;
    for (const std::uint64_t key : keys) {
        for (int k = 0; k < dimension; ++k) {
            square += std::pow(point(key, dimension)[k] - frame.mean[k], 2) / (n * dimension);
        }
    }
    frame.std = std::max(std::sqrt(square), 1e-30);
    return frame;
}

constexpr int cells = 16;

std::vector<double> histogram(const std::vector<std::uint64_t>& keys, int dimension,
                              const Frame& frame) {
    std::vector<double> shares(cells * cells, 0.0);
    const auto cell = [&](double x, double mean) {
        const double scaled = ((x - mean) / frame.std + 3) * (cells / 6.0);
        return scaled > 0 ? static_cast<int>(std::min(scaled, cells - 1.0)) : 0;  // NaN: 0
    };
    for (const std::uint64_t key : keys) {
        const auto [x, y] = point(key, dimension);
        shares[cell(y, frame.mean[1]) * cells + cell(x, frame.mean[0])] +=
            1 / static_cast<double>(keys.size());
    }
    return shares;
}

}  // namespace

double changed_share(const PointSet& before, const PointSet& after) {
    if (before.size() == 0 || after.size() == 0) return 1;
    const std::vector<std::uint64_t> a = sorted_keys(before), b = sorted_keys(after);
    std::vector<std::uint64_t> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    const std::vector<std::uint64_t> gone = without(a, common), come = without(b, common);
    const double share =
        1 - static_cast<double>(common.size()) / static_cast<double>(std::max(a.size(), b.size()));
    if (gone.empty() || come.empty()) return share;

    const Frame frame = frame_of(b, after.dimension);
    const std::vector<double> p = histogram(gone, before.dimension, frame);
    const std::vector<double> q = histogram(come, after.dimension, frame);
    const double m = static_cast<double>(gone.size()), n = static_cast<double>(come.size());
    double distance = 0, chance = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        distance += 0.5 * std::abs(p[i] - q[i]);
        // The mean of |difference| for two draws of one distribution, nearly Gaussian.
        const double pooled = (m * p[i] + n * q[i]) / (m + n);
        chance += 0.5 * std::sqrt(2 / std::numbers::pi * pooled * (1 / m + 1 / n));
    }
    chance = std::min(chance, 0.9);
    return share * std::clamp((distance - chance) / (1 - chance), 0.0, 1.0);
}

}  // namespace driftglass
