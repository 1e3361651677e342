#include "core/model/normalisation.hpp"

#include <algorithm>
#include <cmath>

namespace driftglass {

TargetWeights target_weights(Prediction kind, const Coefficients& at) {
    switch (kind) {
        case Prediction::velocity:
            return {at.alpha_prime, at.sigma_prime};
        case Prediction::noise:
            return {0, 1};
        case Prediction::data:
            return {1, 0};
        case Prediction::score:
            return {0, -1 / std::max(at.sigma, 1e-12)};
        case Prediction::salimans_ho:
            return {-at.sigma, at.alpha};
    }
    return {0, 0};
}

Affine affine(const Normalisation& n, const Coefficients& at, Prediction kind) {
    Affine result;
    const double a = at.alpha * n.data_std;
    const double b = at.sigma * n.source_std;
    const double r = std::hypot(a, b);
    result.inverse_r = 1 / r;
    result.cos = a / r;
    result.sin = b / r;
    const auto [a0, a1] = target_weights(kind, at);
    for (int i = 0; i < 2; ++i) {
        result.shift[i] = at.alpha * n.data_mean[i] + at.sigma * n.source_mean[i];
        result.offset[i] = a0 * n.data_mean[i] + a1 * n.source_mean[i];
    }
    result.skip = a0 * n.data_std * result.cos + a1 * n.source_std * result.sin;
    result.out = a1 * n.source_std * result.cos - a0 * n.data_std * result.sin;
    return result;
}

}  // namespace driftglass
