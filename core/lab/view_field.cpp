#include "core/lab/view_field.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/field/guided_field.hpp"
#include "core/field/reparameterised_field.hpp"

namespace driftglass {
namespace {

void check_label(const GuidanceSettings& guidance, const Setup& setup) {
    const std::vector<int>& labels = setup.data->labels;
    if (std::find(labels.begin(), labels.end(), guidance.label) == labels.end()) {
        throw Error("Guidance needs points with the label " + std::to_string(guidance.label) +
                    ": paint some with that label, or choose another.");
    }
}

std::shared_ptr<const Field> on_path(std::shared_ptr<const Field> field, const ViewSpec& view) {
    if (!view.path) return field;
    return std::make_shared<const ReparameterisedField>(std::move(field),
                                                        make_schedule(*view.path));
}

}  // namespace

std::int64_t weaker_step(const Model& model) {
    return model.step / 8;
}

std::shared_ptr<const Field> view_field(const ViewSpec& view, const FieldParts& parts,
                                        const Setup& setup) {
    const bool exact = view.field == FieldKind::exact;
    std::shared_ptr<const Field> field = exact ? parts.exact : parts.model->field();
    field = on_path(std::move(field), view);
    const GuidanceSettings& guidance = view.guidance;
    if (guidance.kind == GuidanceKind::none) return field;
    if (!std::isfinite(guidance.scale)) throw Error("The guidance scale must be a finite number.");
    check_label(guidance, setup);
    if (!exact && parts.model->round > 0 && guidance.kind == GuidanceKind::cfg) {
        throw Error(
            "Rounds of reflow are trained without labels: guide round 0, or choose another "
            "kind of guidance.");
    }
    switch (guidance.kind) {
        case GuidanceKind::autoguidance:
            if (exact) {
                throw Error(
                    "Autoguidance needs a weaker model, and the exact field has none: "
                    "choose cfg, or the learned field.");
            }
            return std::make_shared<const GuidedField>(field, guidance,
                                                       on_path(parts.weaker->field(), view));
        case GuidanceKind::classifier: {
            // grad log q_t(c | x) = s(x, t | c) - s(x, t): the classifier in closed form.
            if (!parts.exact) throw Error("Classifier guidance needs the exact field of the data.");
            const std::shared_ptr<const Field> oracle = on_path(parts.exact, view);
            return std::make_shared<const GuidedField>(
                field, guidance, nullptr,
                [oracle](const torch::Tensor& x, const torch::Tensor& t,
                         const torch::Tensor& label) {
                    return oracle->score(x, t, label) - oracle->score(x, t);
                });
        }
        default:
            return std::make_shared<const GuidedField>(field, guidance);
    }
}

}  // namespace driftglass
