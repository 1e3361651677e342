#pragma once

#include "core/model/normalisation.hpp"
#include "core/torch.hpp"

namespace driftglass {

/// Affine at a time, held within [1e-9, 1 - 1e-9].
Affine affine_at(const Normalisation& normalisation, Prediction kind, const Schedule& schedule,
                 double t);

/// The numbers of Affine (normalisation.hpp) as float32 tensors on the network's device that
/// broadcast over [N, D], with the features of the angle: a row for each time.
struct AffineTensors {
    torch::Tensor inverse_r, shift, offset, skip, out;
    torch::Tensor cos, sin;  ///< [N or 1, 1], of theta
    torch::Tensor features;  ///< [N or 1, time_feature_count]
};

/// Of affine_at; t double on the CPU, [] or [N].
AffineTensors affine_tensors(const Normalisation& normalisation, int dimension, Prediction kind,
                             const Schedule& schedule, const torch::Tensor& t,
                             torch::Device device);

}  // namespace driftglass
