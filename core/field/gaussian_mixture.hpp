#pragma once

#include <vector>

#include "core/data/data_settings.hpp"
#include "core/data/point_set.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// sum_k p_k N(m_k, s_k^2 I); a finite set of points is one with s_k = 0. On the CPU, in float64.
struct GaussianMixture {
    torch::Tensor means;    ///< [K, D]
    torch::Tensor stds;     ///< [K], >= 0
    torch::Tensor weights;  ///< [K], sum 1
    torch::Tensor labels;   ///< int64 [K], -1 = none

    int dimension() const { return static_cast<int>(means.size(1)); }
    std::int64_t size() const { return means.size(0); }
    /// True where the density exists: every s_k > 0.
    bool is_smooth() const { return stds.min().item<double>() > 0; }
};

/// Throws Error for no components, a mean that is not finite, a std below 0 or a weight that is not
/// positive.
GaussianMixture mixture_of_components(const std::vector<MixtureComponent>& components,
                                      int dimension);
/// Equal weights, s_k = kernel_width >= 0. Throws Error for no points or a coordinate that is not
/// finite.
GaussianMixture mixture_of_points(const PointSet& points, double kernel_width);
/// N(0, I).
GaussianMixture standard_gaussian(int dimension);

}  // namespace driftglass
