// The report: every distance beside its floor, over fresh points.

#include <cmath>
#include <optional>
#include <utility>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/devices.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/exact_oracles.hpp"
#include "core/measure/path_measures.hpp"
#include "core/sample/likelihood.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t points = 2000;
constexpr int draws = 5;

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
    bool stopped() const { return stop.stop_requested(); }
};

double w2_of(const torch::Tensor& a, const torch::Tensor& b, const Work& work) {
    Assignment assignment(numbers_of(a), numbers_of(b), static_cast<int>(a.size(1)));
    while (!assignment.run_for(std::chrono::milliseconds(100))) {
        if (work.stopped()) throw Error("stopped before the measures were done");
    }
    return assignment.root_mean_square();
}

}  // namespace

Report Lab::measure(const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const Scene& scene = *s.setup.scene;
    const ViewSpec view = own_view(scene);
    const std::shared_ptr<const Distribution> law = target_law(s.setup);
    const std::shared_ptr<const Field> field = s.field_of(view);
    const int rounds = s.learner.round();
    const bool learned = view.field == FieldKind::learned;
    const bool by_round = learned && rounds > 0 && view.guidance.kind == GuidanceKind::none;

    Report report;
    report.steps = s.learner.step();
    report.seconds = s.learner.seconds();
    report.steps_per_second =
        report.seconds > 0 ? static_cast<double>(report.steps) / report.seconds : 0;
    report.device = name_of_device(s.device);
    report.points = static_cast<int>(points);
    report.draws = draws;
    if (learned && std::isfinite(s.learner.loss())) report.final_loss = s.learner.loss();

    Work work{progress, stop, 0, 3.0 * draws + 3 + (by_round ? 2.0 * (rounds + 1) : 0)};
    const auto ends = [&](const Field& of, const SamplerSettings& sampler, int draw) {
        const std::uint64_t seed = derive_seed(scene.seed, "measure" + std::to_string(draw));
        Path path = s.sample_paths(of, sampler, view.guidance, points, seed, false, {}, stop);
        if (path.diverged) {
            throw Error("the samples are not finite: use more sampler.steps, or train longer");
        }
        report.nfe = std::max(report.nfe, path.nfe);
        return path.end;
    };
    // Guidance asks for one label: its samples belong beside the points of that label.
    const std::optional<int> label = view.guidance.wanted_label();
    const auto fresh = [&](int draw) {
        Random random(derive_seed(scene.seed, "fresh" + std::to_string(draw)));
        return fresh_positions(*law, points, label, random);
    };
    const auto two_fresh = [&](int draw) {
        Random random(derive_seed(scene.seed, "floor" + std::to_string(draw)));
        if (label) {
            torch::Tensor one = fresh_positions(*law, points, label, random);
            return std::pair{one, fresh_positions(*law, points, label, random)};
        }
        const auto [one, two] = law->two_fresh_draws(points, random);
        return std::pair{positions_of(one), positions_of(two)};
    };

    double sums[5] = {};
    double floors[3] = {};
    for (int draw = 0; draw < draws && !work.stopped(); ++draw) {
        const torch::Tensor x = ends(*field, view.sampler, draw);
        const torch::Tensor y = fresh(draw);
        work.step("sampling");
        sums[0] += w2_of(x, y, work) / draws;
        work.step("distance to the data");
        const auto [a, b] = two_fresh(draw);
        floors[0] += w2_of(a, b, work) / draws;
        work.step("floor");
        sums[1] += sliced_w2(numbers_of(x), numbers_of(y), scene.dimension) / draws;
        floors[1] += sliced_w2(numbers_of(a), numbers_of(b), scene.dimension) / draws;
        sums[2] += energy_distance(numbers_of(x), numbers_of(y), scene.dimension) / draws;
        floors[2] += energy_distance(numbers_of(a), numbers_of(b), scene.dimension) / draws;
        sums[3] += mmd(numbers_of(x), numbers_of(y), scene.dimension) / draws;
    }
    if (work.stopped()) throw Error("stopped before the measures were done");
    report.w2 = sums[0];
    report.sliced_w2 = sums[1];
    report.energy_distance = sums[2];
    report.mmd = sums[3];
    report.w2_floor = floors[0];
    report.sliced_w2_floor = floors[1];
    report.energy_distance_floor = floors[2];

    const auto path_numbers = [&](const Field& of) {
        const torch::Tensor x1 =
            s.setup.starts(*s.setup.schedule, 1024, derive_seed(scene.seed, "measure0source"))
                .to(of.device());
        return path_measures(of, x1, label_rows(label, x1.size(0), of.device()), 64,
                             view.sampler.t_min);
    };
    const PathMeasures along = path_numbers(*field);
    report.straightness = along.straightness;
    report.path_energy = along.path_energy;
    report.transport_cost = along.transport_cost;
    work.step("paths");

    // NPE compares with W2^2 between source and target.
    const torch::Tensor source =
        s.setup.starts(*s.setup.schedule, points, derive_seed(scene.seed, "npe"));
    const double between = w2_of(source, fresh(draws), work);
    report.npe = normalised_path_energy(along.path_energy, between * between);
    SamplerSettings one_step = view.sampler;
    one_step.method = Method::euler;
    one_step.steps = 1;
    one_step.noise = 0;
    one_step.grid = GridKind::uniform_t;
    const std::int64_t nfe = report.nfe;
    report.one_step_w2 = w2_of(ends(*field, one_step, 0), fresh(0), work);
    report.nfe = nfe;
    work.step("one step");

    // Later rounds run on the straight line, whose prior is N(0, I), from the first path's starts.
    const bool known_prior = rounds == 0 || s.setup.schedule->source_scale() == 1;
    if (scene.source.kind == SourceKind::gaussian && view.guidance.kind == GuidanceKind::none &&
        known_prior && !work.stopped()) {
        // A likelihood of finite data by their own exact field has no limit: it is left out.
        const std::shared_ptr<const ExactField> exact = s.exact_field();
        const std::vector<MixtureComponent> components =
            scene.data.strokes.empty() ? mixture_of(scene.data, scene.dimension)
                                       : std::vector<MixtureComponent>{};
        bool smooth = !components.empty();
        for (const MixtureComponent& component : components)
            smooth = smooth && component.std > 0;
        if (learned || smooth) {
            const torch::Tensor x = fresh(0).narrow(0, 0, 512).to(field->device());
            const Likelihood likelihood =
                log_likelihood(*field, x, {}, gaussian_log_density(field->schedule()));
            const double nll =
                -likelihood.log_density.to(torch::kCPU, torch::kFloat64).mean().item<double>();
            if (!likelihood.diverged && std::isfinite(nll)) report.nll = nll;
        }
        if (smooth && exact) {
            report.nll_floor = entropy(*exact, 20000, make_generator(scene.seed, "entropy")).mean;
        }
    }
    work.step("likelihood");

    if (learned && rounds == 0) {
        s.loss_job.want(s.loss_version, s.learner.latest());
        while (!work.stopped() && !s.loss_job.step(s.setup, s.exact_field().get())) {
        }
        report.loss_floor = s.loss_job.mean_floor();
        s.draft.loss_against_time = s.loss_job.curve();
    }
    if (by_round) {
        for (int round = 0; round <= rounds && !work.stopped(); ++round) {
            const std::shared_ptr<const Field> of = s.learner.model(round, -1)->field();
            Report::Round numbers;
            numbers.w2 = w2_of(ends(*of, view.sampler, 0), fresh(0), work);
            work.step("round " + std::to_string(round));
            numbers.one_step_w2 = w2_of(ends(*of, one_step, 0), fresh(0), work);
            work.step("round " + std::to_string(round));
            const PathMeasures paths = path_numbers(*of);
            numbers.straightness = paths.straightness;
            numbers.path_energy = paths.path_energy;
            numbers.transport_cost = paths.transport_cost;
            report.rounds.push_back(numbers);
        }
    }
    return report;
}

}  // namespace driftglass
