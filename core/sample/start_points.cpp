#include "core/sample/start_points.hpp"

#include <algorithm>

namespace driftglass {
namespace {

/// splitmix64 (Steele et al. 2014): neighbouring numbers become unrelated seeds.
std::uint64_t scrambled(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31U);
}

}  // namespace

torch::Generator make_generator(std::uint64_t seed) {
    return at::detail::createCPUGenerator(scrambled(seed));
}

torch::Tensor gaussian_starts(const Schedule& schedule, std::int64_t count, int dimension,
                              std::uint64_t seed) {
    constexpr std::int64_t block = 1024;
    const torch::Tensor starts = torch::empty({count, dimension}, torch::kFloat32);
    for (std::int64_t begin = 0; begin < count; begin += block) {
        const torch::Generator generator =
            make_generator(scrambled(seed) + static_cast<std::uint64_t>(begin / block));
        const std::int64_t end = std::min(begin + block, count);
        const torch::Tensor whole = torch::randn({block, dimension}, generator, torch::kFloat32);
        starts.slice(0, begin, end).copy_(whole.slice(0, 0, end - begin));
    }
    return starts.mul_(schedule.source_scale());
}

}  // namespace driftglass
