#include <cmath>
#include <string>

#include "app/panels/format.hpp"
#include "app/panels/settings_panels.hpp"
#include "app/panels/view_words.hpp"
#include "app/panels/widgets.hpp"

namespace driftglass {

namespace {

/// How data and noise of a batch are paired.
void pairing(const Scene& scene, Commands& commands) {
    CouplingSettings coupling = scene.coupling;
    bool changed =
        combo({"pairing", "pairing",
               "Which noise goes with which point of a batch: any (independent), the nearest on "
               "the whole (minibatch OT), nearly so (Sinkhorn), or the point's own noise about it "
               "(diffusion)"},
              &coupling.kind, [](CouplingKind kind) {
                  return kind == CouplingKind::minibatch_ot ? "minibatch OT" : pretty(kind);
              });
    const auto three = [](double v) { return compact(v, 3); };
    if (coupling.kind == CouplingKind::sinkhorn) {
        changed |= slider({"epsilon", "$\\varepsilon$",
                           "Entropy of the plan in units of squared distance: small is close to "
                           "minibatch OT, large to independent"},
                          &coupling.epsilon,
                          {.low = 0.001, .high = 10, .scale = Scale::logarithmic, .show = three});
    }
    if (coupling.kind == CouplingKind::diffusion) {
        changed |= slider(
            {"spread", "$s$",
             "Spread of the noise that is added to a point: $x_1 = x_0 + s\\,\\varepsilon$"},
            &coupling.s, {.low = 0.01, .high = 10, .scale = Scale::logarithmic, .show = three});
    }
    if (changed) commands.edit(command::SetCoupling{coupling});
}

}  // namespace

void draw_training_panel(const Snapshot& snapshot, UiState&, Commands& commands) {
    TrainingSettings training = snapshot.scene->training;
    // Weights from a file come without the loss that they had.
    const std::string summary = snapshot.status.loss != 0
                                    ? "loss " + loss_number(snapshot.status.loss)
                                    : "batch " + grouped(training.batch);
    if (group("Training", "Training", summary, opens(Group::training))) {
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
        if (changed) commands.edit(command::SetTraining{training});
        pairing(*snapshot.scene, commands);
    }
    end_group();
}

}  // namespace driftglass
