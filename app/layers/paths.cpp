#include "app/layers/paths.hpp"

#include <cmath>
#include <limits>

namespace driftglass {

namespace {

/// The old positions at the new rows' times, so that one set can ease into another with other
/// steps.
std::vector<float> at_times(const ShownPaths& paths, const Trajectories& wanted) {
    std::vector<float> positions;
    positions.reserve(wanted.positions.size());
    for (const double t : wanted.times) {
        const RowMix mix = paths.mix_at(t);
        for (std::int64_t i = 0; i < wanted.count; ++i) {
            const std::array<float, 2> p = paths.position(mix, i);
            positions.insert(positions.end(), {p[0], p[1]});
        }
    }
    return positions;
}

}  // namespace

void ShownPaths::aim(std::shared_ptr<const Trajectories> trajectories, bool smooth, double now,
                     bool ease) {
    if (trajectories != nullptr && (trajectories->count <= 0 || trajectories->times.empty())) {
        trajectories = nullptr;
    }
    if (trajectories == trajectories_) {
        smooth_ = smooth;
        return;
    }
    const bool follows = ease && trajectories != nullptr && trajectories_ != nullptr &&
                         trajectories->count == trajectories_->count;
    if (follows && trajectories->times != trajectories_->times) {
        positions_.aim(at_times(*this, *trajectories), now, false);
    }
    smooth_ = smooth;
    trajectories_ = std::move(trajectories);
    positions_.aim(trajectories_ ? trajectories_->positions : std::vector<float>{}, now, follows);
}

std::span<const double> ShownPaths::times() const {
    return trajectories_ ? std::span<const double>(trajectories_->times)
                         : std::span<const double>();
}

RowMix ShownPaths::mix_at(double t) const {
    const std::span<const double> times = this->times();
    const auto rows = static_cast<std::int64_t>(times.size());
    const auto after = std::lower_bound(times.begin(), times.end(), t, std::greater<>());
    const std::int64_t below = after - times.begin();  // the first row at or after t, sampling-wise
    if (below == 0) return {{0, 0, 0, 0}, {0, 1, 0, 0}};
    if (below == rows) return {{rows - 1, rows - 1, rows - 1, rows - 1}, {0, 1, 0, 0}};

    const std::int64_t a = below - 1, b = below;
    const double step = times[b] - times[a];
    const double u = step != 0 ? (t - times[a]) / step : 1;
    // A read-out at t = 0 is a jump, not a step along the path.
    const std::int64_t last = rows > 2 && times[rows - 1] == 0 ? rows - 2 : rows - 1;
    if (!smooth_ || b > last) {
        return {{a, a, b, b}, {0, static_cast<float>(1 - u), static_cast<float>(u), 0}};
    }
    const std::int64_t before = std::max<std::int64_t>(a - 1, 0), beyond = std::min(b + 1, last);
    // Slope at a row: the difference of its neighbours, which are one step off at the ends.
    const double slope_a = step / (times[b] - times[before]);
    const double slope_b = step / (times[beyond] - times[a]);
    const double h00 = (1 + 2 * u) * (1 - u) * (1 - u), h10 = u * (1 - u) * (1 - u);
    const double h01 = u * u * (3 - 2 * u), h11 = u * u * (u - 1);
    return {{before, a, b, beyond},
            {static_cast<float>(-h10 * slope_a), static_cast<float>(h00 - h11 * slope_b),
             static_cast<float>(h01 + h10 * slope_a), static_cast<float>(h11 * slope_b)}};
}

std::array<float, 2> ShownPaths::position(const RowMix& mix, std::int64_t path) const {
    const std::span<const float> positions = positions_.shown();
    std::array<float, 2> p{};
    for (int k = 0; k < 4; ++k) {
        if (mix.weight[k] == 0) continue;  // its row may be not finite
        const auto at = static_cast<std::size_t>(2 * (mix.row[k] * count() + path));
        p[0] += mix.weight[k] * positions[at];
        p[1] += mix.weight[k] * positions[at + 1];
    }
    return p;
}

std::vector<double> ShownPaths::times_between(double begin, double end, int most, int split) const {
    const std::span<const double> rows = times();
    if (rows.empty()) return {};
    begin = std::clamp(begin, rows.back(), rows.front());
    end = std::clamp(end, rows.back(), begin);
    const auto first = std::upper_bound(rows.begin(), rows.end(), begin, std::greater<>());
    const auto last = std::lower_bound(first, rows.end(), end, std::greater<>());
    const std::ptrdiff_t between = last - first;
    std::vector<double> chosen{begin};
    const std::ptrdiff_t stride = std::max<std::ptrdiff_t>(1, (between + most - 1) / most);
    for (std::ptrdiff_t i = stride - 1; i < between; i += stride)
        chosen.push_back(first[i]);
    if (end < chosen.back()) chosen.push_back(end);
    if (!smooth_ || split <= 1) return chosen;
    std::vector<double> fine;
    for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
        for (int k = 0; k < split; ++k) {
            fine.push_back(std::lerp(chosen[i], chosen[i + 1], double(k) / split));
        }
    }
    fine.push_back(chosen.back());
    return fine;
}

std::vector<std::int64_t> ShownPaths::spread_out(int wanted) const {
    constexpr std::int64_t among = 96;
    const std::int64_t candidates = std::min(count(), among);
    if (candidates == 0 || wanted <= 0) return {};
    const RowMix start = mix_at(1);
    std::vector<std::array<float, 2>> places;
    std::vector<std::pair<float, std::int64_t>> by_radius;
    for (std::int64_t i = 0; i < candidates; ++i) {
        places.push_back(position(start, i));
        const float radius = std::hypot(places.back()[0], places.back()[1]);
        if (std::isfinite(radius)) by_radius.emplace_back(radius, i);
    }
    std::sort(by_radius.begin(), by_radius.end());
    // The outermost tenth would be chosen first and tell little.
    by_radius.resize(std::max<std::size_t>(by_radius.size() * 9 / 10,
                                           std::min<std::size_t>(by_radius.size(), wanted)));
    std::vector<std::int64_t> chosen;
    std::vector<float> nearest(places.size(), std::numeric_limits<float>::infinity());
    while (static_cast<int>(chosen.size()) < wanted && chosen.size() < by_radius.size()) {
        std::int64_t best = by_radius.front().second;  // first the most central
        if (!chosen.empty()) {
            float farthest = -1;
            for (const auto& [radius, i] : by_radius) {
                if (nearest[static_cast<std::size_t>(i)] > farthest) {
                    farthest = nearest[static_cast<std::size_t>(i)];
                    best = i;
                }
            }
        }
        chosen.push_back(best);
        const auto& place = places[static_cast<std::size_t>(best)];
        for (std::size_t i = 0; i < places.size(); ++i) {
            nearest[i] =
                std::min(nearest[i], std::hypot(places[i][0] - place[0], places[i][1] - place[1]));
        }
        nearest[static_cast<std::size_t>(best)] = -1;
    }
    return chosen;
}

}  // namespace driftglass
