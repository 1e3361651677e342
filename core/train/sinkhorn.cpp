#include <algorithm>

#include "core/train/coupling_families.hpp"

namespace driftglass {

// The plan between two uniform clouds in logarithms: potentials until each column's mass is within
// 1 % of 1 / n or 500 rounds are done (Peyre and Cuturi 2019, section 4.4). Rows end normalised, so
// that every x0 keeps exactly one partner.
torch::Tensor sinkhorn_partners(const torch::Tensor& x0, const torch::Tensor& x1,
                                const CouplingSettings& settings, torch::Generator& generator) {
    const torch::Tensor kernel = at::cdist(x0, x1).square() / -settings.epsilon;
    torch::Tensor row = -at::logsumexp(kernel, {1}, true);
    torch::Tensor column = -at::logsumexp(kernel + row, {0}, true);
    // Logarithms are dear: they are taken anew only when a scaling has grown far from 1.
    constexpr float far = 50;
    constexpr int most_rounds = 500;
    for (int round = 0; round < most_rounds;) {
        const torch::Tensor plan = at::exp(kernel + row + column);
        torch::Tensor u = torch::ones_like(row), v = torch::ones_like(column);
        bool done = false;
        for (bool near = true; near && !done && round < most_rounds; ++round) {
            u = at::mm(plan, v.t()).clamp_min_(1e-30).reciprocal_();
            const torch::Tensor next = at::mm(u.t(), plan).clamp_min_(1e-30).reciprocal_();
            done = (next / v - 1).abs().max().item<float>() < 0.01F;
            v = next;
            const float most = std::max(u.max().item<float>(), v.max().item<float>());
            const float least = std::min(u.min().item<float>(), v.min().item<float>());
            near = most < far && least > 1 / far;
        }
        row = row + u.log();
        column = column + v.log();
        if (done) break;
    }
    const torch::Tensor plan = at::softmax(kernel + column, 1);
    return at::multinomial(plan, 1, false, generator).squeeze(1);
}

}  // namespace driftglass
