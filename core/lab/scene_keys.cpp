#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/lab/scene_table.hpp"

namespace driftglass {
namespace {

std::string number_text(double value) {
    if (value >= 18446744073709551615.0) return "18446744073709551615";
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return std::to_string(static_cast<long long>(value));
    }
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

constexpr Range above_zero_to(double high) {
    return {0, high, true, false};
}
constexpr Range any_seed = {0, 18446744073709551615.0};

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

std::string type_text(const Key& key) {
    struct Visitor {
        std::string operator()(double*) const { return "number"; }
        std::string operator()(std::optional<double>*) const { return "number"; }
        std::string operator()(int*) const { return "whole number"; }
        std::string operator()(std::int64_t*) const { return "whole number"; }
        std::string operator()(std::uint64_t*) const { return "whole number"; }
        std::string operator()(bool*) const { return "true or false"; }
        std::string operator()(std::string*) const { return "text"; }
        std::string operator()(const ChoiceSlot& slot) const {
            return "one of " + joined(slot.names());
        }
        std::string operator()(Knots*) const { return "list of [alpha, sigma]"; }
    };
    return std::visit(Visitor{}, key.slot);
}

bool is_number(const Key& key) {
    return !std::holds_alternative<bool*>(key.slot) &&
           !std::holds_alternative<std::string*>(key.slot) &&
           !std::holds_alternative<ChoiceSlot>(key.slot) &&
           !std::holds_alternative<Knots*>(key.slot);
}

std::string fallback_text(const Key& key) {
    struct Visitor {
        std::string operator()(const double* v) const { return number_text(*v); }
        std::string operator()(const std::optional<double>* v) const {
            return *v ? number_text(**v) : "unset";
        }
        std::string operator()(const int* v) const { return std::to_string(*v); }
        std::string operator()(const std::int64_t* v) const { return std::to_string(*v); }
        std::string operator()(const std::uint64_t* v) const { return std::to_string(*v); }
        std::string operator()(const bool* v) const { return *v ? "true" : "false"; }
        std::string operator()(const std::string* v) const { return nlohmann::json(*v).dump(); }
        std::string operator()(const ChoiceSlot& slot) const {
            return "\"" + std::string(slot.name(slot.value)) + "\"";
        }
        std::string operator()(const Knots*) const { return "[]"; }
    };
    return std::visit(Visitor{}, key.slot);
}

}  // namespace

bool Range::contains(double value) const {
    return (open_low ? value > low : value >= low) && (open_high ? value < high : value <= high);
}

std::string Range::text() const {
    return (open_low ? "above " : "") + number_text(low) + (open_high ? " to below " : " to ") +
           number_text(high);
}

std::string allowed(const Key& key) {
    if (std::holds_alternative<Knots*>(key.slot)) {
        return "a list of [alpha, sigma] pairs, each " + key.range.text();
    }
    const std::string type = type_text(key);
    if (!is_number(key)) return type;
    return "a " + type + (key.range.open_low ? " " : " from ") + key.range.text();
}

std::vector<Key> keys_of(CouplingSettings& c) {
    return {{"kind", choice_slot(c.kind), {}, "how x0 and x1 are paired within a batch"},
            {"epsilon", &c.epsilon, above_zero_to(100),
             "sinkhorn: entropy, in units of squared distance"},
            {"s", &c.s, above_zero_to(100), "diffusion: x1 = x0 + N(0, s^2 I)"}};
}

std::vector<Key> keys_of(PathSettings& p) {
    return {
        {"schedule",
         choice_slot(p.schedule),
         {},
         "alpha_t and sigma_t of x_t = alpha x0 + sigma x1"},
        {"beta_min", &p.beta_min, {1e-6, 100}, "vp-linear: beta at t = 0"},
        {"beta_max", &p.beta_max, {1e-6, 100}, "vp-linear: beta at t = 1"},
        {"shift", &p.shift, {0.01, 100}, "vp-cosine: adds 2 log(shift) to the log-SNR"},
        {"sigma_min",
         &p.sigma_min,
         {0, 0.5},
         "linear: sigma at t = 0 (unset: 0); edm: the same, from 1e-06 (unset: 0.002)"},
        {"sigma_max", &p.sigma_max, {1e-3, 1000}, "edm: sigma at t = 1 (unset: 80)"},
        {"s_min", &p.s_min, {1e-6, 10}, "ve: sigma at t = 0"},
        {"s_max", &p.s_max, {1e-3, 1000}, "ve: sigma at t = 1"},
        {"s", &p.s, {1e-3, 1000}, "ve-sqrt: sigma = s sqrt(t)"},
        {"rho", &p.rho, {1, 100}, "edm: the spacing's exponent"},
        {"ddpm_steps", &p.ddpm_steps, {2, 100000}, "ddpm: number of discrete levels K"},
        {"ddpm_beta_min", &p.ddpm_beta_min, {1e-8, 0.999}, "ddpm: beta of the first level"},
        {"ddpm_beta_max", &p.ddpm_beta_max, {1e-8, 0.999}, "ddpm: beta of the last level"},
        {"knots",
         &p.knots,
         {0, 1000},
         "custom: (alpha, sigma) at equally spaced t from 0 to 1, joined by a monotone spline"}};
}

std::vector<Key> keys_of(ModelSettings& m) {
    return {{"width", &m.width, {8, 1024}, "units in each hidden layer"},
            {"depth", &m.depth, {1, 8}, "hidden layers"},
            {"prediction", choice_slot(m.prediction), {}, "what the network predicts"}};
}

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

std::vector<Key> keys_of(ReflowSettings& r) {
    return {{"rounds", &r.rounds, {0, 10}, "rounds of reflow after training"},
            {"pairs", &r.pairs, {1, 1e6}, "pairs (x1, ODE(x1)) made for a round"},
            {"steps", &r.steps, {1, 1e8}, "training steps of a round"},
            {"from_scratch",
             &r.from_scratch,
             {},
             "true: each round starts from fresh weights, not from the round before"}};
}

std::vector<Key> keys_of(ExactSettings& e) {
    return {{"kernel_width",
             &e.kernel_width,
             {0, 100},
             "finite data: width of the Gaussian on each point; 0 is the field of the points"}};
}

std::vector<Key> keys_of(SamplerSettings& s) {
    return {{"method", choice_slot(s.method), {}, "the solver"},
            {"steps", &s.steps, {1, 10000}, "steps from t = 1 to t_min"},
            {"grid", choice_slot(s.grid), {}, "how the steps are spaced"},
            {"noise", &s.noise, {0, 4}, "u / g of the reverse SDE; 0 is the PF-ODE"},
            {"t_min", &s.t_min, {0, 1, true, true}, "where sampling ends"},
            {"last", choice_slot(s.last), {}, "denoise: one more row, x0hat at t = 0"},
            {"eta", &s.eta, {0, 1}, "ddim: 0 deterministic to 1 ancestral"},
            {"rtol", &s.rtol, {1e-12, 1}, "dopri5: relative tolerance, at least ten roundings"},
            {"atol", &s.atol, {1e-12, 1}, "dopri5: absolute tolerance"},
            {"step_size",
             &s.step_size,
             {1e-6, 2},
             "langevin and correctors: step, in units of sigma_t^2"},
            {"corrector_steps",
             &s.corrector_steps,
             {0, 1000},
             "predictor-corrector and annealed-langevin: Langevin steps at each level"},
            {"churn", &s.churn, {0, 0.41421356237309515}, "churn: gamma of a step"},
            {"time", &s.time, {1e-6, 1}, "langevin: the t it runs at"}};
}

std::vector<Key> keys_of(GuidanceSettings& g) {
    return {{"kind", choice_slot(g.kind), {}, "how samples are pulled to a label"},
            {"scale", &g.scale, {-1, 20}, "w: 0 unconditional, 1 conditional, more extrapolates"},
            {"label", &g.label, {0, 999}, "the label wanted"},
            {"interval_low", &g.interval_low, {0, 1}, "guidance acts from this t"},
            {"interval_high", &g.interval_high, {0, 1}, "to this t; conditional elsewhere"}};
}

std::vector<Key> keys_of(Stroke& s) {
    return {
        {"tool", choice_slot(s.tool), {}, "an eraser takes away what came before it"},
        {"label", &s.label, {-1, 999}, "label of its points, -1 for none"},
        {"width", &s.width, above_zero_to(100), "full width of the band, in units of the plane"},
        {"softness", &s.softness, {0, 1}, "0 even across the width, 1 a Gaussian"},
        {"density", &s.density, above_zero_to(1e5), "points per unit of length"},
        {"name", &s.name, {}, "a name for the list of strokes"}};
}

std::vector<Key> keys_of(MixtureComponent& c) {
    return {{"std", &c.std, {0, 1e6}, "standard deviation s of N(mean, s^2 I)"},
            {"weight", &c.weight, above_zero_to(1e9), "weight; weights are normalised"},
            {"label", &c.label, {-1, 999}, "label of its points, -1 for none"}};
}

std::vector<Key> keys_of(DataSettings& d) {
    return {{"count",
             &d.count,
             {1, static_cast<double>(point_limit)},
             "points drawn of a preset, image, text or mixture"},
            {"normalize",
             &d.normalize,
             {},
             "csv, points, image: shift and scale to mean 0 and unit variance"}};
}

std::vector<Key> keys_of(ViewSpec& v) {
    return {{"field", choice_slot(v.field), {}, "the network's field, or the exact one"},
            {"round", &v.round, {-1, 10}, "round of reflow, 0 before any, -1 the latest"},
            {"weights_step", &v.weights_step, {-1, 1e9}, "an earlier training step, -1 for now"}};
}

std::vector<Key> keys_of(Scene& s) {
    return {{"seed", &s.seed, any_seed, "seed of every random draw"},
            {"dimension", &s.dimension, {1, 2}, "dimension of the space"},
            {"field", choice_slot(s.field), {}, "the field that samples are drawn with"},
            {"weights",
             &s.weights,
             {},
             "a file with weights, relative to the scene: used instead of training"}};
}

std::vector<Group> groups_of(Scene& s) {
    return {{"coupling", keys_of(s.coupling)}, {"path", keys_of(s.path)},
            {"model", keys_of(s.model)},       {"training", keys_of(s.training)},
            {"reflow", keys_of(s.reflow)},     {"exact", keys_of(s.exact)},
            {"sampler", keys_of(s.sampler)},   {"guidance", keys_of(s.guidance)}};
}

const std::vector<DataKey>& data_keys() {
    static const std::vector<DataKey> keys = {
        {"preset", DataKind::preset, "", "a distribution that comes with the program"},
        {"csv", DataKind::csv, "text", "a table of x,y[,label], relative to the scene"},
        {"image", DataKind::image, "text", "a picture, relative to the scene: dark is dense"},
        {"text", DataKind::text, "text", "words turned into points"},
        {"points", DataKind::points, "list of [x, y] or [x, y, label]", "the points themselves"},
        {"mixture", DataKind::mixture, "list of objects", "a mixture of Gaussians"}};
    return keys;
}

std::vector<SceneKey> scene_keys() {
    std::vector<SceneKey> rows;
    const auto add = [&](const std::string& prefix, const std::vector<Key>& keys) {
        for (const Key& key : keys) {
            const bool ranged = is_number(key) || std::holds_alternative<Knots*>(key.slot);
            rows.push_back({prefix + std::string(key.name), type_text(key),
                            ranged && key.range.high > 0 ? key.range.text() : "",
                            fallback_text(key), std::string(key.help)});
        }
    };
    rows.push_back({"version", "whole number", "1", "1", "version of the file's format"});

    Scene scene;
    add("", keys_of(scene));

    for (const DataKey& key : data_keys()) {
        const bool preset = key.kind == DataKind::preset;
        rows.push_back({"data." + std::string(key.name),
                        preset ? "one of " + names_of_all<Preset>() : std::string(key.type), "",
                        preset ? "\"two-moons\"" : "unset", std::string(key.help)});
    }
    add("data.", keys_of(scene.data));
    MixtureComponent component;
    rows.push_back({"data.mixture[].mean", "list of numbers", "-1000000 to 1000000", "[0, 0]",
                    "the component's mean"});
    add("data.mixture[].", keys_of(component));
    rows.push_back({"data.strokes", "list of objects", "", "[]",
                    "a drawing, on top of whatever else there is"});
    Stroke stroke;
    add("data.strokes[].", keys_of(stroke));
    rows.push_back({"data.strokes[].path", "list of [x, y]", "-1000000 to 1000000", "[]",
                    "where the tool went"});

    rows.push_back({"source.kind", "one of gaussian, uniform or annulus", "", "\"gaussian\"",
                    "x1; or, in place of kind, any keys of data: a drawn source"});
    for (const Group& group : groups_of(scene))
        add(std::string(group.name) + ".", group.keys);

    rows.push_back({"views", "list of objects", "1 to 4", "[{}]", "what each pane shows"});
    ViewSpec view;
    std::vector<Key> view_keys = keys_of(view);
    add("views[].", view_keys);
    for (SceneKey& row : rows) {
        if (row.key == "views[].field") row.fallback = "the scene's field";
    }
    rows.push_back({"views[].sampler", "object", "", "the scene's sampler", "the keys of sampler"});
    rows.push_back(
        {"views[].guidance", "object", "", "the scene's guidance", "the keys of guidance"});
    rows.push_back({"views[].path", "object", "", "the scene's path",
                    "the keys of path: sample on another schedule than the one trained on"});
    return rows;
}

}  // namespace driftglass
