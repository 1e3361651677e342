#pragma once

#include "core/model/normalisation.hpp"
#include "core/path/schedule.hpp"
#include "core/train/training_settings.hpp"

namespace driftglass {

/// What to multiply |F - F*|^2 by, F* = -sin(theta) z0 + cos(theta) z1, so that it becomes the loss
/// that `weighting` names (Affine::out turns an error in F into one of a prediction):
///   native    |error of what the network predicts|^2
///   velocity  |error of the velocity|^2
///   noise     |error of epshat|^2
///   snr       SNR |error of x0hat|^2, which is `noise` again (Salimans and Ho 2022, section 4)
///   min_snr   min(SNR, 5) |error of x0hat|^2 (Hang et al. 2023)
///   sigmoid   sigmoid(2 - log-SNR) |error of epshat|^2 (Kingma and Gao 2023)
/// with SNR = (alpha / sigma)^2.
double loss_weight(Weighting weighting, Prediction native, const Normalisation& normalisation,
                   const Coefficients& at);

/// The u-quantile of the distribution that t is drawn from, u in (0, 1):
///   uniform, stratified  u
///   logit_normal         sigmoid(Phi^-1(u)) (Esser et al. 2024)
///   uniform_log_snr      log-SNR uniform between its values at t = 1 and t = 0.0001, both within
///                        [-15, 15]
double time_quantile(TimeSampling sampling, const Schedule& schedule, double u);

}  // namespace driftglass
