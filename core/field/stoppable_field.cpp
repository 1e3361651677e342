#include "core/field/stoppable_field.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

/// Rows of what has one for each point, or the one (or none) that serves all.
struct Slice {
    std::int64_t first, count;

    Tensor of(const Tensor& all) const {
        if (!all.defined() || all.dim() == 0 || all.size(0) < first + count) return all;
        return all.narrow(0, first, count);
    }
};

}  // namespace

StoppableField::StoppableField(const Field& field, std::int64_t rows, std::stop_token stop)
    : field_(field), rows_(std::max<std::int64_t>(rows, 1)), stop_(std::move(stop)) {}

template <class Evaluate>
Tensor StoppableField::in_slices(std::int64_t count, const Evaluate& evaluate) const {
    std::vector<Tensor> parts;
    std::int64_t first = 0;
    do {
        if (stop_.stop_requested()) throw Stopped();
        const std::int64_t before = field_.evaluations();
        parts.push_back(evaluate(Slice{first, std::min(rows_, count - first)}));
        if (first == 0) evaluations_ += field_.evaluations() - before;
        first += rows_;
    } while (first < count);
    return parts.size() == 1 || !parts[0].defined() ? parts[0] : torch::cat(parts);
}

Tensor StoppableField::native_value(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return value(native(), x, t, label);
}

Tensor StoppableField::value(Prediction kind, const Tensor& x, const Tensor& t,
                             const Tensor& label) const {
    return in_slices(x.size(0), [&](const Slice& slice) {
        return field_.value(kind, slice.of(x), slice.of(t), slice.of(label));
    });
}

Tensor StoppableField::divergence(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return in_slices(x.size(0), [&](const Slice& slice) {
        return field_.divergence(slice.of(x), slice.of(t), slice.of(label));
    });
}

Tensor StoppableField::probed_divergence(const Tensor& probe, const Tensor& x, const Tensor& t,
                                         const Tensor& label) const {
    return in_slices(x.size(0), [&](const Slice& slice) {
        return field_.probed_divergence(slice.of(probe), slice.of(x), slice.of(t), slice.of(label));
    });
}

Tensor StoppableField::log_density(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return in_slices(x.size(0), [&](const Slice& slice) {
        return field_.log_density(slice.of(x), slice.of(t), slice.of(label));
    });
}

}  // namespace driftglass
