#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/sample/sampler_settings.hpp"

namespace driftglass {

/// What the other rooms need to know of a method; its step is beside it in methods.cpp, its formula
/// in samplers.hpp.
struct MethodFacts {
    Method method;
    std::string_view name;                 ///< in scenes and commands
    std::string_view title;                ///< in captions
    std::string_view short_title = title;  ///< in narrow ones, as papers shorten it
    /// Of the field in one step, beside Langevin steps; 0: as many as its tolerance asks for. churn
    /// takes one where the step starts from nearly nothing but noise.
    int evaluations = 1;
    /// Langevin steps within a step, each of one evaluation and with noise of its own; null: none.
    int (*langevin_steps)(const SamplerSettings& settings) = nullptr;
    bool needs_score = true;  ///< false: a solver of the PF-ODE, which reads the velocity alone
    /// The key under `sampler.` that, above 0, asks for noise of the forward process's size g:
    /// `noise`, `eta`, `churn`; `method`: some is always added; empty: never.
    std::string_view noise = {};
    std::vector<std::string_view> reads = {};  ///< keys under `sampler.` that are its own
};

/// Every method, in the order in which they are offered.
std::span<const MethodFacts> all_methods();
const MethodFacts& facts_of(Method method);

/// Evaluations of the field in one step; 0: as many as its tolerance asks for.
int evaluations_a_step(const SamplerSettings& settings);
/// The key that asks for noise of the forward process's size g, "noise", "eta" …; empty: none is
/// added with these settings.
std::string_view key_of_noise(const SamplerSettings& settings);
/// True where the method adds noise of its own with these settings (so a caption says SDE).
bool is_stochastic(const SamplerSettings& settings);
/// True where the method reads more of the field than its velocity.
bool needs_score(const SamplerSettings& settings);
/// The reverse SDE with the dial u / g, `sampler.noise`: euler-maruyama, sde-heun,
/// predictor-corrector.
bool has_noise_dial(Method method);
/// "euler, midpoint, heun, rk4 or dopri5": for messages.
std::string names_of_ode_solvers();

}  // namespace driftglass
