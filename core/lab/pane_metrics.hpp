#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "core/lab/pane_paths.hpp"
#include "core/lab/setup.hpp"
#include "core/measure/assignment.hpp"
#include "core/measure/law_transport.hpp"

namespace driftglass {

/// Points that each distance of a pane is taken with.
inline constexpr std::int64_t metric_points = 2048;

/// The W2 of two fresh draws of the target, averaged over five pairs: what W2 cannot go below. In
/// slices; known after the first pair, better with each.
class FloorJob {
public:
    static constexpr int pairs = 5;

    void want(std::uint64_t data_version) { wanted_ = data_version; }
    bool stale() const { return running_ != wanted_ || done_ < pairs; }
    std::optional<double> w2() const {
        return running_ == wanted_ && done_ > 0 ? std::optional(sum_ / done_) : std::nullopt;
    }
    /// True when another pair is done.
    bool step(const Setup& setup, std::chrono::microseconds budget);

private:
    std::uint64_t wanted_ = 0, running_ = 0;
    std::shared_ptr<const Distribution> law_;
    std::optional<Assignment> assignment_;
    double sum_ = 0;
    int done_ = 0;
};

/// The numbers under one pane, in slices: its samples' distance to fresh data and to the first
/// pane's samples, and how straight and short its paths are.
class MetricsJob {
public:
    bool running() const { return key_.has_value(); }
    int pane() const { return pane_; }
    const PaneKey& key() const { return *key_; }
    void cancel() { key_.reset(); }

    /// `ends` [metric_points, D], all finite, are the pane's samples, compared with fresh data, or
    /// with the tilted density where the view is guided; `first` the first pane's
    /// (undefined: this is the first pane, or the two cannot be compared).
    void start(int pane, const PaneKey& key, const Setup& setup, torch::Tensor ends,
               torch::Tensor first, torch::Tensor starts, std::shared_ptr<const Field> field,
               std::int64_t step);
    /// A slice of about `budget`; the numbers when all are there.
    std::shared_ptr<const PaneMetrics> step(std::chrono::microseconds budget);

private:
    int pane_ = 0;
    std::optional<PaneKey> key_;
    torch::Tensor ends_, first_, starts_, fresh_, fresh_again_;
    std::shared_ptr<const Field> field_;
    std::optional<Assignment> to_data_, to_first_, floor_;
    std::optional<LawTransport> transport_;
    int path_slices_ = 0;
    PaneMetrics::Paths paths_;
    bool w2_done_ = false;
    bool energy_done_ = false;
    PaneMetrics metrics_;
};

}  // namespace driftglass
