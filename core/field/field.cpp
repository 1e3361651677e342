#include "core/field/field.hpp"

#include "core/error.hpp"
#include "core/path/conversion.hpp"

namespace driftglass {

using torch::Tensor;

Tensor Field::value(Prediction kind, const Tensor& x, const Tensor& t, const Tensor& label) const {
    if (!has_score() && kind != Prediction::velocity) {
        throw Error("this field has a velocity only, no " + std::string(name_of(kind)) +
                    ": its source is not Gaussian or not independent of the data");
    }
    const Tensor native_result = native_value(x, t, label);
    if (kind == native()) return native_result;
    return convert(native_result, native(), kind, x, path_tensors(schedule(), t, x.device()));
}

Tensor Field::divergence(const Tensor& x, const Tensor& t, const Tensor& label) const {
    const torch::AutoGradMode with_grad(true);
    const Tensor at = x.detach().clone().requires_grad_(true);
    const Tensor v = velocity(at, t, label);
    Tensor total = torch::zeros({x.size(0)}, x.options());
    for (std::int64_t d = 0; d < x.size(1); ++d) {
        const bool more = d + 1 < x.size(1);
        const Tensor gradient =
            torch::autograd::grad({v.select(1, d).sum()}, {at}, {}, /*retain_graph=*/more)[0];
        total += gradient.select(1, d);
    }
    return total;
}

Tensor Field::probed_divergence(const Tensor& probe, const Tensor& x, const Tensor& t,
                                const Tensor& label) const {
    const torch::AutoGradMode with_grad(true);
    const Tensor at = x.detach().clone().requires_grad_(true);
    const Tensor v = velocity(at, t, label);
    const Tensor product = torch::autograd::grad({v}, {at}, {probe})[0];
    return (product * probe).sum(1);
}

Tensor Field::log_density(const Tensor&, const Tensor&, const Tensor&) const {
    return {};
}

}  // namespace driftglass
