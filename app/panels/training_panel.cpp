#include <cmath>
#include <string>

#include "app/panels/format.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

void draw_training_panel(const Snapshot& snapshot, UiState&, Commands& commands) {
    TrainingSettings training = snapshot.scene->training;
    const std::string summary =
        snapshot.status.step > 0 ? "loss " + fixed(snapshot.status.loss, 3) : "";
    if (group("Training", "Training", summary)) {
        bool changed = slider({"batch", "batch", "Points in each training step"}, &training.batch,
                              {.low = 16,
                               .high = 16384,
                               .scale = Scale::powers_of_two,
                               .show = [](double v) { return grouped(std::llround(v)); },
                               .type_format = "%.0f"});
        changed |=
            slider({"rate", "rate", "Learning rate of Adam at its peak"}, &training.learning_rate,
                   {.low = 1e-5, .high = 0.1, .scale = Scale::logarithmic, .show = [](double v) {
                        return compact(v, 2);
                    }});
        changed |= slider({"average", "average",
                           "Decay of the moving average of the weights, which "
                           "is what samples are drawn with"},
                          &training.ema,
                          {.low = 0, .high = 0.9999, .show = [](double v) { return fixed(v, 4); }});
        if (changed) commands.edit(command::SetTraining{training});
    }
    end_group();
}

}  // namespace driftglass
