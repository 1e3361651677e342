// The report: every distance beside its floor, over fresh points.

#include <cmath>
#include <numbers>
#include <optional>
#include <span>
#include <utility>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/field/stoppable_field.hpp"
#include "core/lab/devices.hpp"
#include "core/lab/lab_measure_field.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/path_warning.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/exact_oracles.hpp"
#include "core/measure/law_transport.hpp"
#include "core/measure/memorisation.hpp"
#include "core/measure/path_measures.hpp"
#include "core/sample/likelihood.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t points = 2000;
constexpr int draws = 5;
constexpr int likelihood_points = 512;

/// The shared state of one report: says how far it is and when to stop.
struct Work {
    const Progress& progress;
    std::stop_token stop;
    double done = 0;
    double total = 1;
    void step(const std::string& what) {
        done += 1;
        if (progress) progress(std::min(done, total), total, what);
    }
    void check() const {
        if (stop.stop_requested()) throw Stopped();
    }
};

/// A mean over the draws of a report.
struct Mean {
    double sum = 0;
    void add(double value) { sum += value / draws; }
};

double w2_of(const torch::Tensor& a, const torch::Tensor& b, const Work& work) {
    Assignment assignment(numbers_of(a), numbers_of(b), static_cast<int>(a.size(1)));
    while (!assignment.run_for(std::chrono::milliseconds(100))) {
        work.check();
    }
    return assignment.root_mean_square();
}

/// The data's own law where it is a mixture with a density, whatever it is paired with in training;
/// else null.
std::shared_ptr<const ExactField> mixture_field(Setup setup) {
    const Scene& scene = *setup.scene;
    if (!scene.data.strokes.empty() || mixture_of(scene.data, scene.dimension).empty()) return {};
    auto alone = std::make_shared<Scene>(scene);
    alone->coupling = {};
    setup.scene = std::move(alone);
    auto field = make_exact_field(setup, torch::kCPU);
    return field->smooth_data() ? field : nullptr;
}

}  // namespace

