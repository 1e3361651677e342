#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/data/point_set.hpp"
#include "core/names.hpp"

namespace driftglass {

struct Key;

enum class DataKind { none, preset, csv, image, text, points, mixture };

enum class Preset {
    two_moons,
    eight_gaussians,
    checkerboard,
    pinwheel,
    two_spirals,
    rings,
    s_curve,
    smiley,
    three_gaussians,
    two_points
};

inline std::span<const Choice<Preset>> choices(Preset) {
    using enum Preset;
    static constexpr Choice<Preset> all[] = {{two_moons, "two-moons"},
                                             {eight_gaussians, "eight-gaussians"},
                                             {checkerboard, "checkerboard"},
                                             {pinwheel, "pinwheel"},
                                             {two_spirals, "two-spirals"},
                                             {rings, "rings"},
                                             {s_curve, "s-curve"},
                                             {smiley, "smiley"},
                                             {three_gaussians, "three-gaussians"},
                                             {two_points, "two-points"}};
    return all;
}

enum class StrokeTool { brush, eraser };

inline std::span<const Choice<StrokeTool>> choices(StrokeTool) {
    static constexpr Choice<StrokeTool> all[] = {{StrokeTool::brush, "brush"},
                                                 {StrokeTool::eraser, "eraser"}};
    return all;
}

/// One movement of the brush or the eraser, in world units. Immutable once
/// shared.
struct Stroke {
    StrokeTool tool = StrokeTool::brush;
    int label = 0;          ///< -1 = none
    double width = 0.1;     ///< full width of the band of points, or of what the
                            ///< eraser takes away
    double softness = 0.5;  ///< 0 = uniform across the width, 1 = a Gaussian that
                            ///< ends at its edge
    double density = 420;   ///< points per unit of length; a single dot counts as one width
    std::vector<std::array<float, 2>> path;
    std::string name;  ///< optional, shown in the list of strokes

    bool operator==(const Stroke&) const = default;
};
std::vector<Key> keys_of(Stroke& settings);  ///< all but `path`

/// One component N(mean, std^2 I) of a mixture; weights are normalised.
struct MixtureComponent {
    std::array<double, 2> mean{};  ///< [x] in dimension 1: the second is unused
    double std = 0.3;
    double weight = 1;
    int label = -1;

    bool operator==(const MixtureComponent&) const = default;
};
std::vector<Key> keys_of(MixtureComponent& settings);  ///< all but `mean`

/// Scene keys `data.*` (and `source.*` for a drawn source). Strokes come on top
/// of whatever `kind` gives, in order; an eraser takes away all that came
/// before it. Large parts are shared, so a copy is cheap.
struct DataSettings {
    DataKind kind = DataKind::preset;
    Preset preset = Preset::two_moons;
    std::int64_t count = 4000;  ///< preset, image, text, mixture: points drawn, 1 to 1e6
    std::string file;           ///< csv, image: as written in the scene
    std::string text;           ///< text
    std::shared_ptr<const PointSet> points;  ///< points
    std::vector<MixtureComponent> mixture;
    std::vector<std::shared_ptr<const Stroke>> strokes;
    /// csv, points, image: shift and scale to mean 0 and root mean square radius
    /// sqrt(D).
    bool normalize = false;
};
std::vector<Key> keys_of(DataSettings& settings);  ///< `count` and `normalize`

enum class SourceKind { gaussian, uniform, annulus, data };

inline std::span<const Choice<SourceKind>> choices(SourceKind) {
    static constexpr Choice<SourceKind> all[] = {{SourceKind::gaussian, "gaussian"},
                                                 {SourceKind::uniform, "uniform"},
                                                 {SourceKind::annulus, "annulus"},
                                                 {SourceKind::data, "data"}};
    return all;
}

/// Scene keys `source.*`: x1. uniform: the square [-sqrt 3, sqrt 3]^D (unit
/// variance a coordinate); annulus: radius uniform in area between 1.2 and 1.6
/// (in dimension 1: the two intervals).
struct SourceSettings {
    SourceKind kind = SourceKind::gaussian;
    DataSettings data;  ///< kind data
};

}  // namespace driftglass
