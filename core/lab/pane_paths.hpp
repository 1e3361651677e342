#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/lab/snapshot.hpp"
#include "core/lab/view_field.hpp"
#include "core/sample/sampler.hpp"

namespace driftglass {

/// What one pane's samples depend on: equal keys give equal samples.
struct PaneKey {
    ViewSpec view;
    std::uint64_t version = 0;  ///< of the field: an exact field's or a model's
    int round = 0;              ///< of reflow, that the model is of
    std::uint64_t starts = 0;   ///< of the starting noise: seed, source, path, dimension
    std::uint64_t labels = 0;   ///< guided views: of the data, whose labels are asked for

    bool operator==(const PaneKey&) const = default;
    /// Equal but for the weights of a model in training.
    bool same_choice(const PaneKey& other) const;
};

/// Paths of one pane, made in blocks of 256 starts. A block is always whole and has its own noise,
/// so what it holds depends neither on how many are wanted nor on when they were made; and it is as
/// long as a command ever waits.
class PanePaths {
public:
    static constexpr std::int64_t block = 256;

    /// Paths of `key` are wanted from now on; what was made for another is dropped when the first
    /// new block is done.
    void want(const PaneKey& key) { wanted_ = key; }
    const PaneKey& wanted() const { return *wanted_; }
    bool has(std::int64_t count) const;
    /// Fresh in everything but the weights of a model in training.
    bool has_choice(std::int64_t count) const;

    /// Makes the next block. `starts` [n, D] with n at least (blocks() + 1) * block. False:
    /// cancelled, nothing was added. Throws Error as sample() does.
    bool make_block(const Field& field, const torch::Tensor& starts, std::uint64_t seed,
                    const std::function<bool()>& cancelled);
    std::int64_t count() const { return static_cast<std::int64_t>(blocks_.size()) * block; }
    void clear() {
        made_.reset();
        blocks_.clear();
    }

    /// The first `count` paths as plain numbers.
    std::shared_ptr<const Trajectories> trajectories(std::int64_t count) const;
    /// Where the first `count` paths end: float32 [count, D] on the CPU.
    torch::Tensor ends(std::int64_t count) const;

private:
    std::optional<PaneKey> wanted_, made_;
    std::vector<Path> blocks_;  ///< rows on the CPU
};

/// The positions of all paths at t, linear between rows: float32 [count, 2].
std::vector<float> positions_at(const Trajectories& trajectories, double t);

/// Velocity on the grid of a pane at t; weight as `density` (row by row, any scale) relative to its
/// maximum. In dimension 1 the grid is space against time and the arrow (d across / dt, v).
std::shared_ptr<const ArrowGrid> make_arrows(const Field& field, const Rect& world, int columns,
                                             int rows, double t, std::optional<int> label,
                                             const std::vector<float>& density);

/// Centres of the cells of a grid, row 0 at y_min: float32 [rows * columns, 2].
torch::Tensor cell_centres(const Rect& world, int columns, int rows);

}  // namespace driftglass
