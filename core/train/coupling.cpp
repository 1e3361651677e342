#include "core/train/coupling.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/error.hpp"

namespace driftglass {
namespace {

/// Rows of the entropic plan between two uniform clouds, in float64 and in logarithms, from
/// squared distances `cost` [n, n]: potentials until each column's mass is within 1 % of 1 / n or
/// 500 rounds are done (Peyre and Cuturi 2019, section 4.4). One partner is drawn for each row;
/// since rows end normalised, every x0 keeps exactly one.
torch::Tensor sinkhorn_partners(const torch::Tensor& cost, double epsilon,
                                torch::Generator& generator) {
    const std::int64_t n = cost.size(0);
    const torch::Tensor kernel = cost / -epsilon;
    torch::Tensor row = torch::zeros({n, 1}, cost.options());
    torch::Tensor column = torch::zeros({1, n}, cost.options());
    for (int round = 0; round < 500; ++round) {
        row = -at::logsumexp(kernel + column, {1}, true);
        const torch::Tensor mass = at::logsumexp(kernel + row, {0}, true);
        const torch::Tensor next = -mass;
        const bool done = (next - column).abs().max().item<double>() < 0.01;
        column = next;
        if (done) break;
    }
    const torch::Tensor plan = at::softmax(kernel + column, 1);
    return at::multinomial(plan, 1, false, generator).squeeze(1);
}

/// Groups of rows with one label, each ascending.
std::vector<torch::Tensor> groups_of(const torch::Tensor& label, std::int64_t rows,
                                     torch::Device device) {
    const auto options = torch::TensorOptions(torch::kInt64).device(device);
    if (!label.defined()) return {torch::arange(rows, options)};
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
    if (settings.kind == CouplingKind::minibatch_ot) {
        throw Error(
            "coupling.kind minibatch-ot is not in this version: use independent, sinkhorn "
            "or diffusion.");
    }
    if (settings.kind != CouplingKind::sinkhorn) return z1;
    torch::Tensor order = torch::empty({z0.size(0)}, z0.options().dtype(torch::kInt64));
    const auto wide = [](const torch::Tensor& z, const std::array<double, 2>& mean, double std) {
        const torch::Tensor m =
            torch::tensor({mean[0], mean[1]}, z.options()).narrow(0, 0, z.size(1));
        return z * std + m;
    };
    const torch::Tensor x0 = wide(z0, normalisation.data_mean, normalisation.data_std);
    const torch::Tensor x1 = wide(z1, normalisation.source_mean, normalisation.source_std);
    for (const torch::Tensor& group : groups_of(label, z0.size(0), z0.device())) {
        // Blocks bound the plan's memory and time, whatever the batch.
        constexpr std::int64_t block = 512;
        for (std::int64_t start = 0; start < group.size(0); start += block) {
            const torch::Tensor rows =
                group.narrow(0, start, std::min(block, group.size(0) - start));
            const torch::Tensor cost =
                at::cdist(x0.index_select(0, rows), x1.index_select(0, rows)).square();
            const torch::Tensor partner = sinkhorn_partners(cost, settings.epsilon, generator);
            order.index_copy_(0, rows, rows.index_select(0, partner));
        }
    }
    return z1.index_select(0, order);
}

}  // namespace driftglass
