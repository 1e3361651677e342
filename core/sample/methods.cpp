#include "core/sample/methods.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/key.hpp"
#include "core/sample/samplers.hpp"

namespace driftglass {
namespace {

struct Row {
    MethodFacts facts;
    SamplerStep* step;
};

int one(const SamplerSettings&) {
    return 1;
}
int at_each_level(const SamplerSettings& settings) {
    return settings.corrector_steps;
}

/// The registry: a method is its entry in Method, its step and this row.
const std::vector<Row>& rows() {
    using enum Method;
    static const std::vector<Row> all = {
        {{.method = euler, .name = "euler", .title = "Euler", .needs_score = false}, euler_sampler},
        {{.method = midpoint,
          .name = "midpoint",
          .title = "Midpoint",
          .evaluations = 2,
          .needs_score = false},
         midpoint_sampler},
        {{.method = heun, .name = "heun", .title = "Heun", .evaluations = 2, .needs_score = false},
         heun_sampler},
        {{.method = rk4, .name = "rk4", .title = "RK4", .evaluations = 4, .needs_score = false},
         rk4_sampler},
        {{.method = dopri5,
          .name = "dopri5",
          .title = "Dormand\xe2\x80\x93Prince",
          .short_title = "DP5",
          .evaluations = 0,
          .needs_score = false,
          .reads = {"rtol", "atol"}},
         dopri5_sampler},
        {{.method = ddim, .name = "ddim", .title = "DDIM", .noise = "eta", .reads = {"eta"}},
         ddim_sampler},
        {{.method = dpm_solver_2m,
          .name = "dpm-solver-2m",
          .title = "DPM-Solver++ 2M",
          .short_title = "DPM++ 2M"},
         dpm_solver_2m_sampler},
        {{.method = euler_maruyama,
          .name = "euler-maruyama",
          .title = "Euler\xe2\x80\x93Maruyama",
          .short_title = "EM",
          .noise = "noise",
          .reads = {"noise"}},
         euler_maruyama_sampler},
        {{.method = sde_heun,
          .name = "sde-heun",
          .title = "SDE Heun",
          .evaluations = 2,
          .noise = "noise",
          .reads = {"noise"}},
         sde_heun_sampler},
        {{.method = ddpm, .name = "ddpm", .title = "DDPM", .noise = "method"}, ddpm_sampler},
        {{.method = churn,
          .name = "churn",
          .title = "churn",
          .evaluations = 2,
          .noise = "churn",
          .reads = {"churn"}},
         churn_sampler},
        {{.method = predictor_corrector,
          .name = "predictor-corrector",
          .title = "predictor\xe2\x80\x93"
                   "corrector",
          .short_title = "PC",
          .langevin_steps = at_each_level,
          .noise = "noise",
          .reads = {"noise", "corrector_steps", "step_size"}},
         predictor_corrector_sampler},
        {{.method = annealed_langevin,
          .name = "annealed-langevin",
          .title = "annealed Langevin",
          .evaluations = 0,
          .langevin_steps = at_each_level,
          .reads = {"corrector_steps", "step_size"}},
         annealed_langevin_sampler},
        {{.method = langevin,
          .name = "langevin",
          .title = "Langevin",
          .evaluations = 0,
          .langevin_steps = one,
          .reads = {"step_size", "time"}},
         langevin_sampler},
    };
    return all;
}

const Row& row_of(Method method) {
    for (const Row& row : rows()) {
        if (row.facts.method == method) return row;
    }
    throw std::logic_error("a sampler without a row in core/sample/methods.cpp");
}

/// The number of one of the sampler's keys.
double number_of(SamplerSettings settings, std::string_view name) {
    for (const Key& key : keys_of(settings)) {
        if (key.name == name) return *std::get<double*>(key.slot);
    }
    throw std::logic_error("a sampler reads a key that there is not");
}

}  // namespace

std::span<const MethodFacts> all_methods() {
    static const std::vector<MethodFacts> all = [] {
        std::vector<MethodFacts> facts;
        for (const Row& row : rows())
            facts.push_back(row.facts);
        return facts;
    }();
    return all;
}

std::span<const Choice<Method>> choices(Method) {
    static const std::vector<Choice<Method>> all = [] {
        std::vector<Choice<Method>> names;
        for (const Row& row : rows())
            names.push_back({row.facts.method, row.facts.name});
        return names;
    }();
    return all;
}

const MethodFacts& facts_of(Method method) {
    return row_of(method).facts;
}

SamplerStep* step_of(Method method) {
    return row_of(method).step;
}

int evaluations_a_step(const SamplerSettings& settings) {
    const MethodFacts& facts = facts_of(settings.method);
    return facts.evaluations + (facts.langevin_steps ? facts.langevin_steps(settings) : 0);
}

std::string_view key_of_noise(const SamplerSettings& settings) {
    const std::string_view key = facts_of(settings.method).noise;
    if (key.empty() || key == "method" || number_of(settings, key) > 0) return key;
    return {};
}

bool is_stochastic(const SamplerSettings& settings) {
    const MethodFacts& facts = facts_of(settings.method);
    return !key_of_noise(settings).empty() ||
           (facts.langevin_steps && facts.langevin_steps(settings) > 0);
}

bool needs_score(const SamplerSettings& settings) {
    return facts_of(settings.method).needs_score || settings.last == LastStep::denoise;
}

bool has_noise_dial(Method method) {
    return facts_of(method).noise == "noise";
}

std::string names_of_ode_solvers() {
    std::vector<std::string_view> names;
    for (const MethodFacts& facts : all_methods()) {
        if (!facts.needs_score) names.push_back(facts.name);
    }
    return in_words(names);
}

}  // namespace driftglass
