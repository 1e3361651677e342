#include "core/field/guided_field.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/path/conversion.hpp"

namespace driftglass {

using torch::Tensor;

GuidedField::GuidedField(std::shared_ptr<const Field> field, const GuidanceSettings& settings,
                         std::shared_ptr<const Field> weaker, ClassifierParts classifier)
    : field_(std::move(field)),
      weaker_(std::move(weaker)),
      settings_(settings),
      classifier_(std::move(classifier)) {
    if (!std::isfinite(settings_.scale)) {
        throw Error("guidance.scale: expected a finite number");
    }
    if (settings_.label < 0) {
        throw Error("guidance.label: guidance needs a class, a whole number of at least 0");
    }
    if (settings_.kind == GuidanceKind::autoguidance && !weaker_) {
        throw Error(
            "guidance.kind = autoguidance needs a weaker model of the same data: there is "
            "none yet; train on, or choose cfg");
    }
    if (settings_.kind == GuidanceKind::classifier) {
        if (!classifier_.gradient) {
            throw Error(
                "guidance.kind = classifier needs a classifier: there is none; give the "
                "points labels, or choose cfg");
        }
        if (!field_->has_score()) {
            throw Error(
                "guidance.kind = classifier adds to the score, which a source other than "
                "an independent Gaussian does not have; choose cfg");
        }
    }
}

/// [N] on the CPU: the class of each row, -1 for none.
Tensor GuidedField::classes(const Tensor& x, const Tensor& label) const {
    if (label.defined()) return label.to(torch::kCPU, torch::kInt64);
    return torch::full({x.size(0)}, settings_.label, torch::kInt64);
}

/// [N] float64 on the CPU: w within the interval of rows with a class, 1 elsewhere.
Tensor GuidedField::scales(const Tensor& x, const Tensor& t, const Tensor& label) const {
    const Tensor within = (t >= settings_.interval_low).logical_and(t <= settings_.interval_high);
    const Tensor guided = within.logical_and(label >= 0).expand({x.size(0)});
    return torch::where(guided, settings_.scale, 1.0).to(torch::kFloat64);
}

/// other + w (strong - other), each evaluated only where its weight is not 0 for all rows.
template <class Evaluate>
Tensor GuidedField::combine(const Tensor& x, const Tensor& t, const Tensor& label,
                            const Evaluate& evaluate) const {
    const Tensor wanted = classes(x, label);
    const Tensor scale = scales(x, t.to(torch::kCPU), wanted);
    if (settings_.kind == GuidanceKind::none || (scale == 1).all().item<bool>()) {
        return evaluate(*field_, wanted);
    }
    const bool automatic = settings_.kind == GuidanceKind::autoguidance;
    const Tensor other =
        automatic ? evaluate(*weaker_, wanted) : evaluate(*field_, torch::full_like(wanted, -1));
    if ((scale == 0).all().item<bool>()) return other;
    const Tensor strong = evaluate(*field_, wanted);
    Tensor w = scale.to(x.device(), x.scalar_type());
    if (strong.dim() == 2) w = w.unsqueeze(1);
    return other + w * (strong - other);
}

Tensor GuidedField::native_value(const Tensor& x, const Tensor& t, const Tensor& label) const {
    return value(native(), x, t, label);
}

Tensor GuidedField::value(Prediction kind, const Tensor& x, const Tensor& t,
                          const Tensor& label) const {
    if (settings_.kind == GuidanceKind::classifier) {
        return convert(classifier_data(x, t, label), Prediction::data, kind, x,
                       path_tensors(schedule(), t, x.device()));
    }
    return combine(x, t, label, [&](const Field& field, const Tensor& wanted) {
        return field.value(kind, x, t, wanted);
    });
}

/// [N, 1]: w sigma^2 / alpha of each row, what its gradient of log p(c | x) is multiplied by.
Tensor GuidedField::classifier_factor(const Tensor& x, const Tensor& t,
                                      const Tensor& wanted) const {
    // Towards alpha = 0 the gradient vanishes like alpha and a classifier's error need not: the
    // factor is bounded.
    constexpr double least_alpha = 0.02;
    const PathTensors path = path_tensors(schedule(), t, x.device());
    const Tensor known = (wanted >= 0).to(torch::kFloat64);
    const Tensor w = (scales(x, t.to(torch::kCPU), wanted) * known).to(x.device(), x.scalar_type());
    return w.unsqueeze(1) * (path.sigma.square() / path.alpha.clamp_min(least_alpha));
}

// s + w grad log p(c | x) is x0hat + w (sigma^2 / alpha) grad log p(c | x) by Tweedie's formula.
Tensor GuidedField::classifier_data(const Tensor& x, const Tensor& t, const Tensor& label) const {
    const Tensor wanted = classes(x, label);
    const Tensor factor = classifier_factor(x, t, wanted);
    const Tensor plain = field_->data(x, t, torch::full_like(wanted, -1));
    if ((factor == 0).all().item<bool>()) return plain;
    return plain + factor * classifier_.gradient(x, t, wanted.clamp_min(0));
}

// v = (sigma' / sigma) x + (alpha' - sigma' alpha / sigma) x0hat, and x0hat has the term above.
Tensor GuidedField::classifier_divergence(const Tensor& x, const Tensor& t,
                                          const Tensor& label) const {
    if (!classifier_.laplacian) {
        throw Error("a field guided by this classifier has no exact divergence; choose cfg");
    }
    const Tensor wanted = classes(x, label);
    const PathTensors path = path_tensors(schedule(), t, x.device());
    const Tensor slope = path.alpha_prime - path.sigma_prime * path.alpha / path.sigma;
    return field_->divergence(x, t, torch::full_like(wanted, -1)) +
           (slope * classifier_factor(x, t, wanted)).squeeze(1) *
               classifier_.laplacian(x, t, wanted.clamp_min(0));
}

Tensor GuidedField::divergence(const Tensor& x, const Tensor& t, const Tensor& label) const {
    if (settings_.kind == GuidanceKind::classifier) return classifier_divergence(x, t, label);
    return combine(x, t, label, [&](const Field& field, const Tensor& wanted) {
        return field.divergence(x, t, wanted);
    });
}

Tensor GuidedField::probed_divergence(const Tensor& probe, const Tensor& x, const Tensor& t,
                                      const Tensor& label) const {
    if (settings_.kind == GuidanceKind::classifier) {
        throw Error("a classifier-guided field has no estimate of its divergence; choose cfg");
    }
    return combine(x, t, label, [&](const Field& field, const Tensor& wanted) {
        return field.probed_divergence(probe, x, t, wanted);
    });
}

}  // namespace driftglass
