#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/names.hpp"

namespace driftglass {

struct Key;

enum class TimeSampling { uniform, stratified, logit_normal, uniform_log_snr };

inline std::span<const Choice<TimeSampling>> choices(TimeSampling) {
    using enum TimeSampling;
    static constexpr Choice<TimeSampling> all[] = {{uniform, "uniform"},
                                                   {stratified, "stratified"},
                                                   {logit_normal, "logit-normal"},
                                                   {uniform_log_snr, "uniform-log-snr"}};
    return all;
}

enum class Weighting { native, velocity, noise, snr, min_snr, sigmoid };

inline std::span<const Choice<Weighting>> choices(Weighting) {
    using enum Weighting;
    static constexpr Choice<Weighting> all[] = {{native, "native"},   {velocity, "velocity"},
                                                {noise, "noise"},     {snr, "snr"},
                                                {min_snr, "min-snr"}, {sigmoid, "sigmoid"}};
    return all;
}

enum class Objective { denoising, implicit_score_matching };

inline std::span<const Choice<Objective>> choices(Objective) {
    using enum Objective;
    static constexpr Choice<Objective> all[] = {
        {denoising, "denoising"}, {implicit_score_matching, "implicit-score-matching"}};
    return all;
}

/// Scene keys `training.*`.
struct TrainingSettings {
    std::int64_t steps = 4000;    ///< `render` and its kin train this many; the window goes on
    int batch = 1024;             ///< 1 to 65536
    double learning_rate = 0.01;  ///< peak
    double ema = 0.999;           ///< decay of the moving average of the weights, with warm-up
    /// Share of labels hidden, so that "none" is learnt too: half, since that is what most views
    /// show.
    double label_dropout = 0.5;
    TimeSampling time = TimeSampling::stratified;
    Weighting weighting = Weighting::velocity;
    Objective objective = Objective::denoising;

    bool operator==(const TrainingSettings&) const = default;
};
std::vector<Key> keys_of(TrainingSettings& settings);

enum class CouplingKind { independent, minibatch_ot, sinkhorn, diffusion };

inline std::span<const Choice<CouplingKind>> choices(CouplingKind) {
    using enum CouplingKind;
    static constexpr Choice<CouplingKind> all[] = {{independent, "independent"},
                                                   {minibatch_ot, "minibatch-ot"},
                                                   {sinkhorn, "sinkhorn"},
                                                   {diffusion, "diffusion"}};
    return all;
}

/// Whether x1 is made from x0 alone: there is no source then, and no prior in closed form.
bool makes_x1(CouplingKind kind);

/// Scene keys `coupling.*`: how x0 and x1 are paired within a batch.
struct CouplingSettings {
    CouplingKind kind = CouplingKind::independent;
    double epsilon = 0.05;  ///< sinkhorn: entropy, in units of squared distance
    double s = 1;           ///< diffusion: x1 = x0 + N(0, s^2 I)

    bool operator==(const CouplingSettings&) const = default;
};
std::vector<Key> keys_of(CouplingSettings& settings);

/// Scene keys `reflow.*` (Liu et al. 2023).
struct ReflowSettings {
    int rounds = 0;              ///< 0 to 10
    std::int64_t pairs = 20000;  ///< (x1, ODE(x1)) pairs a round
    std::int64_t steps = 4000;   ///< training steps a round
    bool from_scratch = false;   ///< else each round starts from the weights before it

    bool operator==(const ReflowSettings&) const = default;
};
std::vector<Key> keys_of(ReflowSettings& settings);

}  // namespace driftglass
