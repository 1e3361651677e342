#include "core/sample/forward.hpp"

#include <algorithm>
#include <cmath>

#include "core/error.hpp"

namespace driftglass {

using torch::Tensor;

Tensor forward_paths(const Schedule& schedule, const Tensor& x0, const std::vector<double>& times,
                     torch::Generator generator) {
    std::vector<Tensor> rows;
    Tensor x = x0;
    double alpha = 1;
    double sigma = 0;
    for (const double t : times) {
        const Coefficients next = schedule.at(t);
        const double kept = next.alpha / alpha;
        const double variance = next.sigma * next.sigma - kept * kept * sigma * sigma;
        if (!(variance >= -1e-9 * next.sigma * next.sigma)) {
            throw Error(
                "the forward process does not exist on this path: its log-SNR rises before "
                "t = " +
                std::to_string(t) + "; give it knots along which it falls");
        }
        const Tensor z = torch::randn(x0.sizes(), generator, torch::kFloat32).to(x0.options());
        x = kept * x + std::sqrt(std::max(variance, 0.0)) * z;
        rows.push_back(x);
        // From alpha = 0 on x holds nothing of x0, and any finite ratio will do.
        alpha = next.alpha > 0 ? next.alpha : 1e-300;
        sigma = next.sigma;
    }
    return torch::stack(rows);
}

Tensor conditional_paths(const Schedule& schedule, const Tensor& x0, const Tensor& x1,
                         const std::vector<double>& times) {
    std::vector<Tensor> rows;
    for (const double t : times) {
        const Coefficients c = schedule.at(t);
        rows.push_back(c.alpha * x0 + c.sigma * x1);
    }
    return torch::stack(rows);
}

}  // namespace driftglass