Report Lab::measure(const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const ViewSpec view = s.chosen_view();
    const Setup setup = s.setup_of(view);
    const Scene& scene = *setup.scene;
    // Guidance asks for one label: its samples belong beside the points of that label.
    const std::optional<int> label = view.guidance.wanted_label();
    const std::shared_ptr<const Distribution> law = labelled_law(target_law(setup), label);
    const std::shared_ptr<const Field> whole = s.field_of(view);
    const StoppableField field(*whole, s.rows_at_once(), stop);
    const bool learned = view.field == FieldKind::learned;
    const ModelPtr model = learned ? s.parts_of(view).model : nullptr;
    // Loss and time are those of the present weights, and rounds are compared up to these.
    const bool latest = learned && model->id == s.model->id;
    const int rounds = s.learner.round();
    const int round = learned ? model->round : 0;
    const bool guided = view.guidance.kind != GuidanceKind::none;
    const bool by_round = latest && rounds > 0 && !guided && !view.path;

    Report report;
    if (s.options.view) report.view = static_cast<char>('a' + *s.options.view);
    report.steps = learned ? model->step : s.learner.step();
    report.seconds = s.learner.seconds();
    report.steps_per_second =
        report.seconds > 0 ? static_cast<double>(s.learner.step()) / report.seconds : 0;
    report.device = name_of_device(s.device);
    if (const std::string warning = path_warning(setup); !warning.empty())
        report.note = "path: " + warning;
    report.points = static_cast<int>(points);
    report.draws = draws;
    if (latest && std::isfinite(s.learner.loss())) report.final_loss = s.learner.loss();

    Work work{progress, stop, 0, 3.0 * draws + 5 + (by_round ? 2.0 * (rounds + 1) : 0)};
    const auto ends = [&](const Field& of, const ViewSpec& by, int draw) {
        const std::uint64_t seed = derive_seed(scene.seed, "measure" + std::to_string(draw));
        Path path = s.sample_paths(of, by, points, seed, false, {}, stop);
        if (path.cancelled) throw Stopped();
        if (path.diverged) {
            throw Error("the samples are not finite: use more sampler.steps, or train longer");
        }
        return path;
    };
    const auto fresh = [&](int draw) {
        Random random(derive_seed(scene.seed, "fresh" + std::to_string(draw)));
        return positions_of(law->draw(points, random));
    };
    const auto two_fresh = [&](int draw) {
        Random random(derive_seed(scene.seed, "floor" + std::to_string(draw)));
        const auto [one, two] = law->two_fresh_draws(points, random);
        return std::pair{positions_of(one), positions_of(two)};
    };

    const std::shared_ptr<const ExactField> exact = s.exact_field_of(view);
    const std::optional<TiltedDensity> tilted =
        tilted_target(setup, exact.get(), view.guidance, view.sampler.t_min);
    const auto tilted_draw = [&](const std::string& purpose) {
        return tilted->draw(points, make_generator(scene.seed, purpose));
    };
    const bool finite = law->finite_set() != nullptr;
    const std::span<const float> training = setup.data->x;
    const int dimension = scene.dimension;
    Mean w2, sliced, energy, discrepancy, memorised, to_tilted;
    Mean w2_floor, sliced_floor, energy_floor, discrepancy_floor, memorised_floor, tilted_floor;
    for (int draw = 0; draw < draws; ++draw) {
        const Path path = ends(field, view, draw);
        report.nfe = std::max(report.nfe, path.nfe);
        report.network_evaluations = std::max(report.network_evaluations, path.network_evaluations);
        const torch::Tensor& x = path.end;
        const torch::Tensor y = fresh(draw);
        work.step("sampling");
        w2.add(w2_of(x, y, work));
        work.step("distance to the data");
        const auto [a, b] = two_fresh(draw);
        w2_floor.add(w2_of(a, b, work));
        work.step("floor");
        const std::vector<float> samples = numbers_of(x), data = numbers_of(y);
        const std::vector<float> one = numbers_of(a), two = numbers_of(b);
        sliced.add(sliced_w2(samples, data, dimension));
        sliced_floor.add(sliced_w2(one, two, dimension));
        energy.add(energy_distance(samples, data, dimension));
        energy_floor.add(energy_distance(one, two, dimension));
        discrepancy.add(mmd(samples, data, dimension));
        discrepancy_floor.add(mmd(one, two, dimension));
        work.check();
        memorised.add(memorised_fraction(samples, training, dimension));
        memorised_floor.add(memorised_fraction(data, training, dimension));
        if (!tilted) continue;
        const std::string number = std::to_string(draw);
        to_tilted.add(w2_of(x, tilted_draw("tilted" + number), work));
        tilted_floor.add(
            w2_of(tilted_draw("tilted a" + number), tilted_draw("tilted b" + number), work));
    }
    report.w2 = w2.sum;
    report.w2_floor = w2_floor.sum;
    report.sliced_w2 = sliced.sum;
    report.sliced_w2_floor = sliced_floor.sum;
    report.energy_distance = energy.sum;
    report.energy_distance_floor = energy_floor.sum;
    report.mmd = discrepancy.sum;
    report.mmd_floor = discrepancy_floor.sum;
    report.memorised = memorised.sum;
    // Fresh draws of a finite set are the training points themselves.
    if (!finite) report.memorised_floor = memorised_floor.sum;
    if (tilted) {
        report.tilted_w2 = to_tilted.sum;
        report.tilted_w2_floor = tilted_floor.sum;
    }

    const torch::Tensor starts =
        setup.starts(*setup.schedule, points, derive_seed(scene.seed, "measure0source"));
    const auto path_numbers = [&](const Field& of) {
        const torch::Tensor x1 = starts.to(of.device());
        return path_measures(of, x1, label_rows(label, x1.size(0), of.device()), 64,
                             view.sampler.t_min);
    };
    const PathMeasures along = path_numbers(field);
    report.path_points = static_cast<int>(points);
    report.straightness = along.straightness;
    report.path_energy = along.path_energy;
    report.transport_cost = along.transport_cost;
    work.step("paths");

    // From the same starts, so that what these have by chance is in both.
    LawTransport transport(numbers_of(starts), numbers_of(fresh(draws)), dimension);
    while (!transport.run_for(std::chrono::milliseconds(100)))
        work.check();
    report.path_energy_floor = report.transport_cost_floor = transport.squared_w2();
    report.npe = normalised_path_energy(along.path_energy, transport.squared_w2());
    ViewSpec one_step = view;
    one_step.sampler.method = Method::euler;
    one_step.sampler.steps = 1;
    one_step.sampler.noise = 0;
    one_step.sampler.grid = GridKind::uniform_t;
    one_step.sampler.last = LastStep::none;
    report.one_step_w2 = w2_of(ends(field, one_step, 0).end, fresh(0), work);
    work.step("one step");

    // Later rounds run on the straight line, whose prior is N(0, I), from the first path's starts.
    const bool known_prior = round == 0 || setup.schedule->source_scale() == 1;
    if (scene.source.kind == SourceKind::gaussian && !guided && known_prior) {
        // A likelihood of finite data by their own exact field has no limit: it is left out.
        const bool smooth = exact && exact->smooth_data();
        if (learned || smooth) {
            const torch::Tensor x = fresh(0).narrow(0, 0, likelihood_points).to(field.device());
            const auto densities = [&](DivergenceKind divergence) {
                LikelihoodSettings settings;
                settings.divergence = divergence;
                const Likelihood likelihood =
                    log_likelihood(field, x, {}, gaussian_log_density(field.schedule()), settings,
                                   make_generator(scene.seed, "hutchinson"));
                return likelihood.diverged
                           ? torch::Tensor()
                           : likelihood.log_density.to(torch::kCPU, torch::kFloat64);
            };
            report.likelihood_points = likelihood_points;
            if (const torch::Tensor random = densities(DivergenceKind::hutchinson);
                random.defined()) {
                report.nll_hutchinson = -random.mean().item<double>();
            }
            if (const torch::Tensor exactly = densities(DivergenceKind::exact); exactly.defined()) {
                report.nll = -exactly.mean().item<double>();
                report.nll_standard_error =
                    exactly.std().item<double>() / std::sqrt(likelihood_points);
                report.nll_bits_per_dimension = *report.nll / (dimension * std::numbers::ln2);
            }
            if (field.has_score()) measure_ddpm_bound(setup, field, x, report);
        }
        if (const std::shared_ptr<const ExactField> data = mixture_field(setup)) {
            report.nll_floor = entropy(*data, 20000, make_generator(scene.seed, "entropy")).mean;
        }
    }
    work.step("likelihood");

    if (learned && round == 0 && exact) {
        ViewSpec plain = view;
        plain.guidance = {};
        const std::shared_ptr<const Field> unguided = view_field(plain, s.parts_of(plain), s.setup);
        measure_velocity_error(setup, StoppableField(*unguided, s.rows_at_once(), stop), *exact,
                               report);
    }
    if (latest && round == 0 && !view.path) {
        s.loss_job.want(s.loss_version, model);
        while (!s.loss_job.step(setup, exact.get()))
            work.check();
        report.loss_floor = s.loss_job.mean_floor();
        s.draft.loss_against_time = s.loss_job.curve();
        report.loss_against_time = s.loss_job.curve();
    }
    measure_path(setup, exact.get(), report, stop);
    work.step("against the exact field");
    measure_solvers(setup, field, view, report);
    work.step("solvers");
    if (by_round) {
        for (int of_round = 0; of_round <= rounds; ++of_round) {
            const std::shared_ptr<const Field> unguided = s.learner.model(of_round, -1)->field();
            const StoppableField of(*unguided, s.rows_at_once(), stop);
            Report::Round numbers;
            numbers.w2 = w2_of(ends(of, view, 0).end, fresh(0), work);
            work.step("round " + std::to_string(of_round));
            numbers.one_step_w2 = w2_of(ends(of, one_step, 0).end, fresh(0), work);
            work.step("round " + std::to_string(of_round));
            const PathMeasures paths = path_numbers(of);
            numbers.straightness = paths.straightness;
            numbers.path_energy = paths.path_energy;
            numbers.transport_cost = paths.transport_cost;
            report.rounds.push_back(numbers);
        }
    }
    return report;
}

}  // namespace driftglass
