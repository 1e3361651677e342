#include "core/data/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "core/data/painting.hpp"
#include "core/data/pixel_mask.hpp"
#include "core/data/presets.hpp"
#include "core/data/table.hpp"
#include "core/error.hpp"
#include "core/key.hpp"

namespace driftglass {
namespace {

void append(PointSet& points, const LabelledPoint& point, bool labelled) {
    points.x.push_back(static_cast<float>(point.x));
    if (points.dimension == 2) points.x.push_back(static_cast<float>(point.y));
    if (labelled) points.labels.push_back(point.label);
}

LabelledPoint point_of(const PointSet& points, std::size_t i) {
    const std::size_t columns = static_cast<std::size_t>(points.dimension);
    return {points.x[i * columns], columns == 2 ? points.x[i * columns + 1] : 0.0,
            points.labels.empty() ? -1 : points.labels[i]};
}

/// The index that a uniform number falls on, given running totals; never one
/// that adds nothing.
std::size_t choose(const std::vector<double>& totals, Random& random) {
    const double place = random.uniform() * totals.back();
    const auto last = std::lower_bound(totals.begin(), totals.end(), totals.back());
    return static_cast<std::size_t>(std::upper_bound(totals.begin(), last, place) - totals.begin());
}

/// Independent draws of one point at a time.
class PointwiseDistribution : public Distribution {
public:
    PointwiseDistribution(int dimension, bool labelled)
        : dimension_(dimension), labelled_(labelled) {}

    int dimension() const final { return dimension_; }
    bool has_labels() const final { return labelled_; }
    PointSet draw(std::int64_t n, Random& random) const final {
        PointSet points;
        points.dimension = dimension_;
        for (std::int64_t i = 0; i < n; ++i)
            append(points, draw_point(random), labelled_);
        return points;
    }

protected:
    virtual LabelledPoint draw_point(Random& random) const = 0;

private:
    int dimension_;
    bool labelled_;
};

class PresetDistribution final : public PointwiseDistribution {
public:
    PresetDistribution(Preset preset, int dimension)
        : PointwiseDistribution(dimension, true), preset_(preset) {}

private:
    LabelledPoint draw_point(Random& random) const override {
        return draw_preset(preset_, dimension(), random);
    }

    Preset preset_;
};

class MixtureDistribution final : public PointwiseDistribution {
public:
    MixtureDistribution(std::vector<MixtureComponent> components, int dimension)
        : PointwiseDistribution(dimension,
                                std::any_of(components.begin(), components.end(),
                                            [](const auto& c) { return c.label != -1; })),
          components_(std::move(components)) {
        double total = 0;
        for (const MixtureComponent& component : components_) {
            totals_.push_back(total += component.weight);
        }
    }

private:
    LabelledPoint draw_point(Random& random) const override {
        const MixtureComponent& c = components_[choose(totals_, random)];
        const double x = c.mean[0] + c.std * random.normal();
        return {x, dimension() == 1 ? 0 : c.mean[1] + c.std * random.normal(), c.label};
    }

    std::vector<MixtureComponent> components_;
    std::vector<double> totals_;
};

/// Pixels by their weight, uniform within each.
class MaskDistribution final : public PointwiseDistribution {
public:
    explicit MaskDistribution(PixelMask mask)
        : PointwiseDistribution(2, !mask.labels.empty()), mask_(std::move(mask)) {
        double total = 0;
        for (std::size_t i = 0; i < mask_.weights.size(); ++i) {
            if (mask_.weights[i] <= 0) continue;
            pixels_.push_back(i);
            totals_.push_back(total += mask_.weights[i]);
        }
    }

