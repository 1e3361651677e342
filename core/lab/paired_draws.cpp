#include "core/lab/paired_draws.hpp"

#include "core/data/random.hpp"
#include "core/lab/source_law.hpp"
#include "core/lab/space_time.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/coupling.hpp"

namespace driftglass {

PairedDraws paired_draws(const Setup& setup, std::int64_t count, std::uint64_t seed) {
    const Scene& scene = *setup.scene;
    const torch::Tensor data = positions_of(*setup.data);
    const torch::Tensor chosen = torch::randint(data.size(0), {count}, make_generator(seed, "data"),
                                                torch::TensorOptions(torch::kInt64));
    PairedDraws draws;
    draws.x0 = data.index_select(0, chosen);
    draws.x1 = scene.source.kind != SourceKind::gaussian
                   ? start_points(scene.source, setup.drawn_source.get(), *setup.schedule, count,
                                  scene.dimension, derive_seed(seed, "source"))
                   : torch::randn(draws.x0.sizes(), make_generator(seed, "source"),
                                  torch::TensorOptions(torch::kFloat32));
    draws.label = labels_of(*setup.data);
    if (draws.label.defined()) {
        torch::Generator hiding = make_generator(derive_seed(seed, "dropout"), "label");
        draws.label =
            labels_seen(draws.label.index_select(0, chosen), scene.training.label_dropout, hiding);
    }
    torch::Generator pairing = make_generator(seed, "pairing");
    if (scene.coupling.kind == CouplingKind::diffusion) {
        draws.x1 =
            draws.x0 + scene.coupling.s * torch::randn(draws.x0.sizes(), pairing,
                                                       torch::TensorOptions(torch::kFloat32));
    } else {
        draws.x1 = couple(scene.coupling, {}, draws.x0, draws.x1, draws.label, pairing);
    }
    return draws;
}

std::vector<float> lines_between(torch::Tensor data, torch::Tensor noise) {
    if (data.size(1) == 1) {
        data = torch::cat({torch::full_like(data, across_at(0)), data}, 1);
        noise = torch::cat({torch::full_like(noise, across_at(1)), noise}, 1);
    }
    return numbers_of(torch::cat({data, noise}, 1));
}

std::vector<float> pairing_lines(const Setup& setup, const CouplingSettings& coupling,
                                 std::int64_t count) {
    if (setup.data->size() == 0) return {};
    auto scene = std::make_shared<Scene>(*setup.scene);
    scene->coupling = coupling;
    Setup paired = setup;
    paired.scene = std::move(scene);
    // A whole batch is paired, as in training; some of its lines are shown.
    const PairedDraws draws =
        paired_draws(paired, setup.scene->training.batch, derive_seed(setup.scene->seed, "lines"));
    return lines_between(draws.x0.slice(0, 0, count),
                         draws.x1.slice(0, 0, count) * setup.schedule->source_scale());
}

}  // namespace driftglass
