#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "core/data/distribution.hpp"
#include "core/field/learned_field.hpp"
#include "core/measure/assignment.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/trainer.hpp"

namespace driftglass::bench {
namespace {

constexpr int points = 2000;
constexpr int draws = 20;

double w2(const std::vector<float>& a, const std::vector<float>& b) {
    Assignment assignment(a, b, 2);
    assignment.run();
    return assignment.root_mean_square();
}

std::vector<float> samples(const Field& field, std::uint64_t seed) {
    const torch::Tensor start = start_points({}, nullptr, field.schedule(), points, 2, seed);
    const torch::Tensor end =
        sample(field, start, {}, SamplerSettings{}, make_generator(seed, "bench")).end.contiguous();
    return {end.data_ptr<float>(), end.data_ptr<float>() + end.numel()};
}

struct Target {
    std::string name;
    DataSettings settings;
};

std::vector<Target> targets() {
    std::vector<Target> all;
    for (const Preset preset :
         {Preset::two_moons, Preset::eight_gaussians, Preset::checkerboard, Preset::pinwheel}) {
        Target target{std::string(name_of(preset)), {}};
        target.settings.preset = preset;
        all.push_back(target);
    }
    // A spiral and an arc, as a hand draws them.
    Target drawn{"drawing", {}};
    drawn.settings.kind = DataKind::none;
    auto spiral = std::make_shared<Stroke>();
    auto arc = std::make_shared<Stroke>();
    for (int i = 0; i <= 80; ++i) {
        const double s = i / 80.0, turn = 9.2 * s, radius = 0.1 + 0.09 * turn;
        spiral->path.push_back({static_cast<float>(radius * std::cos(turn) - 0.75),
                                static_cast<float>(radius * std::sin(turn) + 0.6)});
        arc->path.push_back({static_cast<float>(0.85 + std::cos(-3 + 2.7 * s)),
                             static_cast<float>(-0.6 + std::sin(-3 + 2.7 * s))});
    }
    arc->label = 1;
    drawn.settings.strokes = {spiral, arc};
    all.push_back(drawn);
    return all;
}

}  // namespace

void quality(const Options& options) {
    const std::vector<double> marks = {1, 2.5, 5, 10, 20};
    print(
        "\n### W2 of samples, as a multiple of its floor, after seconds of training "
        "(%d threads)\n\n%d points, Heun with 32 steps, mean of %d draws; floor: W2 of "
        "independent draws of the data's law.\n\n| data | floor |",
        options.threads, points, draws);
    for (const double mark : marks)
        print(" %g s |", mark);
    print(" steps |\n|---|---|");
    for (std::size_t i = 0; i < marks.size(); ++i)
        print("---|");
    print("---|\n");
    for (const Target& target : targets()) {
        const auto law = make_distribution(target.settings, 2, {});
        Random random(1);
        double floor = 0;
        std::vector<std::vector<float>> fresh;
        for (int i = 0; i < draws; ++i) {
            const auto [a, b] = law->two_fresh_draws(points, random);
            floor += w2(a.x, b.x) / draws;
            fresh.push_back(a.x);
        }
        print("| %s | %.4f |", target.name.c_str(), floor);
        const std::shared_ptr<const Schedule> schedule = make_schedule({});
        Trainer trainer({}, {}, {}, schedule, {}, make_points(target.settings, 2, 0, {}),
                        torch::kCPU, 0);
        double spent = 0;
        for (const double mark : marks) {
            const auto left = std::chrono::duration<double>(mark - spent);
            spent += seconds_of([&] {
                trainer.run_for(std::chrono::duration_cast<std::chrono::microseconds>(left));
            });
            const LearnedField field(trainer.averaged(), schedule);
            double distance = 0;
            for (int i = 0; i < draws; ++i)
                distance += w2(samples(field, i), fresh[i]) / draws;
            print(" %.2f |", distance / floor);
        }
        print(" %lld |\n", static_cast<long long>(trainer.steps()));
    }
}

}  // namespace driftglass::bench
