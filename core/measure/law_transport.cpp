#include "core/measure/law_transport.hpp"

#include <algorithm>
#include <cmath>

namespace driftglass {
namespace {

using Points = std::span<const float>;

std::array<Assignment, 3> whole_and_halves(Points a, Points b, int dimension) {
    const std::size_t columns = static_cast<std::size_t>(dimension);
    const std::size_t half = a.size() / columns / 2 * columns;
    return {Assignment(a, b, dimension), Assignment(a.first(half), b.first(half), dimension),
            Assignment(a.last(half), b.last(half), dimension)};
}

}  // namespace

LawTransport::LawTransport(Points a, Points b, int dimension)
    : parts_(whole_and_halves(a, b, dimension)) {}

bool LawTransport::run_for(std::chrono::microseconds budget) {
    const auto end = std::chrono::steady_clock::now() + budget;
    return std::all_of(parts_.begin(), parts_.end(), [&](Assignment& part) {
        using std::chrono::microseconds;
        return part.run_for(std::chrono::duration_cast<microseconds>(
            std::max(end - std::chrono::steady_clock::now(), {})));
    });
}

double LawTransport::squared_w2() const {
    const auto square = [&](std::size_t part) {
        return std::pow(parts_[part].root_mean_square(), 2);
    };
    return std::max(2 * square(0) - (square(1) + square(2)) / 2, 0.0);
}

}  // namespace driftglass