    /// p -> (p - shift) * scale for mean 0 and root mean square radius sqrt(2).
    void normalize() {
        double sums[3] = {0, 0, 0};
        double before = 0;
        for (std::size_t k = 0; k < pixels_.size(); ++k) {
            const double weight = totals_[k] - std::exchange(before, totals_[k]);
            const auto [x, y] = position(pixels_[k], 0.5, 0.5);
            sums[0] += weight * x;
            sums[1] += weight * y;
            sums[2] += weight * (x * x + y * y + mask_.pixel * mask_.pixel / 6);
        }
        shift_x_ = sums[0] / before;
        shift_y_ = sums[1] / before;
        const double square = sums[2] / before - shift_x_ * shift_x_ - shift_y_ * shift_y_;
        scale_ = std::sqrt(2 / square);
    }

private:
    std::pair<double, double> position(std::size_t pixel, double u, double v) const {
        const std::size_t columns = static_cast<std::size_t>(mask_.columns);
        const double x = static_cast<double>(pixel % columns) + u - 0.5 * mask_.columns;
        const double y = 0.5 * mask_.rows - static_cast<double>(pixel / columns) - v;
        return {x * mask_.pixel, y * mask_.pixel};
    }
    LabelledPoint draw_point(Random& random) const override {
        const std::size_t pixel = pixels_[choose(totals_, random)];
        const double u = random.uniform();
        const auto [x, y] = position(pixel, u, random.uniform());
        return {(x - shift_x_) * scale_, (y - shift_y_) * scale_,
                mask_.labels.empty() ? -1 : mask_.labels[pixel]};
    }

    PixelMask mask_;
    std::vector<std::size_t> pixels_;
    std::vector<double> totals_;
    double shift_x_ = 0;
    double shift_y_ = 0;
    double scale_ = 1;
};

class FiniteDistribution final : public Distribution {
public:
    explicit FiniteDistribution(PointSet points) : points_(std::move(points)) {}

    int dimension() const override { return points_.dimension; }
    bool has_labels() const override { return !points_.labels.empty(); }
    const PointSet* finite_set() const override { return &points_; }

    PointSet draw(std::int64_t n, Random& random) const override {
        return taken(draw_indices(n, random), 0, n);
    }
    std::pair<PointSet, PointSet> two_fresh_draws(std::int64_t n, Random& random) const override {
        if (points_.size() >= 2 * n) {
            const std::vector<std::size_t> indices = draw_indices(2 * n, random);
            return {taken(indices, 0, n), taken(indices, n, 2 * n)};
        }
        std::vector<std::size_t> indices;
        const auto size = static_cast<std::uint64_t>(points_.size());
        for (std::int64_t i = 0; size > 0 && i < 2 * n; ++i)
            indices.push_back(random.below(size));
        return {taken(indices, 0, n), taken(indices, n, 2 * n)};
    }

private:
    std::vector<std::size_t> draw_indices(std::int64_t n, Random& random) const {
        std::vector<std::size_t> order(static_cast<std::size_t>(points_.size()));
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::vector<std::size_t> indices;
        while (!order.empty() && static_cast<std::int64_t>(indices.size()) < n) {
            const std::size_t wanted =
                std::min(order.size(), static_cast<std::size_t>(n) - indices.size());
            for (std::size_t i = 0; i < wanted; ++i) {  // the beginning of a Fisher-Yates shuffle
                std::swap(order[i], order[i + random.below(order.size() - i)]);
                indices.push_back(order[i]);
            }
        }
        return indices;
    }
    PointSet taken(const std::vector<std::size_t>& indices, std::int64_t from,
                   std::int64_t to) const {
        PointSet result;
        result.dimension = points_.dimension;
        if (indices.empty()) return result;
        for (std::int64_t i = from; i < to; ++i) {
            append(result, point_of(points_, indices[static_cast<std::size_t>(i)]), has_labels());
        }
        return result;
    }

    PointSet points_;
};

/// A base with strokes on top.
class PaintedDistribution final : public Distribution {
public:
    PaintedDistribution(std::shared_ptr<const Distribution> base, const DataSettings& settings,
                        int dimension)
        : base_(std::move(base)), strokes_(settings.strokes), dimension_(dimension) {
        for (const auto& stroke : strokes_)
            shapes_.emplace_back(*stroke, dimension);
        double base_weight = base_ ? static_cast<double>(settings.count) : 0;
        if (base_ && base_->finite_set() != nullptr) {
            PointSet rest = survivors(*base_->finite_set());
            base_weight = static_cast<double>(rest.size());
            base_ = std::make_shared<FiniteDistribution>(std::move(rest));
        }
        double total = base_weight;
        totals_.push_back(total);
        labelled_ = base_ && base_->has_labels();
        for (std::size_t i = 0; i < shapes_.size(); ++i) {
            const bool brush = strokes_[i]->tool == StrokeTool::brush;
            totals_.push_back(total += brush ? shapes_[i].expected_points() : 0);
            labelled_ = labelled_ || (brush && strokes_[i]->label != -1);
        }
    }

