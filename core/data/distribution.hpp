#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>

#include "core/data/data_settings.hpp"
#include "core/data/random.hpp"

namespace driftglass {

/// The law that data settings describe: the target (or a drawn source) of which
/// the data set is a sample. Immutable. Labels are empty where no point of the
/// law has one.
class Distribution {
public:
    virtual ~Distribution() = default;

    virtual int dimension() const = 0;
    virtual bool has_labels() const = 0;
    /// n fresh points: independent draws; of a finite set of N points, draws
    /// without replacement while n <= N, beyond that whole permutations of the
    /// set one after the other. No points where the law has none (nothing drawn,
    /// or all erased).
    virtual PointSet draw(std::int64_t n, Random& random) const = 0;
    /// Two samples of n points for the floor of a distance. Of a finite set of N
    /// >= 2 n points two disjoint halves; of a smaller one independent draws with
    /// replacement (without it, both would be the set itself and the floor 0).
    virtual std::pair<PointSet, PointSet> two_fresh_draws(std::int64_t n, Random& random) const;
    /// All points of a finite set; null for a law with infinitely many.
    virtual const PointSet* finite_set() const { return nullptr; }
};

/// The law without strokes; null for kind `none`. `folder` is where a relative
/// file name starts. Throws Error naming the key or the file.
std::shared_ptr<const Distribution> make_base_distribution(const DataSettings& settings,
                                                           int dimension,
                                                           const std::filesystem::path& folder);

/// The law with the strokes on top: each part weighted by the points that it
/// stands for, erased regions left out.
std::shared_ptr<const Distribution> make_distribution(std::shared_ptr<const Distribution> base,
                                                      const DataSettings& settings, int dimension);
std::shared_ptr<const Distribution> make_distribution(const DataSettings& settings, int dimension,
                                                      const std::filesystem::path& folder);

/// The data set without strokes: all points of a finite set, `count` draws of
/// any other law.
PointSet make_base_points(const Distribution* base, const DataSettings& settings, int dimension,
                          std::uint64_t seed);

/// The data set: the base with the strokes painted on top (painting.hpp tells
/// more). While a person paints, keep the base points and call paint().
PointSet make_points(const DataSettings& settings, int dimension, std::uint64_t seed,
                     const std::filesystem::path& folder);

/// The mixture of Gaussians that the settings are, weights normalised: kind
/// `mixture` and the presets that are mixtures (two-points: of width 0),
/// without strokes; else empty.
std::vector<MixtureComponent> mixture_of(const DataSettings& settings, int dimension);

}  // namespace driftglass
