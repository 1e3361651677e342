#pragma once

#include <chrono>
#include <memory>
#include <span>

namespace driftglass {

/// Exact optimal assignment between two sets of n points in D = 1 or 2 dimensions for the squared
/// Euclidean cost: the permutation that minimises sum_i |a_i - b_match(i)|^2.
///
/// An auction with falling epsilon (Bertsekas 1988) brings the duals near their best; shortest
/// augmenting paths (Jonker and Volgenant 1987) then finish exactly, usually with a handful left to
/// do. Costs are never stored: a row's are computed anew in each pass over the columns
/// (weighted_points.hpp), which takes a fraction of a microsecond. Equal points are one with room
/// for all where they are many. Time O(n^3) at worst, about n^2 log n on points in the plane;
/// memory O(n), about 200 bytes a point. Duals of another batch of the same problem were tried as a
/// start and do not help: they are off by more than a first round mends. D = 1 is a sort.
/// Deterministic. Coordinates must be finite.
class Assignment {
public:
    /// a, b [n, D], copied.
    Assignment(std::span<const float> a, std::span<const float> b, int dimension);
    ~Assignment();
    Assignment(Assignment&&) noexcept;
    Assignment& operator=(Assignment&&) noexcept;

    /// Works for about `budget`; true when solved.
    bool run_for(std::chrono::microseconds budget);
    /// Works until solved.
    void run();

    /// Once solved: the index in b of each point of a, [n].
    std::span<const int> match() const;
    /// Once solved: sum over pairs of the squared distance.
    double cost() const;
    /// Once solved: sqrt(cost / n), the Wasserstein-2 distance of the two sets; 0 for n = 0.
    double root_mean_square() const;

private:
    class Solver;
    std::unique_ptr<Solver> solver_;
};

}  // namespace driftglass
