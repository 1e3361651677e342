#include "core/lab/loss_history.hpp"

#include <algorithm>
#include <cmath>

namespace driftglass {

void LossHistory::add(std::int64_t step, double loss) {
    if (!std::isfinite(loss) || step <= last_) return;
    const auto weight = static_cast<double>(step - last_);
    last_ = step;
    sum_ += loss * weight;
    weight_ += weight;
    if (weight_ < stride_) return;
    steps_.push_back(static_cast<double>(step));
    losses_.push_back(sum_ / weight_);
    weights_.push_back(weight_);
    sum_ = weight_ = 0;
    if (steps_.size() < limit) return;
    const std::size_t half = steps_.size() / 2;
    for (std::size_t i = 0; i < half; ++i) {
        const double w0 = weights_[2 * i];
        const double w1 = weights_[2 * i + 1];
        losses_[i] = (losses_[2 * i] * w0 + losses_[2 * i + 1] * w1) / (w0 + w1);
        steps_[i] = steps_[2 * i + 1];
        weights_[i] = w0 + w1;
    }
    steps_.resize(half);
    losses_.resize(half);
    weights_.resize(half);
    stride_ = std::max(2 * stride_, *std::min_element(weights_.begin(), weights_.end()));
}

}  // namespace driftglass
