#pragma once

#include <span>
#include <vector>

#include "core/names.hpp"

namespace driftglass {

struct Key;

/// A method is its step, beside its formula in samplers.hpp, and its row in methods.cpp.
enum class Method {
    euler,
    midpoint,
    heun,
    rk4,
    dopri5,
    ddim,
    ddpm,
    euler_maruyama,
    sde_heun,
    langevin,
    annealed_langevin,
    predictor_corrector,
    churn,
    dpm_solver_2m
};

std::span<const Choice<Method>> choices(Method);

enum class GridKind { uniform_t, uniform_log_snr, karras, cosine };

inline std::span<const Choice<GridKind>> choices(GridKind) {
    using enum GridKind;
    static constexpr Choice<GridKind> all[] = {{uniform_t, "uniform-t"},
                                               {uniform_log_snr, "uniform-log-snr"},
                                               {karras, "karras"},
                                               {cosine, "cosine"}};
    return all;
}

enum class LastStep { none, denoise };

inline std::span<const Choice<LastStep>> choices(LastStep) {
    static constexpr Choice<LastStep> all[] = {{LastStep::none, "none"},
                                               {LastStep::denoise, "denoise"}};
    return all;
}

/// Scene keys `sampler.*`.
struct SamplerSettings {
    Method method = Method::heun;
    int steps = 32;  ///< N steps run from t = 1 to t_min, 1 to 10000
    GridKind grid = GridKind::uniform_t;
    double noise = 0;                ///< u / g of the reverse family, 0 to 4; 0 is the PF-ODE
    double t_min = 0.001;            ///< in (0, 1)
    LastStep last = LastStep::none;  ///< denoise: one more row, x0hat at t = 0
    double eta = 0;                  ///< ddim: 0 deterministic to 1 ancestral
    double rtol = 1e-5;              ///< dopri5
    double atol = 1e-6;              ///< dopri5
    double step_size = 0.05;         ///< langevin, the corrector: eta in units of sigma_t^2
    int corrector_steps = 1;  ///< predictor-corrector, annealed-langevin: Langevin steps a level
    double churn = 0.4;       ///< churn: gamma a step, at most sqrt(2) - 1
    double time = 0.1;        ///< langevin: the fixed t it runs at

    bool operator==(const SamplerSettings&) const = default;
};

std::vector<Key> keys_of(SamplerSettings& settings);

}  // namespace driftglass
