#include "core/lab/scene.hpp"

#include <cmath>
#include <numbers>

namespace driftglass {
namespace {

/// Thousandths are enough for a drawing, and read well in a file.
std::array<float, 2> rounded(double x, double y) {
    return {static_cast<float>(std::round(x * 1000) / 1000),
            static_cast<float>(std::round(y * 1000) / 1000)};
}

std::shared_ptr<const Stroke> stroke(std::string name, int label, double width, double density,
                                     int points, auto&& at) {
    Stroke made;
    made.name = std::move(name);
    made.label = label;
    made.width = width;
    made.density = density;
    for (int i = 0; i < points; ++i) {
        const auto [x, y] = at(static_cast<double>(i) / (points - 1));
        made.path.push_back(rounded(x, y));
    }
    return std::make_shared<const Stroke>(std::move(made));
}

}  // namespace

Scene default_scene() {
    using std::numbers::pi;
    using Point = std::pair<double, double>;
    Scene scene;
    scene.data.kind = DataKind::none;
    scene.data.strokes = {
        // Turns stand 0.75 apart: at t = 0.16 the noise still leaves dark between them.
        stroke("spiral", 0, 0.13, 420, 80,
               [](double s) {
                   const double turns = 1.5 * s;
                   const double radius = 0.08 + 0.75 * turns;
                   const double angle = 2 * pi * (turns - 1.5) + 0.3 * pi;  // ends upper right
                   return Point{-1.05 + radius * std::cos(angle), 0.75 + radius * std::sin(angle)};
               }),
        stroke("mouth", 1, 0.16, 420, 40,
               [](double s) {
                   const double angle = -0.94 * pi + 0.88 * pi * s;
                   return Point{0.8 + 1.18 * std::cos(angle), -0.75 + 1.18 * std::sin(angle)};
               }),
        stroke("left eye", 1, 0.17, 700, 2, [](double s) { return Point{0.32, -0.2 - 0.28 * s}; }),
        stroke("right eye", 1, 0.17, 700, 2,
               [](double s) { return Point{1.28, -0.2 - 0.28 * s}; })};

    ViewSpec ode;
    ode.sampler = scene.sampler;
    ViewSpec sde = ode;
    sde.sampler.method = Method::euler_maruyama;
    sde.sampler.steps = 64;
    sde.sampler.noise = 1;
    scene.views = {ode, sde};
    return scene;
}

ViewSpec own_view(const Scene& scene) {
    ViewSpec view;
    view.field = scene.field;
    view.sampler = scene.sampler;
    view.guidance = scene.guidance;
    return view;
}

}  // namespace driftglass
