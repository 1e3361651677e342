#include "core/data/presets.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "core/error.hpp"

namespace driftglass {
namespace {

constexpr double pi = std::numbers::pi;

// Shapes after scikit-learn (make_moons, make_s_curve) and FFJORD (Grathwohl et
// al. 2019: pinwheel, two spirals, rings, checkerboard, eight Gaussians),
// scaled to unit variance a coordinate.

LabelledPoint two_moons(Random& random) {
    const bool lower = random.below(2) == 1;
    const double angle = random.uniform(0, pi);
    const double x = lower ? 1 - std::cos(angle) : std::cos(angle);
    const double y = lower ? 0.5 - std::sin(angle) : std::sin(angle);
    constexpr double scale = 1.5;
    constexpr double noise = 0.075;
    return {scale * (x - 0.5) + noise * random.normal(),
            scale * (y - 0.25) + noise * random.normal(), lower};
}

LabelledPoint checkerboard(int dimension, Random& random) {
    const int column = static_cast<int>(random.below(dimension == 1 ? 2 : 4));
    if (dimension == 1) return {2.0 * column - 2 + random.uniform(), 0, column};
    const int row = 2 * static_cast<int>(random.below(2)) + column % 2;
    const double x = column - 2 + random.uniform();
    return {x, row - 2 + random.uniform(), column};
}

LabelledPoint pinwheel(Random& random) {
    constexpr int arms = 5;
    constexpr double scale = 1.3;
    const int arm = static_cast<int>(random.below(arms));
    const double along = 1 + 0.3 * random.normal();
    const double across = 0.1 * random.normal();
    const double angle = 2 * pi * arm / arms + 0.25 * std::exp(along);
    return {scale * (along * std::cos(angle) - across * std::sin(angle)),
            scale * (along * std::sin(angle) + across * std::cos(angle)), arm};
}

LabelledPoint two_spirals(Random& random) {
    const int arm = static_cast<int>(random.below(2));
    const double angle = 3 * pi * std::sqrt(random.uniform());
    const double radius = (arm == 1 ? -1 : 1) * 2.2 * angle / (3 * pi);
    constexpr double noise = 0.07;
    return {-radius * std::cos(angle) + noise * random.normal(),
            radius * std::sin(angle) + noise * random.normal(), arm};
}

LabelledPoint rings(Random& random) {
    const int ring = static_cast<int>(random.below(4));
    const double angle = random.uniform(0, 2 * pi);
    const double radius = 0.53 * (ring + 1);
    constexpr double noise = 0.05;
    return {radius * std::cos(angle) + noise * random.normal(),
            radius * std::sin(angle) + noise * random.normal(), ring};
}

LabelledPoint s_curve(Random& random) {
    const double angle = random.uniform(-1.5 * pi, 1.5 * pi);
    const double sign = angle < 0 ? -1 : 1;
    constexpr double noise = 0.05;
    return {1.2 * std::sin(angle) + noise * random.normal(),
            sign * (std::cos(angle) - 1) + noise * random.normal(), angle < 0};
}

LabelledPoint smiley(Random& random) {
    const double part = random.uniform();
    if (part < 0.5) {
        const double angle = random.uniform(0, 2 * pi);
        const double radius = 2 + 0.06 * random.normal();
        return {radius * std::cos(angle), radius * std::sin(angle), 0};
    }
    if (part < 0.7) {
        const double side = random.below(2) == 1 ? 1 : -1;
        const double x = 0.7 * side + 0.13 * random.normal();
        return {x, 0.65 + 0.2 * random.normal(), 1};
    }
    const double angle = random.uniform(1.15 * pi, 1.85 * pi);
    const double radius = 1.2 + 0.06 * random.normal();
    return {radius * std::cos(angle), 0.05 + radius * std::sin(angle), 2};
}

}  // namespace

std::vector<MixtureComponent> preset_mixture(Preset preset, int dimension) {
    std::vector<MixtureComponent> components;
    const auto add = [&](double x, double y, double std) {
        const int label = static_cast<int>(components.size());
        components.push_back({{x, y}, std, 1, label});
    };
    switch (preset) {
        case Preset::eight_gaussians:
            for (int k = 0; k < 8; ++k) {
                add(2 * std::cos(k * pi / 4), dimension == 1 ? 0 : 2 * std::sin(k * pi / 4), 0.15);
            }
            break;
        case Preset::three_gaussians:
            for (int k = 0; k < 3; ++k) {
                const double angle = pi / 2 + 2 * pi * k / 3;
                if (dimension == 1) {
                    add(1.5 * (k - 1), 0, 0.2);
                } else {
                    add(1.5 * std::cos(angle), 1.5 * std::sin(angle), 0.3);
                }
            }
            break;
        case Preset::two_points:
            add(-1, 0, 0);
            add(1, 0, 0);
            break;
        default:
            break;
    }
    return components;
}

bool exists_in(Preset preset, int dimension) {
    return dimension == 2 || preset == Preset::checkerboard ||
           !preset_mixture(preset, dimension).empty();
}

void check_preset(Preset preset, int dimension) {
    if (exists_in(preset, dimension)) return;
    throw Error("data.preset: " + std::string(name_of(preset)) +
                " exists in dimension 2 only; in dimension 1 choose two-points, "
                "three-gaussians, "
                "eight-gaussians or checkerboard");
}

LabelledPoint draw_preset(Preset preset, int dimension, Random& random) {
    switch (preset) {
        case Preset::two_moons:
            return two_moons(random);
        case Preset::checkerboard:
            return checkerboard(dimension, random);
        case Preset::pinwheel:
            return pinwheel(random);
        case Preset::two_spirals:
            return two_spirals(random);
        case Preset::rings:
            return rings(random);
        case Preset::s_curve:
            return s_curve(random);
        case Preset::smiley:
            return smiley(random);
        case Preset::eight_gaussians:
        case Preset::three_gaussians:
        case Preset::two_points:
            break;
    }
    throw std::logic_error("a mixture preset is drawn as a mixture");
}

}  // namespace driftglass
