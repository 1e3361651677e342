#include "core/field/learned_field.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "core/error.hpp"
#include "core/share_work.hpp"

namespace driftglass {

LearnedField::LearnedField(std::shared_ptr<const Network> network,
                           std::shared_ptr<const Schedule> schedule, bool has_score)
    : network_(std::move(network)), schedule_(std::move(schedule)), has_score_(has_score) {}

Prediction LearnedField::native() const {
    return has_score_ ? network_->settings().prediction : Prediction::velocity;
}

torch::Tensor LearnedField::native_value(const torch::Tensor& x, const torch::Tensor& t,
                                         const torch::Tensor& label) const {
    count_evaluation();
    return network_->evaluate(native(), *schedule_, x, t, label);
}

torch::Tensor LearnedField::value(Prediction kind, const torch::Tensor& x, const torch::Tensor& t,
                                  const torch::Tensor& label) const {
    if (kind != Prediction::velocity && !has_score_) {
        throw Error("this model has no " + std::string(name_of(kind)) +
                    ": its source is not Gaussian or not independent of the data, so only the "
                    "velocity exists.");
    }
    count_evaluation();
    return network_->evaluate(kind, *schedule_, x, t, label);
}

torch::Tensor LearnedField::divergence(const torch::Tensor& x, const torch::Tensor& t,
                                       const torch::Tensor& label) const {
    count_evaluation();
    const torch::NoGradGuard no_grad;
    const std::int64_t slice = x.is_cpu() ? 128 : 65536;
    torch::Tensor result = at::empty({x.size(0)}, x.options());
    const auto piece = [&](std::int64_t start, std::int64_t end) {
        const torch::NoGradGuard no_grad_here;
        const std::int64_t count = end - start;
        const torch::Tensor part =
            network_
                ->predict_with_divergence(Prediction::velocity, *schedule_,
                                          x.narrow(0, start, count),
                                          t.dim() == 0 ? t : t.narrow(0, start, count),
                                          label.defined() ? label.narrow(0, start, count) : label)
                .second;
        result.narrow(0, start, count).copy_(part);
    };
    share_blocks(x.size(0), slice, piece, !x.is_cpu());
    return result;
}

torch::Tensor LearnedField::probed_divergence(const torch::Tensor& probe, const torch::Tensor& x,
                                              const torch::Tensor& t,
                                              const torch::Tensor& label) const {
    count_evaluation();
    const torch::AutoGradMode with_grad(true);
    const torch::Tensor at = x.detach().clone().requires_grad_(true);
    const torch::Tensor v = network_->predict(Prediction::velocity, *schedule_, at, t, label);
    return (torch::autograd::grad({v}, {at}, {probe})[0] * probe).sum(1);
}

}  // namespace driftglass