    int dimension() const override { return dimension_; }
    bool has_labels() const override { return labelled_; }

    PointSet draw(std::int64_t n, Random& random) const override {
        PointSet base = base_ ? base_->draw(n, random) : PointSet{};
        return draw_over(std::move(base), n, random);
    }
    std::pair<PointSet, PointSet> two_fresh_draws(std::int64_t n, Random& random) const override {
        std::pair<PointSet, PointSet> base;
        if (base_) base = base_->two_fresh_draws(n, random);
        PointSet first = draw_over(std::move(base.first), n, random);
        return {std::move(first), draw_over(std::move(base.second), n, random)};
    }

private:
    bool erased_after(std::size_t part, const LabelledPoint& point) const {
        for (std::size_t i = part; i < shapes_.size(); ++i) {
            if (strokes_[i]->tool == StrokeTool::eraser && shapes_[i].covers(point.x, point.y)) {
                return true;
            }
        }
        return false;
    }
    PointSet survivors(const PointSet& points) const {
        PointSet rest;
        rest.dimension = dimension_;
        for (std::size_t i = 0; i < static_cast<std::size_t>(points.size()); ++i) {
            const LabelledPoint point = point_of(points, i);
            if (!erased_after(0, point)) append(rest, point, !points.labels.empty());
        }
        return rest;
    }
    /// Part 0 is the base, of which `base` holds draws to use up; part i + 1 is
    /// stroke i.
    PointSet draw_over(PointSet base, std::int64_t n, Random& random) const {
        PointSet points;
        points.dimension = dimension_;
        if (totals_.back() <= 0) return points;
        std::int64_t used = 0;
        // Where erasers leave next to nothing of a law, what is found in this many
        // tries is repeated.
        std::int64_t tries = 1000 * (n + 100);
        while (points.size() < n && tries-- > 0) {
            const std::size_t part = choose(totals_, random);
            LabelledPoint point;
            if (part == 0) {
                if (used == base.size()) {
                    base = base_->draw(std::max<std::int64_t>(n, 1), random);
                    used = 0;
                }
                point = point_of(base, static_cast<std::size_t>(used++));
            } else {
                point = shapes_[part - 1].draw(random.uniform(), random);
            }
            if (!erased_after(part, point)) append(points, point, labelled_);
        }
        const std::size_t found = static_cast<std::size_t>(points.size());
        for (std::size_t i = 0; found > 0 && points.size() < n; ++i) {
            append(points, point_of(points, i % found), labelled_);
        }
        return points;
    }

    std::shared_ptr<const Distribution> base_;
    std::vector<std::shared_ptr<const Stroke>> strokes_;
    std::vector<StrokeShape> shapes_;
    std::vector<double> totals_;
    int dimension_;
    bool labelled_ = false;
};

/// Mean 0 and root mean square radius sqrt(D); points that are all equal are
/// only moved.
void normalize(PointSet& points) {
    const std::size_t columns = static_cast<std::size_t>(points.dimension);
    const double count = static_cast<double>(points.size());
    if (count == 0) return;
    double mean[2] = {0, 0};
    for (std::size_t i = 0; i < points.x.size(); ++i)
        mean[i % columns] += points.x[i] / count;
    double square = 0;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        const double centred = points.x[i] - mean[i % columns];
        square += centred * centred / count;
    }
    const double scale = square > 0 ? std::sqrt(points.dimension / square) : 1;
    for (std::size_t i = 0; i < points.x.size(); ++i) {
        points.x[i] = static_cast<float>((points.x[i] - mean[i % columns]) * scale);
    }
}

/// Puts the key before what goes wrong with the file that it names.
template <class Read>
std::shared_ptr<const Distribution> naming(const char* key, const Read& read) {
    try {
        return read();
    } catch (const Error& error) {
        throw Error(std::string(key) + ": " + error.what());
    }
}

std::shared_ptr<const Distribution> finite(PointSet points, const DataSettings& settings) {
    if (settings.normalize) normalize(points);
    return std::make_shared<FiniteDistribution>(std::move(points));
}

std::shared_ptr<const Distribution> masked(PixelMask mask, bool normalized) {
    auto law = std::make_shared<MaskDistribution>(std::move(mask));
    if (normalized) law->normalize();
    return law;
}

void check_mixture(const std::vector<MixtureComponent>& mixture) {
    if (mixture.empty()) throw Error("data.mixture: expected at least one component");
    for (std::size_t i = 0; i < mixture.size(); ++i) {
        const std::string key = "data.mixture[" + std::to_string(i) + "]";
        const MixtureComponent& c = mixture[i];
        for (const double mean : c.mean) {
            if (!(std::abs(mean) <= largest_coordinate)) {
                throw Error(key + ".mean: expected numbers within 1e6, found " + number_text(mean));
            }
        }
        check_ranges(key, c);
    }
}

}  // namespace

