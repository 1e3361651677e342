#include "core/lab/devices.hpp"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include "core/error.hpp"
#include "core/lab/lab.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace driftglass {

std::vector<std::string> available_devices() {
    std::vector<std::string> devices;
    if (torch::cuda::is_available()) devices.emplace_back("cuda");
    if (at::hasMPS()) devices.emplace_back("mps");
    devices.emplace_back("cpu");
    return devices;
}

torch::Device device_named(const std::string& name) {
    const std::vector<std::string> here = available_devices();
    const std::string wanted = name == "auto" || name.empty() ? here.front() : name;
    if (std::find(here.begin(), here.end(), wanted) == here.end()) {
        std::string list = "auto";
        for (const std::string& device : here)
            list += ", " + device;
        throw Error("the device '" + name + "' is not here; this machine has " + list);
    }
    if (wanted == "cuda") return {torch::kCUDA, 0};
    if (wanted == "mps") return {torch::kMPS, 0};
    return torch::kCPU;
}

std::string name_of_device(torch::Device device) {
    return device.is_cuda() ? "cuda" : device.is_mps() ? "mps" : "cpu";
}

std::string full_name(torch::Device device, int threads) {
    if (device.is_cuda()) return "CUDA";
    if (device.is_mps()) return "Apple GPU";
    return "CPU · " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

int core_count() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::vector<std::string> engine_info() {
    std::vector<std::string> lines;
    lines.push_back("LibTorch " + std::string(TORCH_VERSION));
    lines.push_back("CPU capability " + at::get_cpu_capability());
    std::string devices;
    for (const std::string& device : available_devices()) {
        devices += (devices.empty() ? "" : ", ") + device;
    }
    lines.push_back("devices " + devices);
    if (torch::cuda::is_available()) {
        std::string text = at::detail::getCUDAHooks().showConfig();
        std::replace(text.begin(), text.end(), '\n', ' ');
        lines.push_back("CUDA " + std::to_string(torch::cuda::device_count()) + " device(s) " +
                        text);
    }
    std::istringstream threading(at::get_parallel_info());
    for (std::string line; std::getline(threading, line);) {
        if (line.find("OpenMP") != std::string::npos || line.find("backend") != std::string::npos) {
            lines.push_back(line.substr(line.find_first_not_of(" \t")));
        }
    }
    return lines;
}

void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

}  // namespace driftglass
