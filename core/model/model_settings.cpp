#include "core/model/model_settings.hpp"

#include "core/key.hpp"

namespace driftglass {

std::vector<Key> keys_of(ModelSettings& m) {
    return {{"width", &m.width, {8, 1024}, "units in each hidden layer"},
            {"depth", &m.depth, {1, 8}, "hidden layers"},
            {"prediction",
             choice_slot(m.prediction),
             {},
             "what the network stands for: weighting native counts its error; inside, all are one "
             "normalised velocity"}};
}

}  // namespace driftglass
