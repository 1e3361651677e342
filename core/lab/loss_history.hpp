#pragma once

#include <cstdint>
#include <vector>

namespace driftglass {

/// A curve with a bounded number of points however long it grows: when it is full, neighbours are
/// joined in pairs, and points come half as often.
class LossHistory {
public:
    static constexpr std::size_t limit = 800;

    /// `loss` is the mean over the steps since the last call.
    void add(std::int64_t step, double loss);
    void clear() { *this = {}; }

    const std::vector<double>& steps() const { return steps_; }
    const std::vector<double>& losses() const { return losses_; }

private:
    std::vector<double> steps_;
    std::vector<double> losses_;
    std::vector<double> weights_;  ///< steps that a point stands for
    std::int64_t last_ = 0;
    double stride_ = 0;  ///< fewest steps between points
    // The point being gathered.
    double sum_ = 0;
    double weight_ = 0;
};

}  // namespace driftglass
