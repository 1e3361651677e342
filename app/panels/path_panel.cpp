#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/dials.hpp"
#include "app/panels/format.hpp"
#include "app/panels/icons.hpp"
#include "app/panels/messages.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

std::string two(double value) {
    return fixed(value, 2);
}
std::string three(double value) {
    return compact(value, 3);
}

/// What an unset sigma_min stands for.
double least_sigma(const PathSettings& path) {
    return path.sigma_min.value_or(path.schedule == ScheduleKind::edm ? 0.002 : 0);
}

constexpr Dial<PathSettings> dials[] = {
    {"sigma_min",
     [](PathSettings& path) {
         // edm spaces sigma by its logarithm and so keeps it above 0.
         const bool edm = path.schedule == ScheduleKind::edm;
         double sigma_min = least_sigma(path);
         const bool changed = slider({"sigma_min", "$\\sigma_{\\mathrm{min}}$",
                                      "Noise that is left at $t = 0$, where $\\sigma_t$ starts"},
                                     &sigma_min,
                                     {.low = edm ? 1e-4 : 0,
                                      .high = 0.5,
                                      .scale = edm ? Scale::logarithmic : Scale::linear,
                                      .show = three});
         if (changed) path.sigma_min = sigma_min;
         return changed;
     }},
    {"sigma_max",
     [](PathSettings& path) {
         double sigma_max = path.sigma_max.value_or(80);
         const bool changed = slider(
             {"sigma_max", "$\\sigma_{\\mathrm{max}}$", "Noise at $t = 1$, where sampling starts"},
             &sigma_max, {.low = 1, .high = 100, .scale = Scale::logarithmic, .show = three});
         if (changed) path.sigma_max = sigma_max;
         return changed;
     }},
    {"rho",
     [](PathSettings& path) {
         return slider({"rho", "$\\rho$", "$\\sigma_t^{1/\\rho}$ is even in $t$"}, &path.rho,
                       {.low = 1, .high = 20, .show = three});
     }},
    {"beta_min",
     [](PathSettings& path) {
         return slider(
             {"beta_min", "$\\beta_{\\mathrm{min}}$", "Rate of noise $\\beta$ at $t = 0$"},
             &path.beta_min, {.low = 0.01, .high = 10, .scale = Scale::logarithmic, .show = three});
     }},
    {"beta_max",
     [](PathSettings& path) {
         return slider(
             {"beta_max", "$\\beta_{\\mathrm{max}}$", "Rate of noise $\\beta$ at $t = 1$"},
             &path.beta_max, {.low = 1, .high = 100, .scale = Scale::logarithmic, .show = three});
     }},
    {"shift",
     [](PathSettings& path) {
         return slider(
             {"shift", "shift",
              "Adds twice its logarithm to the log-SNR: below 1 noisier, above 1 cleaner"},
             &path.shift, {.low = 0.1, .high = 10, .scale = Scale::logarithmic, .show = two});
     }},
    {"s_min",
     [](PathSettings& path) {
         return slider({"s_min", "$\\sigma_0$", "Noise at $t = 0$"}, &path.s_min,
                       {.low = 0.001, .high = 0.5, .scale = Scale::logarithmic, .show = three});
     }},
    {"s_max",
     [](PathSettings& path) {
         return slider({"s_max", "$\\sigma_1$", "Noise at $t = 1$, where sampling starts"},
                       &path.s_max,
                       {.low = 1, .high = 100, .scale = Scale::logarithmic, .show = three});
     }},
    {"s",
     [](PathSettings& path) {
         return slider({"s", "$\\sigma_1$", "Noise at $t = 1$; it grows like $\\sqrt{t}$"}, &path.s,
                       {.low = 1, .high = 100, .scale = Scale::logarithmic, .show = three});
     }},
    {"ddpm_steps",
     [](PathSettings& path) {
         return slider({"ddpm_steps", "levels", "Discrete levels K of noise"}, &path.ddpm_steps,
                       {.low = 10,
                        .high = 4000,
                        .scale = Scale::logarithmic,
                        .step = 1,
                        .show = [](double v) { return grouped(static_cast<std::int64_t>(v)); },
                        .type_format = "%.0f"});
     }},
    {"ddpm_beta_min",
     [](PathSettings& path) {
         return slider({"ddpm_beta_min", "$\\beta_1$", "beta of the first level"},
                       &path.ddpm_beta_min,
                       {.low = 1e-6, .high = 0.1, .scale = Scale::logarithmic, .show = three});
     }},
    {"ddpm_beta_max", [](PathSettings& path) {
         return slider({"ddpm_beta_max", "$\\beta_K$", "beta of the last level"},
                       &path.ddpm_beta_max,
                       {.low = 1e-4, .high = 0.5, .scale = Scale::logarithmic, .show = three});
     }}};

}  // namespace

std::vector<ScheduleKind> offered_schedules() {
    std::vector<ScheduleKind> offered;
    for (const Choice<ScheduleKind>& choice : choices(ScheduleKind{})) {
        const bool all = std::ranges::all_of(keys_read_by(choice.value), [](std::string_view key) {
            return std::ranges::find(dials, key, &Dial<PathSettings>::key) != std::end(dials);
        });
        if (all) offered.push_back(choice.value);
    }
    return offered;
}

void draw_path_panel(const Snapshot& snapshot, UiState&, Commands& commands) {
    PathSettings path = snapshot.scene->path;
    const bool at_first = opens(Group::path);
    const std::string summary = group_is_open("Path", at_first)
                                    ? "$x_t = \\alpha_t x_0 + \\sigma_t x_1$"
                                    : std::string(name_of(path.schedule));
    if (group("Path", "Path", summary, at_first)) {
        bool changed =
            combo<ScheduleKind>({"schedule", "schedule",
                                 "How signal alpha falls and noise sigma rises from data to noise"},
                                &path.schedule, offered_schedules());
        changed |= draw_dials<PathSettings>(dials, keys_read_by(path.schedule), path);
        if (changed) commands.edit(command::SetPath{path});
        if (!snapshot.schedule_warning.empty())
            hint(std::string(icon::warning) + "  " + window_words(snapshot.schedule_warning));
    }
    end_group();
}

}  // namespace driftglass
