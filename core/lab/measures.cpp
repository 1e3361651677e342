#include "core/lab/measures.hpp"

#include <cmath>
#include <numbers>

#include "core/lab/field_measures.hpp"
#include "core/lab/measure_subject.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/memorisation.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
namespace {

using Draw = MeasureSubject::Draw;

/// Means over the draws.
template <class Value, class Floor>
Measured over_draws(MeasureSubject& of, Value value, Floor floor) {
    Measured mean{0, 0};
    for (const Draw& draw : of.drawn()) {
        of.check();
        *mean.value += value(draw) / MeasureSubject::draws;
        of.check();
        *mean.floor += floor(draw) / MeasureSubject::draws;
    }
    return mean;
}

/// From the samples to fresh points, and between two draws of these.
template <class Distance>
Measured distance_to_data(MeasureSubject& of, Distance distance) {
    const int d = of.dimension();
    return over_draws(
        of, [&](const Draw& draw) { return distance(draw.samples, draw.fresh, d); },
        [&](const Draw& draw) { return distance(draw.floor_a, draw.floor_b, d); });
}

Measured measure_w2(MeasureSubject& of) {
    return distance_to_data(of, w2);
}

Measured measure_sliced_w2(MeasureSubject& of) {
    return distance_to_data(
        of, [](const auto& a, const auto& b, int dimension) { return sliced_w2(a, b, dimension); });
}

Measured measure_energy_distance(MeasureSubject& of) {
    return distance_to_data(of, energy_distance);
}

Measured measure_mmd(MeasureSubject& of) {
    return distance_to_data(of, mmd);
}

Measured measure_memorised(MeasureSubject& of) {
    const std::span<const float> training = of.setup().data->x;
    const auto fraction = [&](const std::vector<float>& points) {
        return memorised_fraction(points, training, of.dimension());
    };
    Measured mean = over_draws(
        of, [&](const Draw& draw) { return fraction(draw.samples); },
        [&](const Draw& draw) { return of.finite() ? 0 : fraction(draw.fresh); });
    // Fresh draws of a finite set are the training points themselves.
    if (of.finite()) mean.floor.reset();
    return mean;
}

Measured measure_tilted_w2(MeasureSubject& of) {
    if (!of.tilted()) return {};
    const auto tilted = [&](const char* purpose, std::size_t draw) {
        const torch::Tensor x =
            of.tilted()->draw(MeasureSubject::points,
                              make_generator(of.scene().seed, purpose + std::to_string(draw)));
        return std::vector<float>(x.data_ptr<float>(), x.data_ptr<float>() + x.numel());
    };
    std::size_t of_value = 0, of_floor = 0;
    return over_draws(
        of,
        [&](const Draw& draw) {
            return w2(draw.samples, tilted("tilted", of_value++), of.dimension());
        },
        [&](const Draw&) {
            const std::size_t draw = of_floor++;
            return w2(tilted("tilted a", draw), tilted("tilted b", draw), of.dimension());
        });
}

Measured measure_nll(MeasureSubject& of) {
    if (!of.has_likelihood()) return {};
    Measured nll;
    if (const torch::Tensor& log_density = of.log_density(DivergenceKind::exact);
        log_density.defined()) {
        nll.value = -log_density.mean().item<double>();
        nll.standard_error =
            log_density.std().item<double>() / std::sqrt(MeasureSubject::likelihood_points);
    }
    nll.floor = of.entropy_of_data();
    return nll;
}

Measured measure_nll_hutchinson(MeasureSubject& of) {
    if (!of.has_likelihood()) return {};
    const torch::Tensor& log_density = of.log_density(DivergenceKind::hutchinson);
    if (!log_density.defined()) return {};
    return {-log_density.mean().item<double>()};
}

Measured measure_nll_bits_per_dimension(MeasureSubject& of) {
    if (!of.has_likelihood()) return {};
    const torch::Tensor& log_density = of.log_density(DivergenceKind::exact);
    if (!log_density.defined()) return {};
    return {-log_density.mean().item<double>() / (of.dimension() * std::numbers::ln2)};
}

Measured measure_straightness(MeasureSubject& of) {
    return {of.paths().straightness};
}

Measured measure_path_energy(MeasureSubject& of) {
    return {of.paths().path_energy, of.squared_w2_of_laws()};
}

Measured measure_npe(MeasureSubject& of) {
    return {normalised_path_energy(of.paths().path_energy, of.squared_w2_of_laws())};
}

Measured measure_transport_cost(MeasureSubject& of) {
    return {of.paths().transport_cost, of.squared_w2_of_laws()};
}

Measured measure_one_step_w2(MeasureSubject& of) {
    return {of.w2_in_one_step(of.field())};
}

void measure_rounds(MeasureSubject& of, Report& report) {
    for (const StoppableField& field : of.rounds()) {
        of.step("round " + std::to_string(report.rounds.size()));
        Report::Round numbers;
        numbers.w2 = of.w2_by_sampler(field);
        numbers.one_step_w2 = of.w2_in_one_step(field);
        const PathMeasures paths = of.paths_of(field);
        numbers.straightness = paths.straightness;
        numbers.path_energy = paths.path_energy;
        numbers.transport_cost = paths.transport_cost;
        report.rounds.push_back(numbers);
    }
}

constexpr Measure measures[] = {
    {"w2", measure_w2},
    {"sliced_w2", measure_sliced_w2},
    {"energy_distance", measure_energy_distance},
    {"mmd", measure_mmd},
    {"memorised", measure_memorised},
    {"tilted_w2", measure_tilted_w2},
    {"nll", measure_nll},
    {"nll_hutchinson", measure_nll_hutchinson},
    {"nll_bits_per_dimension", measure_nll_bits_per_dimension},
    {"straightness", measure_straightness},
    {"path_energy", measure_path_energy},
    {"npe", measure_npe},
    {"transport_cost", measure_transport_cost},
    {"one_step_w2", measure_one_step_w2},
    {"ddpm_bound", nullptr, measure_ddpm_bound},
    {"velocity_error", nullptr, measure_velocity_error},
    {"path", nullptr, measure_path},
    {"solver_error", nullptr, measure_solvers},
    {"rounds", nullptr, measure_rounds},
};

}  // namespace

std::span<const Measure> all_measures() {
    return measures;
}

}  // namespace driftglass
