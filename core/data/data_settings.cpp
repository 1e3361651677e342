#include "core/data/data_settings.hpp"

#include "core/key.hpp"

namespace driftglass {

std::vector<Key> keys_of(DataSettings& d) {
    return {{"count",
             &d.count,
             {1, static_cast<double>(most_points)},
             "points drawn of a preset, image, text or mixture"},
            {"normalize",
             &d.normalize,
             {},
             "csv, points, image: shift and scale to mean 0 and unit variance"}};
}

std::vector<Key> keys_of(Stroke& s) {
    return {
        {"tool", choice_slot(s.tool), {}, "an eraser takes away what came before it"},
        {"label", &s.label, {-1, largest_label}, "label of its points, -1 for none"},
        {"width", &s.width, above_zero_to(100), "full width of the band, in units of the plane"},
        {"softness", &s.softness, {0, 1}, "0 even across the width, 1 a Gaussian"},
        {"density", &s.density, above_zero_to(1e5), "points per unit of length"},
        {"name", &s.name, {}, "a name for the list of strokes"}};
}

std::vector<Key> keys_of(MixtureComponent& c) {
    return {{"std", &c.std, {0, largest_coordinate}, "standard deviation s of N(mean, s^2 I)"},
            {"weight", &c.weight, above_zero_to(1e9), "weight; weights are normalised"},
            {"label", &c.label, {-1, largest_label}, "label of its points, -1 for none"}};
}

}  // namespace driftglass
