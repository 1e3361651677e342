#include "core/measure/weighted_points.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/lanes.hpp"

namespace driftglass {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Scan {
    const double* x;
    const double* y;
    const double* weight;
    std::size_t count;
    double from_x;
    double from_y;
};

struct Found {
    std::int64_t place = -1;
    double first = infinity;
    double second = infinity;

    DRIFTGLASS_INLINE void meet(double value, std::int64_t at) {
        if (value < first) {
            second = first;
            first = value;
            place = at;
        } else if (value < second) {
            second = value;
        }
    }
};

template <int lanes>
DRIFTGLASS_INLINE void first_places(typename Vector<lanes>::Longs& places) {
    for (int k = 0; k < lanes; ++k)
        places[k] = k;
}

template <int lanes>
DRIFTGLASS_INLINE void values_at(const Scan& scan, std::size_t j,
                                 typename Vector<lanes>::Doubles& value) {
    typename Vector<lanes>::Doubles x, y, weight;
    load(x, scan.x + j);
    load(y, scan.y + j);
    load(weight, scan.weight + j);
    x -= scan.from_x;
    y -= scan.from_y;
    value = x * x + (y * y - weight);
}

DRIFTGLASS_INLINE double value_at(const Scan& scan, std::size_t j) {
    const double x = scan.x[j] - scan.from_x;
    const double y = scan.y[j] - scan.from_y;
    return x * x + (y * y - scan.weight[j]);
}

template <int lanes>
DRIFTGLASS_INLINE Found scan_two(const Scan& scan) {
    using Doubles = typename Vector<lanes>::Doubles;
    using Longs = typename Vector<lanes>::Longs;
    Doubles best = infinity - Doubles{};
    Doubles second = best;
    Longs place{};
    Longs places;
    first_places<lanes>(places);
    std::size_t j = 0;
    for (; j + lanes <= scan.count; j += lanes) {
        Doubles value;
        values_at<lanes>(scan, j, value);
        const Longs nearer = value < best;
        const Doubles loser = nearer ? best : value;
        second = loser < second ? loser : second;
        best = nearer ? value : best;
        place = nearer ? places : place;
        places += lanes;
    }
    Found two;
    for (int k = 0; k < lanes; ++k) {
        two.meet(best[k], place[k]);
        two.second = std::min(two.second, second[k]);
    }
    for (; j < scan.count; ++j)
        two.meet(value_at(scan, j), static_cast<std::int64_t>(j));
    return two;
}

template <int lanes>
DRIFTGLASS_INLINE Found scan_lower(const Scan& scan, double base, std::int64_t number,
                                   double* distance, std::int64_t* from) {
    using Doubles = typename Vector<lanes>::Doubles;
    using Longs = typename Vector<lanes>::Longs;
    Doubles best = infinity - Doubles{};
    Longs place{};
    Longs places;
    first_places<lanes>(places);
    const Longs numbers = number - Longs{};
    std::size_t j = 0;
    for (; j + lanes <= scan.count; j += lanes) {
        Doubles value, there;
        Longs before;
        values_at<lanes>(scan, j, value);
        load(there, distance + j);
        load(before, from + j);
        value += base;
        const Longs nearer = value < there;
        there = nearer ? value : there;
        before = nearer ? numbers : before;
        store(distance + j, there);
        store(from + j, before);
        const Longs leads = there < best;
        best = leads ? there : best;
        place = leads ? places : place;
        places += lanes;
    }
    Found found;
    for (int k = 0; k < lanes; ++k)
        found.meet(best[k], place[k]);
    for (; j < scan.count; ++j) {
        const double value = value_at(scan, j) + base;
        if (value < distance[j]) {
            distance[j] = value;
            from[j] = number;
        }
        found.meet(distance[j], static_cast<std::int64_t>(j));
    }
    return found;
}

#if DRIFTGLASS_X86
DRIFTGLASS_AVX2 Found scan_two_avx2(const Scan& scan) {
    return scan_two<4>(scan);
}
DRIFTGLASS_AVX512 Found scan_two_avx512(const Scan& scan) {
    return scan_two<8>(scan);
}
DRIFTGLASS_AVX2 Found scan_lower_avx2(const Scan& scan, double base, std::int64_t number,
                                      double* distance, std::int64_t* from) {
    return scan_lower<4>(scan, base, number, distance, from);
}
DRIFTGLASS_AVX512 Found scan_lower_avx512(const Scan& scan, double base, std::int64_t number,
                                          double* distance, std::int64_t* from) {
    return scan_lower<8>(scan, base, number, distance, from);
}
#endif

}  // namespace

WeightedPoints::WeightedPoints(const std::vector<Point>& points)
    : x_(points.size()),
      y_(points.size()),
      weight_(points.size()),
      distance_(points.size()),
      from_(points.size()),
      index_(points.size()),
      place_(points.size()) {
    for (std::size_t j = 0; j < points.size(); ++j) {
        x_[j] = points[j][0];
        y_[j] = points[j][1];
        index_[j] = place_[j] = static_cast<int>(j);
    }
}

WeightedPoints::Two WeightedPoints::nearest_two(const Point& point) const {
    const Scan scan{x_.data(), y_.data(), weight_.data(), x_.size(), point[0], point[1]};
    Found two;
#if DRIFTGLASS_X86
    if (vector_level() == VectorLevel::avx512)
        two = scan_two_avx512(scan);
    else if (vector_level() == VectorLevel::avx2)
        two = scan_two_avx2(scan);
    else
#endif
        two = scan_two<2>(scan);
    return {index_[static_cast<std::size_t>(two.place)], two.first, two.second};
}

void WeightedPoints::begin_search() {
    open_ = x_.size();
    std::fill(distance_.begin(), distance_.end(), infinity);
}

WeightedPoints::Reached WeightedPoints::relax(int number, const Point& point, double base) {
    const Scan scan{x_.data(), y_.data(), weight_.data(), open_, point[0], point[1]};
    double* distance = distance_.data();
    std::int64_t* from = from_.data();
    Found two;
#if DRIFTGLASS_X86
    if (vector_level() == VectorLevel::avx512)
        two = scan_lower_avx512(scan, base, number, distance, from);
    else if (vector_level() == VectorLevel::avx2)
        two = scan_lower_avx2(scan, base, number, distance, from);
    else
#endif
        two = scan_lower<2>(scan, base, number, distance, from);
    return {index_[static_cast<std::size_t>(two.place)], two.first};
}

void WeightedPoints::close(int j) {
    const std::size_t here = place(j);
    const std::size_t last = --open_;
    for (std::vector<double>* of : {&x_, &y_, &weight_, &distance_})
        std::swap((*of)[here], (*of)[last]);
    std::swap(from_[here], from_[last]);
    std::swap(index_[here], index_[last]);
    place_[static_cast<std::size_t>(index_[here])] = static_cast<int>(here);
    place_[static_cast<std::size_t>(j)] = static_cast<int>(last);
}

}  // namespace driftglass
