#include "core/measure/tilted_density.hpp"

#include <algorithm>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

namespace {

/// Centres of cells along one axis.
Tensor centres(double low, double high, int count) {
    return (torch::arange(count, torch::kFloat64) + 0.5) * ((high - low) / count) + low;
}

}  // namespace

TiltedDensity tilted_density(const ExactField& field, int label, double scale, double t,
                             std::array<double, 2> low, std::array<double, 2> high, int columns,
                             int rows) {
    TiltedDensity density;
    const bool flat = field.dimension() == 1;
    density.low = low;
    density.high = high;
    density.columns = columns;
    density.rows = flat ? 1 : rows;
    const Tensor across = centres(low[0], high[0], columns);
    Tensor points;
    double cell = (high[0] - low[0]) / columns;
    if (flat) {
        points = across.unsqueeze(1);
    } else {
        const Tensor up = centres(low[1], high[1], rows);
        points = torch::stack({across.repeat({rows}), up.repeat_interleave(columns)}, 1);
        cell *= (high[1] - low[1]) / rows;
    }
    points = points.to(field.device());
    const Tensor time = at_time(t);
    // log q + w (log q(x | c) + log p(c) - log q).
    const Tensor log_q = field.log_density(points, time);
    const Tensor log_tilt = log_q + scale * field.log_class_probability(points, time, label);
    const Tensor weight = torch::nan_to_num(log_tilt - log_tilt.max(), 0.0).exp();
    density.values = (weight / (weight.sum() * cell))
                         .to(torch::kCPU, torch::kFloat64)
                         .view({density.rows, density.columns});
    return density;
}

Tensor TiltedDensity::mean() const {
    const Tensor share = values / values.sum();
    const Tensor x = (share.sum(0) * centres(low[0], high[0], columns)).sum();
    if (rows == 1) return x.unsqueeze(0);
    const Tensor y = (share.sum(1) * centres(low[1], high[1], rows)).sum();
    return torch::stack({x, y});
}

Tensor TiltedDensity::variance() const {
    const Tensor share = values / values.sum();
    const Tensor middle = mean();
    const Tensor x =
        (share.sum(0) * (centres(low[0], high[0], columns) - middle[0]).square()).sum();
    if (rows == 1) return x.unsqueeze(0);
    const Tensor y = (share.sum(1) * (centres(low[1], high[1], rows) - middle[1]).square()).sum();
    return torch::stack({x, y});
}

Tensor TiltedDensity::draw(std::int64_t count, torch::Generator generator) const {
    const Tensor cumulative = values.reshape({-1}).cumsum(0);
    const Tensor level = torch::rand({count}, generator, torch::kFloat64) * cumulative[-1];
    const Tensor cell =
        torch::searchsorted(cumulative, level, false, true).clamp_max(cumulative.numel() - 1);
    const bool flat = rows == 1;
    const Tensor jitter = torch::rand({count, 2}, generator, torch::kFloat64);
    const Tensor x =
        (cell.remainder(columns) + jitter.select(1, 0)) * ((high[0] - low[0]) / columns) + low[0];
    if (flat) return x.unsqueeze(1).to(torch::kFloat32);
    const Tensor y =
        (cell.div(columns, "floor") + jitter.select(1, 1)) * ((high[1] - low[1]) / rows) + low[1];
    return torch::stack({x, y}, 1).to(torch::kFloat32);
}

}  // namespace driftglass
