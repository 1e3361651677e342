#include <string>

#include "app/panels/format.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

void draw_network_panel(const Snapshot& snapshot, UiState&, Commands& commands) {
    ModelSettings model = snapshot.scene->model;
    const std::string summary = std::to_string(model.width) + " \xc3\x97 " +
                                std::to_string(model.depth) + " \xc2\xb7 " +
                                std::string(name_of(model.prediction));
    if (group("Network", "Network", summary, false)) {
        const auto whole = [](double v) { return grouped(static_cast<std::int64_t>(v)); };
        bool changed =
            slider({"width", "width", "Units in each hidden layer; a change starts training again"},
                   &model.width,
                   {.low = 8,
                    .high = 1024,
                    .scale = Scale::powers_of_two,
                    .show = whole,
                    .type_format = "%.0f"});
        changed |= slider({"depth", "depth", "Hidden layers; a change starts training again"},
                          &model.depth,
                          {.low = 1, .high = 8, .step = 1, .show = whole, .type_format = "%.0f"});
        changed |= combo(
            {"predicts", "predicts",
             "What the network is asked for; all of these are affine in each other at (x, t)"},
            &model.prediction, [](Prediction kind) { return name_of(kind); });
        if (changed) commands.edit(command::SetModel{model});
        TrainingSettings training = snapshot.scene->training;
        if (slider({"average", "average",
                    "Decay of the moving average of the weights, which is what samples are drawn "
                    "with"},
                   &training.ema,
                   {.low = 0, .high = 0.9999, .scale = Scale::near_one, .show = [](double v) {
                        return fixed(v, 4);
                    }})) {
            commands.edit(command::SetTraining{training});
        }
        const std::string starts[] = {"the round before", "fresh weights"};
        int start = snapshot.scene->reflow.from_scratch ? 1 : 0;
        if (combo({"reflow from", "reflow from", "The weights that a round of reflow starts with"},
                  &start, starts)) {
            ReflowSettings reflow = snapshot.scene->reflow;
            reflow.from_scratch = start == 1;
            commands.edit(command::SetReflow{reflow});
        }
    }
    end_group();
}

}  // namespace driftglass
