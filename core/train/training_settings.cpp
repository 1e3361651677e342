#include "core/train/training_settings.hpp"

#include "core/key.hpp"

namespace driftglass {

std::vector<Key> keys_of(TrainingSettings& t) {
    return {{"steps", &t.steps, {0, 1e8}, "training steps of the commands; the window goes on"},
            {"batch", &t.batch, {1, 65536}, "points in each training step"},
            {"learning_rate", &t.learning_rate, above_zero_to(1), "peak learning rate of Adam"},
            {"ema",
             &t.ema,
             {0, 1, false, true},
             "decay of the moving average of the weights, with a warm-up"},
            {"label_dropout",
             &t.label_dropout,
             {0, 1},
             "share of labels hidden, so that \"no label\" is learnt too"},
            {"time", choice_slot(t.time), {}, "how training times are drawn"},
            {"weighting", choice_slot(t.weighting), {}, "in which quantity the loss is uniform"},
            {"objective", choice_slot(t.objective), {}, "what is minimised"}};
}

std::vector<Key> keys_of(CouplingSettings& c) {
    return {{"kind", choice_slot(c.kind), {}, "how x0 and x1 are paired within a batch"},
            {"epsilon", &c.epsilon, above_zero_to(100),
             "sinkhorn: entropy, in units of squared distance"},
            {"s", &c.s, above_zero_to(100), "diffusion: x1 = x0 + N(0, s^2 I)"}};
}

std::vector<Key> keys_of(ReflowSettings& r) {
    return {{"rounds", &r.rounds, {0, 10}, "rounds of reflow after training"},
            {"pairs", &r.pairs, {1, 1e6}, "pairs (x1, ODE(x1)) made for a round"},
            {"steps", &r.steps, {1, 1e8}, "training steps of a round"},
            {"from_scratch",
             &r.from_scratch,
             {},
             "true: each round starts from fresh weights, not from the round before"}};
}

}  // namespace driftglass
