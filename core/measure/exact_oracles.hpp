#pragma once

#include "core/field/exact_field.hpp"

namespace driftglass {

/// A Monte Carlo mean with its standard error.
struct Estimate {
    double mean = 0;
    double standard_error = 0;
};

/// As many of the wanted draws as an exact field answers in a moment: 2^23 pairs of a draw and a
/// component, at least 64 draws.
std::int64_t affordable_draws(const ExactField& field, std::int64_t wanted);

/// floor(t) = E Var(target | x_t), summed over the D coordinates: what the loss of a prediction
/// kind cannot go below at t. The variance is in closed form, x_t ~ q_t is drawn `draws` times.
Estimate loss_floor(const ExactField& field, Prediction kind, double t, std::int64_t draws,
                    torch::Generator generator, int label = -1);

/// -E log q_0(x) of the data in nats: what no model's NLL goes below. Throws Error for finite data
/// of width 0, which has no density.
Estimate entropy(const ExactField& field, std::int64_t draws, torch::Generator generator,
                 int label = -1);

}  // namespace driftglass
