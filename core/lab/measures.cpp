#include "core/lab/measures.hpp"

#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "core/lab/field_measures.hpp"
#include "core/lab/measure_subject.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/memorisation.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
namespace {

using Points = std::vector<float>;

/// Means over the draws of what `value` and `floor` say of each.
template <class Value, class Floor>
Measured over_draws(MeasureSubject& of, Value value, Floor floor) {
    Measured mean{0, 0};
    for (std::size_t i = 0; i < of.drawn().size(); ++i) {
        of.check();
        *mean.value += value(i) / MeasureSubject::draws;
        of.check();
        *mean.floor += floor(i) / MeasureSubject::draws;
    }
    return mean;
}

/// From the samples to fresh points, and between two draws of these.
template <class Distance>
Measured distance_to_data(MeasureSubject& of, Distance distance) {
    const auto& drawn = of.drawn();
    const int d = of.dimension();
    return over_draws(
        of, [&](std::size_t i) { return distance(drawn[i].samples, drawn[i].fresh, d); },
        [&](std::size_t i) { return distance(drawn[i].floor_a, drawn[i].floor_b, d); });
}

Measured measure_w2(MeasureSubject& of) {
    return distance_to_data(of, w2);
}

Measured measure_sliced_w2(MeasureSubject& of) {
    return distance_to_data(of, [](const Points& a, const Points& b, int dimension) {
        return sliced_w2(a, b, dimension);
    });
}

Measured measure_energy_distance(MeasureSubject& of) {
    return distance_to_data(of, energy_distance);
}

Measured measure_mmd(MeasureSubject& of) {
    return distance_to_data(of, mmd);
}

Measured measure_memorised(MeasureSubject& of) {
    const auto& drawn = of.drawn();
    const auto fraction = [&](const Points& points) {
        return memorised_fraction(points, of.setup().data->x, of.dimension());
    };
    Measured mean = over_draws(
        of, [&](std::size_t i) { return fraction(drawn[i].samples); },
        [&](std::size_t i) { return of.finite() ? 0 : fraction(drawn[i].fresh); });
    // Fresh draws of a finite set are the training points themselves.
    if (of.finite()) mean.floor.reset();
    return mean;
}

Measured measure_tilted_w2(MeasureSubject& of) {
    const std::optional<TiltedDensity> density =
        tilted_target(of.setup(), of.exact(), of.view().guidance, of.view().sampler.t_min);
    if (!density) return {};
    const auto& drawn = of.drawn();
    const auto tilted = [&](const char* purpose, std::size_t i) {
        const std::string stream = purpose + std::to_string(i);
        return numbers_of(
            density->draw(MeasureSubject::points, make_generator(of.scene().seed, stream)));
    };
    return over_draws(
        of,
        [&](std::size_t i) { return w2(drawn[i].samples, tilted("tilted", i), of.dimension()); },
        [&](std::size_t i) {
            return w2(tilted("tilted a", i), tilted("tilted b", i), of.dimension());
        });
}

/// The mean of -log p, with its standard error.
Measured mean_nll(const torch::Tensor& log_density) {
    if (!log_density.defined()) return {};
    return {-log_density.mean().item<double>(), std::nullopt,
            log_density.std().item<double>() / std::sqrt(MeasureSubject::likelihood_points)};
}

Measured measure_nll(MeasureSubject& of) {
    if (!of.has_likelihood()) return {};
    Measured nll = mean_nll(of.log_density());
    nll.floor = of.entropy_of_data();
    return nll;
}

Measured measure_nll_hutchinson(MeasureSubject& of) {
    if (!of.has_likelihood()) return {};
    return {mean_nll(of.probed_log_density()).value};
}

Measured measure_nll_bits_per_dimension(MeasureSubject& of) {
    if (!of.has_likelihood()) return {};
    const std::optional<double> nats = mean_nll(of.log_density()).value;
    if (!nats) return {};
    return {*nats / (of.dimension() * std::numbers::ln2)};
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
