#include "core/train/coupling.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "core/error.hpp"
#include "core/train/coupling_families.hpp"

namespace driftglass {
namespace {

struct Row {
    CouplingKind kind;
    std::int64_t block = 0;  ///< most rows that are paired at once
    torch::Tensor (*partners)(const torch::Tensor& x0, const torch::Tensor& x1,
                              const CouplingSettings& settings,
                              torch::Generator& generator) = nullptr;
    torch::Tensor (*make)(const torch::Tensor& x0, const CouplingSettings& settings,
                          torch::Generator& generator) = nullptr;
    double (*made_std)(double data_std, const CouplingSettings& settings) = nullptr;
};

/// The registry: a coupling is its kind, its file and this row.
constexpr Row rows[] = {
    {.kind = CouplingKind::independent},
    {.kind = CouplingKind::minibatch_ot, .block = 2048, .partners = minibatch_ot_partners},
    {.kind = CouplingKind::sinkhorn, .block = 512, .partners = sinkhorn_partners},
    {.kind = CouplingKind::diffusion, .make = diffused, .made_std = diffused_std}};

const Row& row_of(CouplingKind kind) {
    const Row* row = std::ranges::find(rows, kind, &Row::kind);
    if (row == std::end(rows))
        throw std::logic_error("a coupling without a row in core/train/coupling.cpp");
    return *row;
}

/// Rows of one label each, ascending.
std::vector<torch::Tensor> groups_of(const torch::Tensor& label, std::int64_t count,
                                     torch::Device device) {
    if (!label.defined()) {
        return {torch::arange(count, torch::TensorOptions(torch::kInt64).device(device))};
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
    const Row& row = row_of(settings.kind);
    const Normalisation& n = normalisation;
    if (row.make == nullptr && row.partners == nullptr) return z1;
    // Positions are seen from the data's mean: far from the origin float32 would lose digits.
    const torch::Tensor x0 = z0 * n.data_std;
    const torch::Tensor offset =
        torch::tensor({n.source_mean[0] - n.data_mean[0], n.source_mean[1] - n.data_mean[1]},
                      z0.options())
            .narrow(0, 0, z0.size(1));
    if (row.make != nullptr) return (row.make(x0, settings, generator) - offset) / n.source_std;
    const torch::Tensor x1 = z1 * n.source_std + offset;
    if (!x0.isfinite().all().item<bool>() || !x1.isfinite().all().item<bool>()) {
        throw Error(
            "coupling: a coordinate is not finite or too large to be paired; use "
            "coupling.kind independent, or data of a smaller size.");
    }
    torch::Tensor order = torch::empty({z0.size(0)}, z0.options().dtype(torch::kInt64));
    for (const torch::Tensor& group : groups_of(label, z0.size(0), z0.device())) {
        for (std::int64_t start = 0; start < group.size(0); start += row.block) {
            const torch::Tensor block =
                group.narrow(0, start, std::min(row.block, group.size(0) - start));
            const torch::Tensor partner = row.partners(
                x0.index_select(0, block), x1.index_select(0, block), settings, generator);
            order.index_copy_(0, block, block.index_select(0, partner));
        }
    }
    return z1.index_select(0, order);
}

bool makes_x1(CouplingKind kind) {
    return row_of(kind).make != nullptr;
}

double made_x1_std(const CouplingSettings& settings, double data_std) {
    return row_of(settings.kind).made_std(data_std, settings);
}

torch::Tensor labels_seen(const torch::Tensor& label, double hidden, torch::Generator& generator) {
    if (!label.defined()) return {};
    const torch::Tensor chance = torch::rand(
        label.sizes(), generator, torch::TensorOptions(torch::kFloat32).device(label.device()));
    return label.masked_fill(chance < hidden, -1);
}

}  // namespace driftglass
