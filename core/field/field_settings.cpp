#include "core/field/field_settings.hpp"

#include "core/key.hpp"

namespace driftglass {

std::vector<Key> keys_of(ExactSettings& e) {
    return {{"kernel_width",
             &e.kernel_width,
             {0, 100},
             "finite data: width of the Gaussian on each point; 0 is the field of the points"}};
}

std::vector<Key> keys_of(GuidanceSettings& g) {
    return {{"kind", choice_slot(g.kind), {}, "how samples are pulled to a label"},
            {"scale", &g.scale, {-1, 20}, "w: 0 unconditional, 1 conditional, more extrapolates"},
            {"label", &g.label, {0, 999}, "the label wanted"},
            {"interval_low", &g.interval_low, {0, 1}, "guidance acts from this t"},
            {"interval_high", &g.interval_high, {0, 1}, "to this t; conditional elsewhere"}};
}

}  // namespace driftglass
