#include <cmath>
#include <string>

#include "app/panels/format.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

constexpr ScheduleKind offered[] = {ScheduleKind::linear, ScheduleKind::vp_linear,
                                    ScheduleKind::vp_cosine, ScheduleKind::ve};

std::string two(double value) {
    return fixed(value, 2);
}
std::string three(double value) {
    return compact(value, 3);
}

bool parameters(PathSettings& path) {
    bool changed = false;
    switch (path.schedule) {
        case ScheduleKind::linear: {
            double sigma_min = path.sigma_min.value_or(0);
            if (slider({"sigma_min", "$\\sigma_{\\mathrm{min}}$",
                        "Noise that is left at t = 0: sigma runs from sigma_min to 1"},
                       &sigma_min, {.low = 0, .high = 0.5, .show = three})) {
                path.sigma_min = sigma_min;
                changed = true;
            }
            break;
        }
        case ScheduleKind::vp_linear:
            changed |=
                slider({"beta_min", "$\\beta_{\\mathrm{min}}$", "Rate of noise beta at t = 0"},
                       &path.beta_min,
                       {.low = 0.01, .high = 10, .scale = Scale::logarithmic, .show = three});
            changed |=
                slider({"beta_max", "$\\beta_{\\mathrm{max}}$", "Rate of noise beta at t = 1"},
                       &path.beta_max,
                       {.low = 1, .high = 100, .scale = Scale::logarithmic, .show = three});
            break;
        case ScheduleKind::vp_cosine:
            changed |= slider(
                {"shift", "shift",
                 "Adds 2 log(shift) to the log-SNR: below 1 noisier, above 1 cleaner"},
                &path.shift, {.low = 0.1, .high = 10, .scale = Scale::logarithmic, .show = two});
            break;
        case ScheduleKind::ve:
            changed |=
                slider({"s_min", "$\\sigma_0$", "Noise at t = 0"}, &path.s_min,
                       {.low = 0.001, .high = 0.5, .scale = Scale::logarithmic, .show = three});
            changed |= slider({"s_max", "$\\sigma_1$", "Noise at t = 1, where sampling starts"},
                              &path.s_max,
                              {.low = 1, .high = 100, .scale = Scale::logarithmic, .show = three});
            break;
        default:
            break;
    }
    return changed;
}

}  // namespace

void draw_path_panel(const Snapshot& snapshot, UiState&, Commands& commands) {
    PathSettings path = snapshot.scene->path;
    if (group("Path", "Path", "$x_t = \\alpha_t x_0 + \\sigma_t x_1$", !short_window())) {
        bool changed =
            combo<ScheduleKind>({"schedule", "schedule",
                                 "How signal alpha falls and noise sigma rises from data to noise"},
                                &path.schedule, offered);
        changed |= parameters(path);
        if (changed) commands.edit(command::SetPath{path});
        if (!snapshot.schedule_warning.empty())
            hint(std::string(icon::warning) + "  " + snapshot.schedule_warning);
    }
    end_group();
}

}  // namespace driftglass
