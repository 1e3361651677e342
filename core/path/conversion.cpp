#include "core/path/conversion.hpp"

#include <algorithm>
#include <stdexcept>

namespace driftglass {
namespace {

using torch::Tensor;

/// numerator / denominator, 0 where the denominator is 0.
Tensor divided(const Tensor& numerator, const Tensor& denominator) {
    const Tensor none = denominator == 0;
    return (numerator / denominator.masked_fill(none, 1)).masked_fill(none, 0);
}

Tensor data_from_noise(const Tensor& noise, const Tensor& x, const PathTensors& p) {
    return divided(x - p.sigma * noise, p.alpha);
}

Tensor noise_from_data(const Tensor& data, const Tensor& x, const PathTensors& p) {
    return divided(x - p.alpha * data, p.sigma);
}

// With V = alpha epshat - sigma x0hat and x = alpha x0hat + sigma epshat,
// solved for both.
Tensor data_from_salimans_ho(const Tensor& v, const Tensor& x, const PathTensors& p) {
    return (p.alpha * x - p.sigma * v) / (p.alpha.square() + p.sigma.square());
}

Tensor noise_from_salimans_ho(const Tensor& v, const Tensor& x, const PathTensors& p) {
    return (p.sigma * x + p.alpha * v) / (p.alpha.square() + p.sigma.square());
}

// With v = alpha' x0hat + sigma' epshat and x as above; both terms of the
// determinant are >= 0 where log-SNR falls, so it does not cancel.
Tensor determinant(const PathTensors& p) {
    return p.alpha * p.sigma_prime - p.alpha_prime * p.sigma;
}

Tensor data_from_velocity(const Tensor& v, const Tensor& x, const PathTensors& p) {
    return divided(p.sigma_prime * x - p.sigma * v, determinant(p));
}

Tensor noise_from_velocity(const Tensor& v, const Tensor& x, const PathTensors& p) {
    return divided(p.alpha * v - p.alpha_prime * x, determinant(p));
}

struct Pair {
    Tensor data;
    Tensor noise;
};

Pair data_and_noise(const Tensor& value, Prediction from, const Tensor& x, const PathTensors& p) {
    switch (from) {
        case Prediction::data:
            return {value, noise_from_data(value, x, p)};
        case Prediction::noise:
            return {data_from_noise(value, x, p), value};
        case Prediction::score: {
            const Tensor noise = -p.sigma * value;
            return {data_from_noise(noise, x, p), noise};
        }
        case Prediction::velocity:
            return {data_from_velocity(value, x, p), noise_from_velocity(value, x, p)};
        case Prediction::salimans_ho:
            return {data_from_salimans_ho(value, x, p), noise_from_salimans_ho(value, x, p)};
    }
    throw std::logic_error("unknown prediction");
}

Tensor only_data(const Tensor& value, Prediction from, const Tensor& x, const PathTensors& p) {
    switch (from) {
        case Prediction::velocity:
            return data_from_velocity(value, x, p);
        case Prediction::salimans_ho:
            return data_from_salimans_ho(value, x, p);
        default:
            return data_and_noise(value, from, x, p).data;
    }
}

Tensor only_noise(const Tensor& value, Prediction from, const Tensor& x, const PathTensors& p) {
    switch (from) {
        case Prediction::score:
            return -p.sigma * value;
        case Prediction::velocity:
            return noise_from_velocity(value, x, p);
        case Prediction::salimans_ho:
            return noise_from_salimans_ho(value, x, p);
        default:
            return data_and_noise(value, from, x, p).noise;
    }
}

}  // namespace

PathTensors path_tensors(const Schedule& schedule, const Tensor& t, torch::Device device) {
    constexpr double large = 1e18;
    const Tensor times = t.to(torch::kCPU, torch::kFloat64).contiguous();
    const std::int64_t count = times.numel();
    const Tensor all = torch::empty({4, count}, torch::kFloat32);
    const double* time = times.data_ptr<double>();
    float* out = all.data_ptr<float>();
    for (std::int64_t i = 0; i < count; ++i) {
        const Coefficients c = schedule.at(time[i]);
        const double values[] = {c.alpha, c.sigma, c.alpha_prime, c.sigma_prime};
        for (int k = 0; k < 4; ++k) {
            out[k * count + i] = static_cast<float>(std::clamp(values[k], -large, large));
        }
    }
    const Tensor there = all.to(device);
    const auto row = [&](int k) {
        return times.dim() == 0 ? there[k].squeeze(0) : there[k].unsqueeze(1);
    };
    return {row(0), row(1), row(2), row(3)};
}

Tensor convert(const Tensor& value, Prediction from, Prediction to, const Tensor& x,
               const PathTensors& p) {
    if (from == to) return value;
    switch (to) {
        case Prediction::data:
            return only_data(value, from, x, p);
        case Prediction::noise:
            return only_noise(value, from, x, p);
        case Prediction::score:
            return -divided(only_noise(value, from, x, p), p.sigma);
        case Prediction::velocity: {
            const Pair pair = data_and_noise(value, from, x, p);
            return p.alpha_prime * pair.data + p.sigma_prime * pair.noise;
        }
        case Prediction::salimans_ho: {
            const Pair pair = data_and_noise(value, from, x, p);
            return p.alpha * pair.noise - p.sigma * pair.data;
        }
    }
    throw std::logic_error("unknown prediction");
}

}  // namespace driftglass
