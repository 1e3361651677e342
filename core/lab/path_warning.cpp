#include "core/lab/path_warning.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "core/lab/source_law.hpp"

namespace driftglass {
namespace {

double width_of_data(const Setup& setup) {
    const std::optional<double> narrowest = narrowest_component(setup);
    if (narrowest && *narrowest > 0) return *narrowest;
    if (setup.data->size() < 2) return 0;
    const torch::Tensor x = positions_of(*setup.data);
    return 0.05 * (x - x.mean(0)).square().mean().sqrt().item<double>();
}

std::string remaining_noise(const Setup& setup) {
    const Scene& scene = *setup.scene;
    const SamplerSettings& sampler = scene.sampler;
    // x0hat has no noise left, Langevin stays at its own t, and reflow goes along the line.
    const bool reflow = scene.field == FieldKind::learned && scene.reflow.rounds > 0;
    if (sampler.last == LastStep::denoise || sampler.method == Method::langevin || reflow)
        return {};
    const Coefficients end = setup.schedule->at(sampler.t_min);
    const double noise = end.sigma / end.alpha;
    const double width = width_of_data(setup);
    if (width <= 0 || noise <= width) return {};
    char text[256];
    std::snprintf(text, sizeof text,
                  "at sampler.t_min = %.3g the samples keep noise of sigma / alpha = %.3g, and the "
                  "data's finest width is about %.2g; lower t_min, with sampler.grid karras or "
                  "uniform-log-snr",
                  sampler.t_min, noise, width);
    return text;
}

}  // namespace

std::optional<double> narrowest_component(const Setup& setup) {
    const Scene& scene = *setup.scene;
    if (!scene.data.strokes.empty()) return {};
    const std::vector<MixtureComponent> parts = mixture_of(scene.data, scene.dimension);
    if (parts.empty()) return {};
    return std::min_element(parts.begin(), parts.end(),
                            [](const auto& a, const auto& b) { return a.std < b.std; })
        ->std;
}

std::string path_warning(const Setup& setup) {
    const std::string path = setup.schedule->warning(), noise = remaining_noise(setup);
    return path.empty() || noise.empty() ? path + noise : path + "; " + noise;
}

}  // namespace driftglass
