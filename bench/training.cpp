#include <ATen/Parallel.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <thread>

#include "bench/bench.hpp"
#include "bench/peer.hpp"
#include "core/field/learned_field.hpp"
#include "core/model/position_features.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/trainer.hpp"

namespace driftglass::bench {
namespace {

PointSet normal_points(int n) {
    const torch::Tensor x = torch::randn({n, 2}, at::detail::createCPUGenerator(1));
    return {2, {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()}, {}};
}

}  // namespace

void training(const Options& options) {
    constexpr int steps = 200;
    const ModelSettings model;
    const TrainingSettings settings;
    Trainer trainer(model, settings, {}, make_schedule({}), {}, normal_points(4000), torch::kCPU,
                    0);
    const auto ours = [&] {
        return steps / seconds_of([&] {
                   for (int i = 0; i < steps; ++i)
                       trainer.step();
               });
    };
    const char* python = *options.python != 0 ? options.python : "no peers";
    Peer peer({python, "bench/peers/train_step.py", std::to_string(options.threads),
               std::to_string(settings.batch), std::to_string(model.width),
               std::to_string(model.depth)});
    const auto theirs = [&](const std::string& kind) {
        const std::string answer = peer.ask(kind + " " + std::to_string(steps));
        return answer.empty() ? std::nan("") : std::stod(answer);
    };
    const std::vector<std::string> kinds = {"eager", "eager-fused", "compiled"};
    ours();
    for (const std::string& kind : kinds)
        theirs(kind);  // compiles, warms up
    std::vector<double> own;
    std::map<std::string, std::vector<double>> peers;
    for (int i = 0; i < options.repeats; ++i) {
        for (const std::string& kind : kinds) {
            own.push_back(ours());
            peers[kind].push_back(theirs(kind));
        }
    }
    const double rate = median(own);
    print(
        "\n### Training steps a second (width %d, depth %d, batch %d, %d threads)\n\n"
        "| | steps/s | Driftglass is faster by |\n|---|---|---|\n| Driftglass | %.0f | |\n",
        model.width, model.depth, settings.batch, options.threads, rate);
    for (const std::string& kind : kinds) {
        const double other = median(peers[kind]);
        if (std::isnan(other)) {
            print("| PyTorch, %s | not measured | |\n", kind.c_str());
        } else {
            print("| PyTorch, %s | %.0f | %.2f |\n", kind.c_str(), other, rate / other);
        }
    }
}

void field(const Options& options) {
    constexpr std::int64_t n = 65536, size = 2048;
    const ModelSettings model;
    const auto network =
        std::make_shared<const Network>(model, 2, 0, Normalisation{}, torch::kCPU, 0);
    const LearnedField learned(network, make_schedule({}));
    const torch::Tensor x = torch::randn({n, 2});
    const torch::Tensor a = torch::randn({size, size}), b = torch::randn({size, size});
    torch::Tensor c = torch::empty({size, size});
    const double w = model.width;
    const double field_work =
        2.0 * n * (position_columns(2) * w + (model.depth - 1) * w * w + 2 * w);
    const double product_work = 2.0 * size * size * size;
    std::vector<double> fields, products, shares;
    for (int i = -2; i < 3 * options.repeats; ++i) {
        const double f = field_work / seconds_of([&] { learned.velocity(x, at_time(0.5)); });
        at::set_num_threads(options.threads);
        const double p = product_work / seconds_of([&] { at::mm_out(c, a, b); });
        at::set_num_threads(1);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));  // until OpenMP's threads sleep
        if (i < 0) continue;
        fields.push_back(f);
        products.push_back(p);
        shares.push_back(f / p);  // of neighbours in time: the machine's pace changes
    }
    constexpr std::int64_t paths = 256;
    SamplerSettings heun;
    heun.steps = 32;
    const torch::Tensor starts = torch::randn({paths, 2});
    std::vector<double> sampling;
    for (int i = 0; i < 3 * options.repeats; ++i) {
        sampling.push_back(seconds_of(
            [&] { sample(learned, starts, {}, heun, make_generator(0, "bench"), true); }));
    }
    print(
        "\n### Field evaluation of 65,536 points (%d threads)\n\n"
        "| | GFLOP/s | ms |\n|---|---|---|\n"
        "| learned field, matrix products counted only | %.1f | %.1f |\n"
        "| product of two 2048 x 2048 matrices | %.1f | %.1f |\n"
        "| share | %.0f %% | |\n| 256 paths of 32 Heun steps | | %.1f |\n",
        options.threads, median(fields) / 1e9, field_work / median(fields) * 1e3,
        median(products) / 1e9, product_work / median(products) * 1e3, 100 * median(shares),
        1e3 * median(sampling));
}

}  // namespace driftglass::bench
