#include "core/lab/view_field.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "core/error.hpp"
#include "core/field/guided_field.hpp"
#include "core/field/reparameterised_field.hpp"
#include "core/model/layers.hpp"

namespace driftglass {
namespace {

/// There must be the label, and something else to tell it from: of a single class the guided field
/// is the unguided one, whatever the scale.
void check_label(const GuidanceSettings& guidance, const Setup& setup) {
    const std::vector<int>& labels = setup.data->labels;
    const auto is_it = [&](int label) { return label == guidance.label; };
    if (std::none_of(labels.begin(), labels.end(), is_it)) {
        std::string there;
        for (const int label : std::set<int>(labels.begin(), labels.end())) {
            if (label >= 0) there += (there.empty() ? "" : ", ") + std::to_string(label);
        }
        throw Error("guidance.label: there are no points with the label " +
                    std::to_string(guidance.label) +
                    (there.empty() ? ", nor with any: paint some with that label."
                                   : ": paint some, or choose one of " + there + "."));
    }
    if (guidance.kind != GuidanceKind::autoguidance &&
        std::all_of(labels.begin(), labels.end(), is_it)) {
        throw Error(
            "guidance.kind: guidance needs a second class to lead away from: all points have the "
            "label " +
            std::to_string(guidance.label) + "; add points with another label, or choose " +
            "guidance.kind none or autoguidance.");
    }
}

/// grad log p(c | x_t) of what learnt beside the model.
std::shared_ptr<const Field> guided_by_classifier(std::shared_ptr<const Field> field,
                                                  const GuidanceSettings& guidance,
                                                  std::shared_ptr<const Classifier> classifier) {
    if (!classifier) {
        throw Error(
            "The classifier is not learnt yet: train on with guidance.kind classifier (round 0, "
            "before reflow), or choose cfg.");
    }
    // Its last class is that of points without a label.
    if (guidance.label >= classifier->classes() - 1) {
        throw Error("The classifier of these weights has not seen the label " +
                    std::to_string(guidance.label) + ": train on, or choose cfg.");
    }
    // The field holds the schedule, which its classifier sees too.
    const auto part = [&](auto of) {
        return [field, classifier, of](const torch::Tensor& x, const torch::Tensor& t,
                                       const torch::Tensor& label) {
            return ((*classifier).*of)(field->schedule(), x, t, label);
        };
    };
    return std::make_shared<const GuidedField>(
        field, guidance, nullptr,
        GuidedField::ClassifierParts{part(&Classifier::gradient), part(&Classifier::laplacian)});
}

std::shared_ptr<const Field> on_path(std::shared_ptr<const Field> field, const ViewSpec& view) {
    if (!view.path) return field;
    return std::make_shared<const ReparameterisedField>(std::move(field),
                                                        make_schedule(*view.path));
}

}  // namespace

ViewSpec without_idle_guidance(ViewSpec view, const Setup& setup) {
    GuidanceSettings& guidance = view.guidance;
    const bool sum =
        guidance.kind == GuidanceKind::cfg || guidance.kind == GuidanceKind::classifier;
    if (!sum || guidance.scale != 0 || guidance.interval_low > 0 || guidance.interval_high < 1)
        return view;
    const std::vector<int>& labels = setup.data->labels;
    const auto asked = std::count(labels.begin(), labels.end(), guidance.label);
    if (asked == 0 || asked == std::ssize(labels)) guidance.kind = GuidanceKind::none;
    return view;
}

std::int64_t weaker_step(const Model& model) {
    return model.step - model.age + model.age / 8;
}

void check_label_learnt(int label, const Model& model, const std::string& whose) {
    const Network& network = *model.network;
    const torch::Tensor first = layers_of(network.weights(), network.shape()).front().weight;
    const torch::Tensor rows =
        first.narrow(0, first.size(0) - network.labels(), network.labels()).ne(0).any(1).cpu();
    const auto learnt = [&](int i) { return i < network.labels() && rows[i].item<bool>(); };
    if (learnt(label)) return;
    constexpr int most_named = 12;
    std::string there;
    int named = 0;
    for (int i = 0; i < network.labels() && named <= most_named; ++i) {
        if (!learnt(i)) continue;
        const std::string next = named == most_named ? "…" : std::to_string(i);
        there += (there.empty() ? "" : ", ") + next;
        ++named;
    }
    throw Error(whose + " " + std::to_string(label) + ": the model has not learnt that label; " +
                (there.empty() ? "it knows none" : "it knows " + there + " only"));
}

void check_guidance(const ViewSpec& view, const Setup& setup, bool later_round) {
    const GuidanceSettings& guidance = view.guidance;
    if (guidance.kind == GuidanceKind::none) return;
    if (!std::isfinite(guidance.scale)) throw Error("The guidance scale must be a finite number.");
    check_label(guidance, setup);
    if (later_round && guidance.kind == GuidanceKind::cfg) {
        throw Error(
            "guidance.kind: rounds of reflow are trained without labels: guide round 0, or choose "
            "another "
            "kind of guidance.");
    }
    // What loaded weights were trained with is not known.
    const Scene& scene = *setup.scene;
    if (view.field == FieldKind::learned && scene.weights.empty()) {
        const double hidden = scene.training.label_dropout;
        if (hidden >= 1) {
            throw Error(
                "training.label_dropout is 1, so no label is learnt and none can be guided to: "
                "lower it.");
        }
        if (hidden <= 0 && guidance.scale != 1 && guidance.kind != GuidanceKind::autoguidance) {
            throw Error(
                "training.label_dropout is 0, so the field without a label is not learnt, which "
                "guidance starts from: raise it (0.5 is usual here).");
        }
    }
    if (view.field == FieldKind::exact && guidance.kind == GuidanceKind::autoguidance) {
        throw Error(
            "guidance.kind: autoguidance needs a weaker model, and the exact field has none: "
            "choose cfg, or the learned field.");
    }
    if (view.field == FieldKind::learned && guidance.kind == GuidanceKind::classifier &&
        (later_round || !setup.has_score())) {
        throw Error(
            "guidance.kind: a classifier adds to the score, which exists for an independent "
            "Gaussian source and "
            "before reflow only: choose another kind of guidance.");
    }
}

std::shared_ptr<const Field> view_field(const ViewSpec& view, const FieldParts& parts,
                                        const Setup& setup) {
    const bool exact = view.field == FieldKind::exact;
    std::shared_ptr<const Field> field = exact ? parts.exact : parts.model->field();
    field = on_path(std::move(field), view);
    const GuidanceSettings& guidance = view.guidance;
    if (guidance.kind == GuidanceKind::none) return field;
    check_guidance(view, setup, !exact && parts.model->round > 0);
    // Later rounds learn without labels, and a classifier leads what is evaluated without.
    if (!exact && parts.model->round == 0 && guidance.kind != GuidanceKind::classifier)
        check_label_learnt(guidance.label, *parts.model, "guidance.label");
    switch (guidance.kind) {
        case GuidanceKind::autoguidance:
            return std::make_shared<const GuidedField>(field, guidance,
                                                       on_path(parts.weaker->field(), view));
        case GuidanceKind::classifier: {
            if (!exact) return guided_by_classifier(field, guidance, parts.model->classifier);
            // grad log q_t(c | x) = s(x, t | c) - s(x, t) in closed form: the sum of cfg.
            GuidanceSettings in_closed_form = guidance;
            in_closed_form.kind = GuidanceKind::cfg;
            return std::make_shared<const GuidedField>(field, in_closed_form);
        }
        default:
            return std::make_shared<const GuidedField>(field, guidance);
    }
}

}  // namespace driftglass
