#include "core/train/coupling.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "core/error.hpp"
#include "core/measure/assignment.hpp"

namespace driftglass {
namespace {

/// Rows of the entropic plan between two uniform clouds, in logarithms, from squared
/// distances [n, n]: potentials until each column's mass is within 1 % of 1 / n or
/// 500 rounds are done (Peyre and Cuturi 2019, section 4.4). One partner is drawn for each row;
/// since rows end normalised, every x0 keeps exactly one.
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

/// The permutation with the least sum of squared distances.
torch::Tensor assignment_partners(const torch::Tensor& x0, const torch::Tensor& x1,
                                  const CouplingSettings&, torch::Generator&) {
    const torch::Tensor a = x0.to(torch::kCPU).contiguous(), b = x1.to(torch::kCPU).contiguous();
    const auto values = [](const torch::Tensor& x) {
        return std::span<const float>(x.data_ptr<float>(), static_cast<std::size_t>(x.numel()));
    };
    Assignment assignment(values(a), values(b), static_cast<int>(a.size(1)));
    assignment.run();
    torch::Tensor partner = torch::empty({a.size(0)}, torch::TensorOptions(torch::kInt64));
    std::copy(assignment.match().begin(), assignment.match().end(),
              partner.data_ptr<std::int64_t>());
    return partner.to(x0.device());
}

/// How the rows of a block are paired anew: for each x0 [n, D] the row of its x1.
struct Pairing {
    CouplingKind kind;
    std::int64_t block;  ///< most rows at once
    torch::Tensor (*partners)(const torch::Tensor& x0, const torch::Tensor& x1,
                              const CouplingSettings& settings, torch::Generator& generator);
};
/// The registry. Other kinds leave a batch as it was drawn.
constexpr Pairing pairings[] = {{CouplingKind::minibatch_ot, 2048, assignment_partners},
                                {CouplingKind::sinkhorn, 512, sinkhorn_partners}};

/// Rows of one label each, ascending.
std::vector<torch::Tensor> groups_of(const torch::Tensor& label, std::int64_t rows,
                                     torch::Device device) {
    if (!label.defined()) {
        return {torch::arange(rows, torch::TensorOptions(torch::kInt64).device(device))};
    }
    std::vector<torch::Tensor> groups;
    const torch::Tensor known = std::get<0>(at::_unique(label, true));
    for (std::int64_t i = 0; i < known.size(0); ++i) {
        groups.push_back(at::nonzero(label == known[i]).squeeze(1));
    }
    return groups;
}

}  // namespace

torch::Tensor couple(const CouplingSettings& settings, const Normalisation& normalisation,
                     const torch::Tensor& z0, const torch::Tensor& z1, const torch::Tensor& label,
                     torch::Generator& generator) {
    const auto pairing = std::ranges::find(pairings, settings.kind, &Pairing::kind);
    if (pairing == std::end(pairings)) return z1;
    const auto wide = [](const torch::Tensor& z, const std::array<double, 2>& mean, double std) {
        const torch::Tensor m =
            torch::tensor({mean[0], mean[1]}, z.options()).narrow(0, 0, z.size(1));
        return z * std + m;
    };
    const torch::Tensor x0 = wide(z0, normalisation.data_mean, normalisation.data_std);
    const torch::Tensor x1 = wide(z1, normalisation.source_mean, normalisation.source_std);
    if (!x0.isfinite().all().item<bool>() || !x1.isfinite().all().item<bool>()) {
        throw Error(
            "coupling: a coordinate is not finite or too large to be paired; use "
            "coupling.kind independent, or data of a smaller size.");
    }
    torch::Tensor order = torch::empty({z0.size(0)}, z0.options().dtype(torch::kInt64));
    for (const torch::Tensor& group : groups_of(label, z0.size(0), z0.device())) {
        for (std::int64_t start = 0; start < group.size(0); start += pairing->block) {
            const torch::Tensor rows =
                group.narrow(0, start, std::min(pairing->block, group.size(0) - start));
            const torch::Tensor partner = pairing->partners(
                x0.index_select(0, rows), x1.index_select(0, rows), settings, generator);
            order.index_copy_(0, rows, rows.index_select(0, partner));
        }
    }
    return z1.index_select(0, order);
}

torch::Tensor labels_seen(const torch::Tensor& label, double hidden, torch::Generator& generator) {
    if (!label.defined()) return {};
    const torch::Tensor chance = torch::rand(
        label.sizes(), generator, torch::TensorOptions(torch::kFloat32).device(label.device()));
    return label.masked_fill(chance < hidden, -1);
}

}  // namespace driftglass
