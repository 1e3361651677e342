#include <algorithm>

#include "core/train/coupling_families.hpp"

namespace driftglass {
namespace {

constexpr int most_rounds = 500;
constexpr float wanted_error = 0.01F;  // of a column's mass, in parts of 1 / n

/// A round of Sinkhorn's iteration is over-relaxed by this power (Thibault et al. 2021): none at
/// first, where it would only sway, then the more the longer it takes.
float relaxation(int round) {
    return std::clamp(1 + 0.04F * static_cast<float>(round - 5), 1.0F, 1.85F);
}

/// What scales a vector so far, taken over-relaxed towards `full`.
torch::Tensor relaxed(const torch::Tensor& so_far, const torch::Tensor& full, float by) {
    return by == 1 ? full : full.pow(by).mul_(so_far.pow(1 - by));
}

/// Sinkhorn's rounds on exp(kernel + row + column), in logarithms: `row` [n, 1] and `column`
/// [1, n] are moved until each column's mass is near 1 / n and each row's is 1 / n, or `rounds` are
/// done. Returns how many were.
int balance(const torch::Tensor& kernel, torch::Tensor& row, torch::Tensor& column, int rounds,
            bool over_relaxed) {
    // Logarithms are dear: they are taken anew only when a scaling has grown far from 1.
    constexpr float far = 1e8F;
    int round = 0;
    for (bool done = false; !done && round < rounds;) {
        // Held above what float32 has fewer digits for: products with such numbers take ten times
        // as long.
        const torch::Tensor plan = (kernel + row).add_(column).clamp_min_(-60).exp_();
        torch::Tensor u = torch::ones_like(row), v = torch::ones_like(column);
        for (bool near = true; near && !done && round < rounds;) {
            ++round;
            const float by = over_relaxed ? relaxation(round) : 1;
            u = relaxed(u, at::mv(plan, v.squeeze(0)).clamp_min_(1e-30).reciprocal_().unsqueeze(1),
                        by);
            const torch::Tensor full = at::mm(u.t(), plan).clamp_min_(1e-30).reciprocal_();
            done = (full / v - 1).abs().max().item<float>() < wanted_error;
            v = relaxed(v, full, by);
            const float most = std::max(u.max().item<float>(), v.max().item<float>());
            const float least = std::min(u.min().item<float>(), v.min().item<float>());
            near = most < far && least > 1 / far;
        }
        row = row + u.log();
        column = column + v.log();
    }
    return round;
}

}  // namespace

// The plan's potentials (Peyre and Cuturi 2019, section 4.4), with the entropy brought down in
// steps, each from the potentials of the one before (section 4.1): straight away a small one would
// take thousands of rounds.
torch::Tensor sinkhorn_partners(const torch::Tensor& x0, const torch::Tensor& x1,
                                const CouplingSettings& settings, torch::Generator& generator) {
    const torch::Tensor cost = at::cdist(x0, x1).square();
    const double mean = cost.mean().item<double>();
    // Then the two plans' costs differ by less than a hundredth of the mean, and float32 ends.
    if (settings.epsilon < 1e-3 * mean) return minibatch_ot_partners(x0, x1, settings, generator);
    constexpr double factor = 4;
    constexpr int rounds_on_the_way = 8;
    double epsilon = std::max(settings.epsilon, mean);
    torch::Tensor potential = torch::zeros({1, x1.size(0)}, cost.options());
    for (int left = most_rounds;; epsilon = std::max(settings.epsilon, epsilon / factor)) {
        const bool last = epsilon <= settings.epsilon;
        const torch::Tensor kernel = cost / -epsilon;
        torch::Tensor column = potential / epsilon;
        torch::Tensor row = -at::logsumexp(kernel + column, {1}, true);
        left -= balance(kernel, row, column, last ? left : rounds_on_the_way, last);
        if (last) {
            // Rows normalised, so that every x0 keeps exactly one partner.
            const torch::Tensor mass = at::cumsum(at::softmax(kernel + column, 1), 1);
            const torch::Tensor drawn = torch::rand({mass.size(0), 1}, generator, mass.options());
            return at::searchsorted(mass, drawn * mass.narrow(1, mass.size(1) - 1, 1))
                .squeeze(1)
                .clamp_max_(mass.size(1) - 1);
        }
        potential = column * epsilon;
    }
}

}  // namespace driftglass