std::pair<PointSet, PointSet> Distribution::two_fresh_draws(std::int64_t n, Random& random) const {
    PointSet first = draw(n, random);
    return {std::move(first), draw(n, random)};
}

std::vector<MixtureComponent> mixture_of(const DataSettings& settings, int dimension) {
    std::vector<MixtureComponent> mixture;
    if (!settings.strokes.empty()) return mixture;
    if (settings.kind == DataKind::preset) mixture = preset_mixture(settings.preset, dimension);
    if (settings.kind == DataKind::mixture) mixture = settings.mixture;
    double total = 0;
    for (const MixtureComponent& component : mixture)
        total += component.weight;
    for (MixtureComponent& component : mixture)
        component.weight /= total;
    return mixture;
}

std::shared_ptr<const Distribution> make_base_distribution(const DataSettings& settings,
                                                           int dimension,
                                                           const std::filesystem::path& folder) {
    const auto two_dimensional = [&](const char* key) {
        if (dimension != 2) throw Error(std::string(key) + ": needs dimension 2");
    };
    switch (settings.kind) {
        case DataKind::none:
            return nullptr;
        case DataKind::preset: {
            check_preset(settings.preset, dimension);
            std::vector<MixtureComponent> mixture = preset_mixture(settings.preset, dimension);
            if (!mixture.empty()) {
                return std::make_shared<MixtureDistribution>(std::move(mixture), dimension);
            }
            return std::make_shared<PresetDistribution>(settings.preset, dimension);
        }
        case DataKind::mixture:
            check_mixture(settings.mixture);
            return std::make_shared<MixtureDistribution>(settings.mixture, dimension);
        case DataKind::csv:
            return naming("data.csv", [&] {
                return finite(read_points(folder / settings.file, dimension), settings);
            });
        case DataKind::points: {
            PointSet points = settings.points ? *settings.points : PointSet{};
            if (points.x.empty()) points.dimension = dimension;
            if (points.dimension != dimension) {
                throw Error("data.points: have dimension " + std::to_string(points.dimension) +
                            ", the scene has " + std::to_string(dimension));
            }
            check_points(points, "data.points");
            return finite(std::move(points), settings);
        }
        case DataKind::image:
            two_dimensional("data.image");
            return naming("data.image", [&] {
                return masked(image_mask(folder / settings.file), settings.normalize);
            });
        case DataKind::text:
            two_dimensional("data.text");
            return masked(text_mask(settings.text), settings.normalize);
    }
    throw std::logic_error("unknown kind of data");
}

std::shared_ptr<const Distribution> make_distribution(std::shared_ptr<const Distribution> base,
                                                      const DataSettings& settings, int dimension) {
    if (settings.strokes.empty() && base) return base;
    return std::make_shared<PaintedDistribution>(std::move(base), settings, dimension);
}

std::shared_ptr<const Distribution> make_distribution(const DataSettings& settings, int dimension,
                                                      const std::filesystem::path& folder) {
    return make_distribution(make_base_distribution(settings, dimension, folder), settings,
                             dimension);
}

PointSet make_base_points(const Distribution* base, const DataSettings& settings, int dimension,
                          std::uint64_t seed) {
    PointSet none;
    none.dimension = dimension;
    if (base == nullptr) return none;
    if (base->finite_set() != nullptr) return *base->finite_set();
    Random random(derive_seed(seed, "data"));
    return base->draw(settings.count, random);
}

PointSet make_points(const DataSettings& settings, int dimension, std::uint64_t seed,
                     const std::filesystem::path& folder) {
    const auto base = make_base_distribution(settings, dimension, folder);
    PointSet points = make_base_points(base.get(), settings, dimension, seed);
    if (settings.strokes.empty()) return points;
    return paint(points, settings.strokes, seed).points;
}

}  // namespace driftglass
