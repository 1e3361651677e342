#pragma once

#include <memory>
#include <string>

#include "core/field/field.hpp"
#include "core/lab/learner.hpp"
#include "core/lab/setup.hpp"

namespace driftglass {

/// What a view's field is made of, so that an unchanged field is known by comparing these.
struct FieldParts {
    std::shared_ptr<const ExactField> exact;  ///< exact views
    ModelPtr model;                           ///< learned views
    ModelPtr weaker;                          ///< autoguidance

    std::uint64_t version(FieldKind kind, std::uint64_t exact_version) const {
        return kind == FieldKind::exact ? exact_version : model ? model->id : 0;
    }
};

/// The view without its guidance where that does nothing (w = 0 at all t) and asks for a label that
/// is gone or cannot be told from anything: what is shown needs none then. Else as it is.
ViewSpec without_idle_guidance(ViewSpec view, const Setup& setup);

/// The field that a view samples with: exact or learned, on the view's own schedule, guided. Throws
/// Error, in a sentence for the pane, for what cannot be shown: guidance to a label that nothing
/// has, another schedule without a Gaussian source …
std::shared_ptr<const Field> view_field(const ViewSpec& view, const FieldParts& parts,
                                        const Setup& setup);

/// What view_field throws for guidance that cannot be, known before anything is learnt: no such
/// label, a single class, labels in a later round … `later_round`: of reflow.
void check_guidance(const ViewSpec& view, const Setup& setup, bool later_round);

/// Throws Error, naming the label's owner in `whose`, for a label that the model's network has
/// never seen: it came after the weights, and its row of the first layer is still zero.
void check_label_learnt(int label, const Model& model, const std::string& whose);

/// What `parts.weaker` is for autoguidance: weights of an eighth of the steps that the
/// present data were learnt for.
std::int64_t weaker_step(const Model& model);

}  // namespace driftglass
