#include "app/panels/comparisons.hpp"

#include <algorithm>

namespace driftglass {

namespace {

ViewSpec with(ViewSpec view, Method method, int steps, double noise = 0) {
    view.sampler.method = method;
    view.sampler.steps = steps;
    view.sampler.noise = noise;
    return view;
}

/// Of the model before reflow: later rounds have neither a score nor labels.
ViewSpec before_reflow(ViewSpec view, const Scene& scene) {
    if (scene.reflow.rounds > 0) view.round = 0;
    return view;
}

/// The PF-ODE of the model as it is now.
ViewSpec plain(const Scene& scene) {
    ViewSpec view = scene.views.empty() ? own_view(scene) : scene.views.front();
    view.field = FieldKind::learned;
    view.round = view.weights_step = -1;
    view.guidance.kind = GuidanceKind::none;
    return with(view, Method::heun, std::max(view.sampler.steps, 16));
}

Comparison by_scale(const ViewSpec& base, const Scene& scene, const std::vector<int>& classes) {
    Comparison one{"scales",
                   "$w$ = 0 | 1 | 3 | 7",
                   "Guidance to one label: unconditional, conditional, extrapolated, collapsed",
                   {},
                   Plot::guidance};
    const GuidanceSettings now =
        scene.views.empty() ? scene.guidance : scene.views.front().guidance;
    const bool asked = now.kind != GuidanceKind::none &&
                       std::find(classes.begin(), classes.end(), now.label) != classes.end();
    const bool labelled = !classes.empty() && classes.back() >= 0;
    for (const double scale : {0, 1, 3, 7}) {
        ViewSpec view = before_reflow(base, scene);
        view.guidance = {};
        view.guidance.kind = GuidanceKind::cfg;
        view.guidance.label = asked || !labelled ? now.label : classes.back();
        view.guidance.scale = scale;
        one.views.push_back(view);
    }
    if (!labelled) {
        one.possible = false;
        one.tooltip = "It needs points with labels: paint with a label of the toolbar first";
    } else if (classes.size() < 2) {
        one.possible = false;
        one.tooltip =
            "All points have one label, and guidance leads away from the others: paint with "
            "another label first";
    }
    return one;
}

std::vector<ViewSpec> by_round(const ViewSpec& base) {
    std::vector<ViewSpec> views;
    for (const int round : {0, 1, 2}) {
        views.push_back(base);
        views.back().round = round;
    }
    views.push_back(with(base, Method::euler, 1));
    return views;
}

std::vector<ViewSpec> by_steps(const ViewSpec& base) {
    std::vector<ViewSpec> views;
    for (const int steps : {1, 4, 16, 64})
        views.push_back(with(base, Method::euler, steps));
    return views;
}

/// Three moments of the training, evenly spaced in the logarithm, and now.
std::vector<ViewSpec> by_training(const ViewSpec& base, const std::vector<std::int64_t>& steps) {
    std::vector<ViewSpec> views;
    for (const std::size_t quarter : {0, 1, 2}) {
        views.push_back(base);
        views.back().weights_step = steps.empty() ? 0 : steps[(steps.size() - 1) * quarter / 3];
    }
    views.push_back(base);
    return views;
}

/// There is one model: the pane at the left keeps its last kept weights from independent pairs, the
/// one at the right shows it going on with optimal transport.
Comparison by_coupling(const ViewSpec& base, const Scene& scene,
                       const std::vector<std::int64_t>& steps) {
    ViewSpec before = base;
    before.weights_step = steps.empty() ? 0 : steps.back();
    Comparison one{"pairing",
                   "independent | OT",
                   "The model as it learnt from independent pairs, and beside it as it goes on "
                   "learning from minibatch OT: paths turn straighter",
                   {before, base},
                   Plot::measures,
                   scene.coupling};
    one.coupling->kind = CouplingKind::minibatch_ot;
    if (scene.coupling.kind != CouplingKind::independent) {
        one.possible = false;
        one.tooltip = "It starts from a model with independent pairs: choose that pairing first";
    } else if (scene.model.prediction != Prediction::velocity) {
        one.possible = false;
        one.tooltip = "With OT only the velocity can be predicted: choose it in Network first";
    } else if (scene.reflow.rounds > 0) {
        one.possible = false;
        one.tooltip = "It starts from round 0: drop the rounds of reflow first";
    } else if (steps.empty()) {
        one.possible = false;
        one.tooltip = "It starts from a model with independent pairs: train one first";
    }
    return one;
}

}  // namespace

std::vector<Comparison> comparisons(const Scene& scene, const std::vector<int>& classes,
                                    const std::vector<std::int64_t>& steps) {
    const ViewSpec base = plain(scene);
    const ViewSpec first = before_reflow(base, scene);
    ViewSpec exact = base;
    exact.field = FieldKind::exact;
    return {{"ode sde",
             "PF-ODE | reverse SDE",
             "The same marginals by two ways: the flow, and the SDE that adds and takes away noise",
             {first, with(first, Method::euler_maruyama, 64, 1)},
             Plot::measures},
            {"learned exact",
             "learned | exact",
             "What the network says beside the closed form for these very points",
             {base, exact},
             Plot::measures},
            {"rounds", "round 0 | 1 | 2 | one step",
             "Reflow straightens: each round's paths, and the latest round in one Euler step",
             by_round(base), Plot::rounds},
            by_scale(base, scene, classes),
            {"solvers",
             "Euler | Heun, equal NFE",
             "32 evaluations each: first order beside second order",
             {with(base, Method::euler, 32), with(base, Method::heun, 16)},
             Plot::solvers},
            {"steps", "1 | 4 | 16 | 64 steps", "Euler with more and more steps", by_steps(base),
             Plot::solvers},
            by_coupling(base, scene, steps),
            {"training", "training: three moments | now",
             "The same noise through the weights of earlier steps", by_training(base, steps),
             Plot::training}};
}

}  // namespace driftglass
