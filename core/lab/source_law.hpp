#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/data/distribution.hpp"
#include "core/lab/snapshot.hpp"
#include "core/path/schedule.hpp"
#include "core/torch.hpp"
#include "core/train/trainer.hpp"

namespace driftglass {

/// The law of a source of kind `data`; null for the others. Throws Error where it has no points.
std::shared_ptr<const Distribution> drawn_source(const SourceSettings& settings, int dimension,
                                                 const std::filesystem::path& folder);

/// The source for the trainer.
TrainingSource training_source(const SourceSettings& settings,
                               std::shared_ptr<const Distribution> drawn,
                               std::shared_ptr<const Schedule> schedule, int dimension);

/// Points as float32 [N, D] on the CPU, and their labels as int64 [N] (undefined: none).
torch::Tensor positions_of(const PointSet& points);
torch::Tensor labels_of(const PointSet& points);
/// One label for `count` rows, int64 [count] on `device`; undefined for none.
torch::Tensor label_rows(std::optional<int> label, std::int64_t count, torch::Device device);
/// The law of those points that have the label; the law itself without one. Of a finite set these
/// points; of any other law draws until enough have it, those found repeated where they are rarer
/// than one in a thousand. Throws Error, then or when it is drawn from, where none has it.
std::shared_ptr<const Distribution> labelled_law(std::shared_ptr<const Distribution> law,
                                                 std::optional<int> label);
/// Rows [T, N, D] at their times; no paths for an undefined tensor.
Trajectories trajectories_of(const torch::Tensor& rows, std::vector<double> times);
/// [N, D] as plain numbers, row by row; nothing for an undefined tensor.
std::vector<float> numbers_of(const torch::Tensor& x);

}  // namespace driftglass
