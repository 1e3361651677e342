#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/model/classifier.hpp"
#include "core/model/network.hpp"

namespace driftglass {

/// One network of a file of weights.
struct SavedModel {
    int round = 0;          ///< 0: trained on the scene's path; later, of reflow: the straight line
    std::int64_t step = 0;  ///< of the training of its round
    bool has_score = true;
    Network network;
    std::shared_ptr<const Classifier> classifier;  ///< learnt beside it; null: none
};

struct SavedWeights {
    /// What they were trained with: kinds in the words of the scene, and the width of x1 on the
    /// scene's path, from which later rounds start too.
    std::string source, coupling;
    double source_scale = 1;
    /// Round after round from 0, none left out; in each, earlier steps that were shown, rising, and
    /// then its last weights. At least one.
    std::vector<SavedModel> models;
};

/// Atomic (temporary name, then renamed). Networks of one shape. Throws Error.
void save_weights(const std::filesystem::path& file, const SavedWeights& weights);

/// Throws Error in one sentence: no such file, not a file of weights, or made for another width,
/// depth, dimension or prediction than `settings` and `dimension` say.
SavedWeights load_weights(const std::filesystem::path& file, const ModelSettings& settings,
                          int dimension, torch::Device device);

}  // namespace driftglass
