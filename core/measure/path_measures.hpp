#pragma once

#include <cstdint>

#include "core/field/field.hpp"

namespace driftglass {

/// Integrals along a model's own trajectories, from t = 1 to t_min by RK4, averaged over N starts.
struct PathMeasures {
    double straightness =
        0;  ///< S = int E |(x1 - x0) - v(x_t, t)|^2 dt (Liu et al. 2023); 0: straight
    double path_energy = 0;     ///< PE = int E |v|^2 dt
    double transport_cost = 0;  ///< E |x1 - x0|^2 of the coupling that the model makes
    torch::Tensor end;          ///< [N, D], x at t_min
    std::int64_t nfe = 0;
    bool diverged = false;
};

/// By Simpson's rule over pairs of RK4 steps (an odd number is made even), even in u with t = t_min
/// + (1 - t_min) u^3 (4 - 3u): dense at both ends, the more near the data, where v may grow as 1 /
/// sqrt(t). The integrals are means over [t_min, 1], and x1 - x0 within S is the displacement
/// divided by 1 - t_min, so that a straight flow has S = 0 and PE its cost. x1 [N, D], label as for
/// a field. NFE 4 a step.
PathMeasures path_measures(const Field& field, const torch::Tensor& x1, const torch::Tensor& label,
                           int steps = 64, double t_min = 1e-3);

/// NPE = |PE - W2^2| / W2^2, with W2 between source and target (Tong et al. 2024).
double normalised_path_energy(double path_energy, double w2_squared);

}  // namespace driftglass
