#include <algorithm>
#include <span>

#include "core/measure/assignment.hpp"
#include "core/train/coupling_families.hpp"

namespace driftglass {

torch::Tensor minibatch_ot_partners(const torch::Tensor& x0, const torch::Tensor& x1,
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

}  // namespace driftglass
