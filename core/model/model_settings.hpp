#pragma once

#include <vector>

#include "core/path/prediction.hpp"

namespace driftglass {

struct Key;

/// Scene keys `model.*`. A change rebuilds the network and starts training again.
struct ModelSettings {
    int width = 128;  ///< units a layer, 8 to 1024
    int depth = 3;    ///< hidden layers, 1 to 8
    Prediction prediction = Prediction::velocity;

    bool operator==(const ModelSettings&) const = default;
};
std::vector<Key> keys_of(ModelSettings& settings);

}  // namespace driftglass
