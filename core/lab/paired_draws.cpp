#include "core/lab/paired_draws.hpp"

#include <cmath>
#include <string>

#include "core/data/random.hpp"
#include "core/lab/source_law.hpp"
#include "core/lab/space_time.hpp"
#include "core/sample/start_points.hpp"
#include "core/train/coupling.hpp"

namespace driftglass {

namespace {

/// [count, dimensions] spread evenly over the unit cube: k a mod 1 from a random shift, with
/// a = 1/g, 1/g^2 … and g^(dimensions + 1) = g + 1 (Roberts 2018).
torch::Tensor even_numbers(std::int64_t count, std::int64_t dimensions, std::uint64_t seed) {
    double g = 1.5;
    for (int i = 0; i < 64; ++i)
        g = std::pow(1 + g, 1 / (static_cast<double>(dimensions) + 1));
    const torch::Tensor rates =
        torch::pow(1 / g, torch::arange(1, dimensions + 1, torch::kFloat64));
    const torch::Tensor shift =
        torch::rand({dimensions}, make_generator(seed, "shift"), torch::kFloat64);
    return torch::frac(torch::arange(count, torch::kFloat64).unsqueeze(1) * rates + shift);
}

/// Rows 0 … N - 1 in their order, each as often as any other but for one: neighbours among the
/// points are often neighbours in the plane, where the rows lie evenly then too.
torch::Tensor even_rows(std::int64_t rows, std::int64_t count, std::uint64_t seed) {
    const torch::Tensor shift = torch::rand({1}, make_generator(seed, "data"), torch::kFloat64);
    return ((torch::arange(count, torch::kFloat64) + shift) *
            (static_cast<double>(rows) / static_cast<double>(count)))
        .floor()
        .clamp_max(static_cast<double>(rows - 1))
        .to(torch::kInt64);
}

}  // namespace

PairedDraws paired_draws(const Setup& setup, std::int64_t count, std::uint64_t seed,
                         Spread spread) {
    const Scene& scene = *setup.scene;
    const torch::Tensor data = positions_of(*setup.data);
    const bool even = spread == Spread::even;
    // One number a coordinate of the source and one for whether the label is hidden.
    const torch::Tensor numbers =
        even ? even_numbers(count, scene.dimension + 1, seed) : torch::Tensor();
    const torch::Tensor chosen =
        even ? even_rows(data.size(0), count, seed)
             : torch::randint(data.size(0), {count}, make_generator(seed, "data"),
                              torch::TensorOptions(torch::kInt64));
    PairedDraws draws;
    draws.x0 = data.index_select(0, chosen);
    if (scene.source.kind != SourceKind::gaussian) {
        draws.x1 = start_points(scene.source, setup.drawn_source.get(), *setup.schedule, count,
                                scene.dimension, derive_seed(seed, "source"));
    } else {
        constexpr double least = 1e-9;
        draws.x1 = even ? torch::special_ndtri(
                              numbers.narrow(1, 0, scene.dimension).clamp(least, 1 - least))
                              .to(torch::kFloat32)
                        : torch::randn(draws.x0.sizes(), make_generator(seed, "source"),
                                       torch::TensorOptions(torch::kFloat32));
    }
    draws.label = labels_of(*setup.data);
    if (draws.label.defined()) {
        const double hidden = scene.training.label_dropout;
        torch::Generator hiding = make_generator(derive_seed(seed, "dropout"), "label");
        draws.label = draws.label.index_select(0, chosen);
        draws.label = even
                          ? draws.label.masked_fill(numbers.select(1, scene.dimension) < hidden, -1)
                          : labels_seen(draws.label, hidden, hiding);
    }
    torch::Generator pairing = make_generator(seed, "pairing");
    draws.x1 = couple(scene.coupling, {}, draws.x0, draws.x1, draws.label, pairing);
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
    const PairedDraws draws = paired_draws(paired, setup.scene->training.batch,
                                           derive_seed(setup.scene->seed, "lines"), Spread::random);
    return lines_between(draws.x0.slice(0, 0, count),
                         draws.x1.slice(0, 0, count) * setup.schedule->source_scale());
}

}  // namespace driftglass
