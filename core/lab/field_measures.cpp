#include "core/lab/field_measures.hpp"

#include <algorithm>
#include <cmath>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/measure_subject.hpp"
#include "core/lab/path_warning.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/ddpm_bound.hpp"
#include "core/measure/exact_oracles.hpp"
#include "core/measure/solver_error.hpp"
#include "core/measure/velocity_error.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
namespace {

/// The narrowest component of what the exact field stands for.
double narrowest(const Setup& setup) {
    return narrowest_component(setup).value_or(setup.scene->exact.kernel_width);
}

}  // namespace

std::optional<TiltedDensity> tilted_target(const Setup& setup, const ExactField* exact,
                                           const GuidanceSettings& guidance, double t_min) {
    const bool by_class =
        guidance.kind == GuidanceKind::cfg || guidance.kind == GuidanceKind::classifier;
    if (!by_class || guidance.scale < 0 || exact == nullptr || !exact->has_score()) return {};
    const int side = exact->dimension() == 1 ? 4000 : 256;
    // Beyond that it would take longer than all the rest: finite data with very many points.
    constexpr std::int64_t most_components = 6000;
    if (narrowest(setup) <= 0 || (mixture_of(setup.scene->data, exact->dimension()).empty() &&
                                  setup.data->size() > most_components)) {
        return {};
    }
    const torch::Tensor x =
        exact->draw(20'000, t_min, -1, make_generator(setup.scene->seed, "tilted"))
            .to(torch::kCPU, torch::kFloat64);
    const torch::Tensor low = std::get<0>(x.min(0)), high = std::get<0>(x.max(0));
    std::array<double, 2> from{}, to{};
    double cell = 0;
    for (std::int64_t d = 0; d < x.size(1); ++d) {
        const double margin = 0.15 * (high[d] - low[d]).item<double>();
        const auto k = static_cast<std::size_t>(d);
        from[k] = low[d].item<double>() - margin;
        to[k] = high[d].item<double>() + margin;
        cell = std::max(cell, (to[k] - from[k]) / side);
    }
    const Coefficients at = setup.schedule->at(t_min);
    if (cell > 2 * std::hypot(at.alpha * narrowest(setup), at.sigma)) return {};
    return tilted_density(*exact, guidance.label, guidance.scale, t_min, from, to, side, side);
}

void measure_path(MeasureSubject& of, Report& report) {
    constexpr int wanted_draws = 512, parts = 10;
    const ExactField* exact = of.exact();
    const std::int64_t draws = exact != nullptr ? affordable_draws(*exact, wanted_draws) : 0;
    const Schedule& schedule = *of.setup().schedule;
    for (int i = 0; i <= parts; ++i) {
        const double t = static_cast<double>(i) / parts;
        Report::PathAt at{t,
                          schedule.log_snr(t),
                          schedule.drift_rate(t),
                          schedule.diffusion_squared(t),
                          schedule.at(t),
                          {}};
        for (const Choice<Prediction>& kind : choices(Prediction{})) {
            // Without a score there is a velocity alone.
            if (exact == nullptr || !(exact->has_score() || kind.value == Prediction::velocity))
                continue;
            of.check();
            const std::string purpose = "floor" + std::to_string(i);
            at.floor.emplace_back(kind.value, loss_floor(*exact, kind.value, t, draws,
                                                         make_generator(of.scene().seed, purpose))
                                                  .mean);
        }
        report.path.push_back(std::move(at));
    }
    report.floor_points = static_cast<int>(draws);
}

void measure_velocity_error(MeasureSubject& of, Report& report) {
    if (of.unguided_first_round() == nullptr || of.exact() == nullptr) return;
    const Field& learned = *of.unguided_first_round();
    const ExactField& exact = *of.exact();
    const std::int64_t draws = affordable_draws(exact, 2048);
    for (const double t : {0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98}) {
        const std::string purpose = "velocity" + std::to_string(report.velocity_error.size());
        const VelocityError error =
            velocity_error(learned, exact, t, draws, make_generator(of.scene().seed, purpose));
        report.velocity_error.push_back({t, error.relative(), error.velocity});
    }
    report.velocity_points = static_cast<int>(draws);
}

void measure_solvers(MeasureSubject& of, Report& report) {
    const Setup& setup = of.setup();
    const Field& field = of.field();
    const ViewSpec& view = of.view();
    constexpr int points = 256, most_nfe = 64, reference_steps = 512;
    // A closed form answers in double, so that rounding does not hide a high order.
    const bool wide = view.field == FieldKind::exact && !field.device().is_mps();
    // Later rounds of reflow run from the first round's own starts.
    const Schedule& on = view.path ? field.schedule() : *setup.schedule;
    const torch::Tensor x1 = setup.starts(on, points, derive_seed(setup.scene->seed, "solver"))
                                 .to(field.device(), wide ? torch::kFloat64 : torch::kFloat32);
    const torch::Tensor label = label_rows(view.guidance.wanted_label(), points, field.device());
    const torch::Tensor reference =
        reference_endpoint(field, x1, label, view.sampler, reference_steps);
    for (const MethodFacts& method : all_methods()) {
        SamplerSettings settings;
        settings.method = method.method;
        settings.grid = view.sampler.grid;
        settings.t_min = view.sampler.t_min;
        settings.eta = settings.churn = 0;
        // Those of the reverse SDE are for noise, and dopri5 takes the steps that it wants.
        const int evaluations = evaluations_a_step(settings);
        if (is_stochastic(settings) || has_noise_dial(method.method) || evaluations == 0) continue;
        if (method.needs_score && !field.has_score()) continue;
        std::vector<int> steps;
        for (int count = 1; count * evaluations <= most_nfe; count *= 2)
            steps.push_back(count);
        const SolverErrorCurve curve =
            solver_error_curve(field, x1, label, settings, steps, reference);
        Report::SolverErrors errors;
        errors.method = method.name;
        errors.median_slope = curve.median_slope;
        errors.root_mean_square_slope = curve.root_mean_square_slope;
        for (const SolverError& at : curve.points)
            errors.points.push_back({at.steps, at.nfe, at.median, at.root_mean_square});
        report.solver_error.push_back(std::move(errors));
    }
    report.solver_points = points;
}

void measure_ddpm_bound(MeasureSubject& of, Report& report) {
    const PathSettings& path = of.scene().path;
    constexpr int most_levels = 2000;
    if (path.schedule != ScheduleKind::ddpm || path.ddpm_steps > most_levels ||
        !of.has_likelihood() || !of.field().has_score()) {
        return;
    }
    const DdpmBound bound = ddpm_bound(of.field(), of.likelihood_draw(), {}, path.ddpm_steps,
                                       make_generator(of.scene().seed, "ddpm"));
    report.ddpm_bound = {bound.total(), bound.prior, bound.reconstruction, bound.kl};
}

}  // namespace driftglass
