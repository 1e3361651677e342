#include <cmath>

#include "core/train/coupling_families.hpp"

namespace driftglass {

torch::Tensor diffused(const torch::Tensor& x0, const CouplingSettings& settings,
                       torch::Generator& generator) {
    return x0 + settings.s * torch::randn(x0.sizes(), generator, x0.options());
}

double diffused_std(double data_std, const CouplingSettings& settings) {
    return std::hypot(data_std, settings.s);
}

}  // namespace driftglass
