#include "core/sample/sampler_settings.hpp"

#include "core/key.hpp"

namespace driftglass {

std::vector<Key> keys_of(SamplerSettings& s) {
    return {{"method", choice_slot(s.method), {}, "the solver"},
            {"steps", &s.steps, {1, 10000}, "steps from t = 1 to t_min"},
            {"grid", choice_slot(s.grid), {}, "how the steps are spaced"},
            {"noise", &s.noise, {0, 4}, "u / g of the reverse SDE; 0 is the PF-ODE"},
            {"t_min", &s.t_min, {0, 1, true, true}, "where sampling ends"},
            {"last", choice_slot(s.last), {}, "denoise: one more row, x0hat at t = 0"},
            {"eta", &s.eta, {0, 1}, "ddim: 0 deterministic to 1 ancestral"},
            {"rtol", &s.rtol, {1e-12, 1}, "dopri5: relative tolerance, at least ten roundings"},
            {"atol", &s.atol, {1e-12, 1}, "dopri5: absolute tolerance"},
            {"step_size",
             &s.step_size,
             {1e-6, 2},
             "langevin and correctors: step, in units of sigma_t^2"},
            {"corrector_steps",
             &s.corrector_steps,
             {0, 1000},
             "predictor-corrector and annealed-langevin: Langevin steps at each level"},
            {"churn", &s.churn, {0, 0.41421356237309515}, "churn: gamma of a step"},
            {"time", &s.time, {1e-6, 1}, "langevin: the t it runs at"}};
}

}  // namespace driftglass
