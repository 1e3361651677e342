#include "app/panels/view_words.hpp"

#include <algorithm>

#include "app/panels/format.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

std::string pretty(GridKind grid) {
    switch (grid) {
        case GridKind::uniform_t:
            return "uniform in $t$";
        case GridKind::uniform_log_snr:
            return "uniform in $\\lambda$";
        case GridKind::karras:
            return "Karras";
        case GridKind::cosine:
            return "cosine";
    }
    return std::string(name_of(grid));
}

std::string pretty(GuidanceKind kind) {
    return kind == GuidanceKind::cfg ? "classifier-free" : std::string(name_of(kind));
}

std::string pretty(CouplingKind kind) {
    switch (kind) {
        case CouplingKind::minibatch_ot:
            return "OT";
        case CouplingKind::sinkhorn:
            return "Sinkhorn";
        case CouplingKind::independent:
        case CouplingKind::diffusion:
            break;
    }
    return std::string(name_of(kind));
}

std::string pretty(Preset preset) {
    switch (preset) {
        case Preset::two_moons:
            return "moons";
        case Preset::eight_gaussians:
            return "8 Gaussians";
        case Preset::checkerboard:
            return "checker";
        case Preset::pinwheel:
            return "pinwheel";
        case Preset::two_spirals:
            return "spirals";
        case Preset::rings:
            return "rings";
        case Preset::s_curve:
            return "S-curve";
        case Preset::smiley:
            return "smiley";
        case Preset::three_gaussians:
            return "3 Gaussians";
        case Preset::two_points:
            return "2 points";
    }
    return std::string(name_of(preset));
}

std::vector<int> classes_in(const PointSet* points) {
    std::vector<int> classes;
    if (points == nullptr) return classes;
    for (const int label : points->labels) {
        if (std::find(classes.begin(), classes.end(), label) == classes.end())
            classes.push_back(label);
    }
    std::sort(classes.begin(), classes.end());
    return classes;
}

std::vector<int> labels_in(const PointSet* points) {
    std::vector<int> labels = classes_in(points);
    std::erase_if(labels, [](int label) { return label < 0; });
    return labels;
}

ViewSpec shown_view(const Snapshot& snapshot, std::size_t pane) {
    ViewSpec view = pane < snapshot.scene->views.size() ? snapshot.scene->views[pane] : ViewSpec{};
    const int latest = snapshot.status.reflow.round;
    if (view.field == FieldKind::learned && view.round < 0 && latest > 0) view.round = latest;
    // Without rounds its number says nothing: the flow is the learned one, as in a pane beside it.
    const bool none = latest == 0 && snapshot.scene->reflow.rounds == 0;
    if (view.round == 0 && none) view.round = -1;
    return view;
}

ViewWords view_words(const ViewSpec& view) {
    ViewWords words;
    words.field = std::string(name_of(view.field));
    if (view.field == FieldKind::learned) {
        if (view.round >= 0) words.field = "round " + std::to_string(view.round);
        if (view.weights_step >= 0) words.field += ", step " + grouped(view.weights_step);
    }
    if (view.path) words.field += " on " + std::string(name_of(view.path->schedule));
    const MethodFacts& facts = facts_of(view.sampler.method);
    words.method = !is_stochastic(view.sampler) ? "PF-ODE"
                   : facts.noise.empty()        ? "Langevin dynamics"
                                                : "reverse SDE";
    const std::string steps = " " + std::to_string(view.sampler.steps);
    words.solver = std::string(facts.title) + steps;
    words.short_solver = std::string(facts.short_title) + steps;
    const GuidanceSettings& guidance = view.guidance;
    if (guidance.kind != GuidanceKind::none) {
        // The kind that is meant where nobody names one is classifier-free.
        if (guidance.kind != GuidanceKind::cfg) words.guidance = pretty(guidance.kind) + " ";
        words.guidance += "$w$ = " + compact(guidance.scale, 3);
        // Without a label where none is asked for.
        if (guidance.scale != 0 || guidance.kind == GuidanceKind::autoguidance)
            words.guidance += ", label " + std::to_string(guidance.label);
    }
    return words;
}

std::vector<ViewWords> view_words(const Snapshot& snapshot, std::size_t count) {
    std::vector<ViewWords> all;
    for (std::size_t pane = 0; pane < count; ++pane) {
        ViewWords words = view_words(shown_view(snapshot, pane));
        const std::optional<CouplingKind> learnt =
            pane < snapshot.panes.size() ? snapshot.panes[pane].coupling : std::nullopt;
        if (learnt && (*learnt != CouplingKind::independent ||
                       snapshot.scene->coupling.kind != CouplingKind::independent))
            words.pairing = pretty(*learnt) + " pairs";
        all.push_back(std::move(words));
    }
    return all;
}

std::string sentence(const ViewWords& words) {
    std::string line;
    for (const std::string* part :
         {&words.field, &words.pairing, &words.method, &words.solver, &words.guidance}) {
        if (part->empty()) continue;
        line += (line.empty() ? "" : " \xc2\xb7 ") + *part;
    }
    std::erase(line, '$');
    return line;
}

std::string not_there_yet(const Snapshot& snapshot) {
    const std::size_t count = std::min(snapshot.panes.size(), snapshot.scene->views.size());
    // Of several panes the one that does best tells of the model.
    const PaneMetrics* best = nullptr;
    const auto ratio = [](const PaneMetrics& metrics) { return metrics.w2 / metrics.w2_floor; };
    for (std::size_t i = 0; i < count; ++i) {
        const ViewSpec view = shown_view(snapshot, i);
        const PaneMetrics* metrics = snapshot.panes[i].metrics.get();
        const bool latest = view.field == FieldKind::learned && view.weights_step < 0 &&
                            std::max(view.round, 0) == snapshot.status.reflow.round;
        if (!latest || view.guidance.kind != GuidanceKind::none || metrics == nullptr) continue;
        if (metrics->w2_floor <= 0) continue;
        if (best == nullptr || ratio(*metrics) < ratio(*best)) best = metrics;
    }
    if (best == nullptr || ratio(*best) <= 1.5) return {};
    return "The samples are not there yet: their W2 is " + fixed(best->w2, 2) +
           " beside a floor of " + fixed(best->w2_floor, 2) +
           ", and a round learns their errors too. Train longer, or give pane A more steps.";
}

Rgb method_colour(const Theme& theme, const ViewSpec& view) {
    if (is_stochastic(view.sampler)) return theme.sde;
    if (view.round > 0) return theme.reflow;
    return theme.ode;
}

Rgb path_colour(const Theme& theme, const ViewSpec& view) {
    return view.guidance.kind != GuidanceKind::none ? theme.guidance : method_colour(theme, view);
}

std::vector<ViewSpec> with_more_views(std::vector<ViewSpec> views, std::size_t count) {
    while (views.size() < count) {
        ViewSpec view = views.empty() ? ViewSpec{} : views.front();
        switch (views.size()) {
            case 1:
                view.sampler.method = Method::euler_maruyama;
                view.sampler.steps = 64;
                view.sampler.noise = 1;
                break;
            case 2:
                view.field = FieldKind::exact;
                break;
            case 3:
                view.sampler.method = Method::euler;
                view.sampler.steps = 4;
                view.sampler.noise = 0;
                break;
            default:
                break;
        }
        views.push_back(view);
    }
    return views;
}

}  // namespace driftglass
