#pragma once

#include <vector>

#include "core/field/field.hpp"

namespace driftglass {

/// The terms of DDPM's bound -E log p(x0) <= L_K + sum_k L_{k-1} + L_0 (Ho et al. 2020, eq. 5), in
/// nats: the ELBO with its sign turned.
struct DdpmBound {
    double prior = 0;           ///< L_K = E KL(q(x_K | x0) || N(0, I))
    std::vector<double> kl;     ///< [K - 1], L_{k-1} for k = 2 … K
    double reconstruction = 0;  ///< L_0 = -E log p(x0 | x_1)

    double total() const;
};

/// Estimated over x0 [N, D], one fresh x_k for each point and level k = 1 … K at t = k / K, on a
/// variance-preserving path from N(0, I); label as for a field. With the posterior variance as the
/// model's (the method `ddpm`; Kingma et al. 2021, eq. 13), and beta_1 = sigma_1^2,
///     L_{k-1} = (SNR_{k-1} - SNR_k) / 2 E |x0 - x0hat(x_k)|^2,
///     L_0 = D / 2 log(2 pi beta_1) + E |x0 - x0hat(x_1)|^2 / (2 beta_1),
/// so that, as K grows, the terms between two times tend to -1/2 int SNR'(t) E |x0 - x0hat(x_t)|^2
/// dt of the continuous path. The first levels do not get finer in log-SNR: for the exact field of
/// smooth data the whole tends to the entropy plus D / 2 times Euler's constant. K calls of the
/// field. Throws Error on another path, and without a score.
DdpmBound ddpm_bound(const Field& field, const torch::Tensor& x0, const torch::Tensor& label,
                     int levels, torch::Generator generator);

}  // namespace driftglass
