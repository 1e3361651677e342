#include "core/field/gaussian_mixture.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

GaussianMixture mixture_of_components(const std::vector<MixtureComponent>& components,
                                      int dimension) {
    if (components.empty()) throw Error("data.mixture: there is no component; add at least one");
    const auto count = static_cast<std::int64_t>(components.size());
    GaussianMixture mixture{
        torch::empty({count, dimension}, torch::kFloat64), torch::empty({count}, torch::kFloat64),
        torch::empty({count}, torch::kFloat64), torch::empty({count}, torch::kInt64)};
    for (std::int64_t k = 0; k < count; ++k) {
        const MixtureComponent& component = components[static_cast<std::size_t>(k)];
        const std::string place = "data.mixture[" + std::to_string(k) + "].";
        if (!(component.std >= 0) || !std::isfinite(component.std)) {
            throw Error(place + "std: expected a finite number of at least 0");
        }
        if (!(component.weight > 0) || !std::isfinite(component.weight)) {
            throw Error(place + "weight: expected a finite number above 0");
        }
        for (int d = 0; d < dimension; ++d) {
            const double mean = component.mean[static_cast<std::size_t>(d)];
            if (!std::isfinite(mean)) throw Error(place + "mean: expected finite numbers");
            mixture.means[k][d] = mean;
        }
        mixture.stds[k] = component.std;
        mixture.weights[k] = component.weight;
        mixture.labels[k] = component.label;
    }
    mixture.weights /= mixture.weights.sum();
    return mixture;
}

GaussianMixture mixture_of_points(const PointSet& points, double kernel_width) {
    const std::int64_t count = points.size();
    if (count == 0) throw Error("the exact field needs at least one data point: there is none");
    if (!(kernel_width >= 0) || !std::isfinite(kernel_width)) {
        throw Error("exact.kernel_width: expected a finite number of at least 0");
    }
    const Tensor x = torch::tensor(points.x, torch::kFloat64).view({count, points.dimension});
    if (!x.isfinite().all().item<bool>()) {
        throw Error("the exact field needs finite data points: a coordinate is not finite");
    }
    Tensor labels = torch::full({count}, -1, torch::kInt64);
    if (!points.labels.empty()) labels = torch::tensor(points.labels, torch::kInt64);
    return {x, torch::full({count}, kernel_width, torch::kFloat64),
            torch::full({count}, 1.0 / static_cast<double>(count), torch::kFloat64), labels};
}

GaussianMixture standard_gaussian(int dimension) {
    return {torch::zeros({1, dimension}, torch::kFloat64), torch::ones({1}, torch::kFloat64),
            torch::ones({1}, torch::kFloat64), torch::full({1}, -1, torch::kInt64)};
}

}  // namespace driftglass
