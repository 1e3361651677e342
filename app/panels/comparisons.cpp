#include "app/panels/comparisons.hpp"

#include <algorithm>

#include "app/panels/view_words.hpp"
#include "core/sample/methods.hpp"

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

/// Both ways from noise to data. The SDE needs a score, which comes of independent pairs alone:
/// where the model learns from others, it goes on with these.
Comparison by_noise(const ViewSpec& first, const Scene& scene) {
    Comparison one{"ode sde",
                   "PF-ODE | reverse SDE",
                   "The same marginals by two ways: the flow, and the SDE that adds and takes away "
                   "noise",
                   {first, with(first, Method::euler_maruyama, 64, 1)},
                   Plot::measures};
    if (scene.source.kind != SourceKind::gaussian) {
        one.possible = false;
        one.tooltip = "The SDE needs a score, which there is for a Gaussian source only";
    } else if (scene.coupling.kind != CouplingKind::independent) {
        one.coupling = scene.coupling;
        one.coupling->kind = CouplingKind::independent;
        one.tooltip =
            "The same marginals by two ways: the flow, and the SDE that adds and takes away noise. "
            "The SDE needs a score: the pairing becomes independent";
    }
    return one;
}

/// There is one model: the pane at the left keeps its last kept weights, the one at the right shows
/// it going on with the other pairing, optimal transport after independent pairs and these after
/// any.
Comparison by_coupling(const ViewSpec& base, const Scene& scene,
                       const std::vector<std::int64_t>& steps) {
    ViewSpec before = base;
    before.weights_step = steps.empty() ? 0 : steps.back();
    const bool to_transport = scene.coupling.kind == CouplingKind::independent;
    Comparison one{
        "pairing",
        to_transport ? "independent | OT" : pretty(scene.coupling.kind) + " | independent",
        to_transport ? "The model as it learnt from independent pairs, and beside it as it goes "
                       "on learning from minibatch OT: paths turn straighter"
                     : "The model as it learnt from these pairs, and beside it as it goes on "
                       "learning from independent ones: paths bend",
        {before, base},
        Plot::measures,
        scene.coupling};
    one.coupling->kind = to_transport ? CouplingKind::minibatch_ot : CouplingKind::independent;
    if (to_transport && scene.model.prediction != Prediction::velocity) {
        one.possible = false;
        one.tooltip = "With OT only the velocity can be predicted: choose it in Network first";
    } else if (makes_x1(scene.coupling.kind)) {
        one.possible = false;
        one.tooltip =
            "Pairs of the diffusion start from other noise: choose independent pairs first";
    } else if (scene.reflow.rounds > 0) {
        one.possible = false;
        one.tooltip = "It starts from round 0: drop the rounds of reflow first";
    } else if (steps.empty()) {
        one.possible = false;
        one.tooltip = "It goes on with a model that has learnt: train one first";
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
    return {by_noise(first, scene),
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

std::vector<ViewSpec> beside_next_round(const Scene& scene, int round, int panes) {
    std::vector<ViewSpec> views = scene.views;
    const auto latest = [](const ViewSpec& view) {
        return view.field == FieldKind::learned && view.round < 0 && view.weights_step < 0;
    };
    const SamplerSettings ode =
        needs_score(views.front().sampler) ? plain(scene).sampler : views.front().sampler;
    bool follows = false;
    for (std::size_t i = 0; i < views.size() && static_cast<int>(i) < panes; ++i) {
        if (!latest(views[i]) || !needs_score(views[i].sampler)) continue;
        views[i].sampler = ode;
        follows = follows || i > 0;
    }
    if (follows && latest(views.front())) views.front().round = round;
    return views;
}

}  // namespace driftglass
