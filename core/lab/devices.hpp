#pragma once

#include <string>
#include <vector>

#include "core/torch.hpp"

namespace driftglass {

/// auto, cpu, cuda or mps as a device of this machine; auto: CUDA, MPS, CPU. Throws Error naming
/// what there is.
torch::Device device_named(const std::string& name);
/// cpu, cuda or mps.
std::string name_of_device(torch::Device device);
/// "CPU · 2 threads", or what the maker calls it.
std::string full_name(torch::Device device, int threads);

int core_count();

}  // namespace driftglass
