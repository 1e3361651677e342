#include "core/lab/measure_subject.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/exact_oracles.hpp"
#include "core/measure/law_transport.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {

MeasureSubject::MeasureSubject(Given given)
    : given_(std::move(given)),
      // Guidance asks for one label: its samples belong beside the points of that label.
      law_(labelled_law(target_law(given_.setup), given_.view.guidance.wanted_label())),
      field_(*given_.field, given_.rows_at_once, given_.stop) {
    if (given_.unguided && given_.round == 0)
        unguided_.emplace(*given_.unguided, given_.rows_at_once, given_.stop);
    rounds_.reserve(given_.rounds.size());
    for (const std::shared_ptr<const Field>& field : given_.rounds)
        rounds_.emplace_back(*field, given_.rows_at_once, given_.stop);
}

void MeasureSubject::check() const {
    if (given_.stop.stop_requested()) throw Stopped();
}

PointSet MeasureSubject::fresh(int draw) const {
    Random random(derive_seed(scene().seed, "fresh" + std::to_string(draw)));
    return law_->draw(points, random);
}

Path MeasureSubject::ends(const Field& field, const ViewSpec& view, int draw) const {
    const std::uint64_t seed = derive_seed(scene().seed, "measure" + std::to_string(draw));
    Path path = given_.sample(field, view, seed);
    if (path.cancelled) throw Stopped();
    if (path.diverged)
        throw Error("the samples are not finite: use more sampler.steps, or train longer");
    return path;
}

const std::vector<MeasureSubject::Draw>& MeasureSubject::drawn() {
    while (drawn_.size() < draws) {
        const auto draw = static_cast<int>(drawn_.size());
        step("sampling");
        const Path path = ends(field_, view(), draw);
        nfe_ = std::max(nfe_, path.nfe);
        network_evaluations_ = std::max(network_evaluations_, path.network_evaluations);
        Random random(derive_seed(scene().seed, "floor" + std::to_string(draw)));
        auto [a, b] = law_->two_fresh_draws(points, random);
        drawn_.push_back({numbers_of(path.end), fresh(draw).x, std::move(a.x), std::move(b.x)});
    }
    return drawn_;
}

bool MeasureSubject::finite() const {
    return law_->finite_set() != nullptr;
}

const torch::Tensor& MeasureSubject::starts() {
    if (!starts_.defined()) {
        starts_ =
            setup().starts(*setup().schedule, points, derive_seed(scene().seed, "measure0source"));
    }
    return starts_;
}

PathMeasures MeasureSubject::paths_of(const Field& field) {
    const torch::Tensor x1 = starts().to(field.device());
    return path_measures(field, x1,
                         label_rows(view().guidance.wanted_label(), points, field.device()), 64,
                         view().sampler.t_min);
}

const PathMeasures& MeasureSubject::paths() {
    if (!paths_) paths_ = paths_of(field_);
    return *paths_;
}

double MeasureSubject::squared_w2_of_laws() {
    if (!squared_w2_) {
        LawTransport transport(numbers_of(starts()), fresh(draws).x, dimension());
        while (!transport.run_for(std::chrono::milliseconds(100)))
            check();
        squared_w2_ = transport.squared_w2();
    }
    return *squared_w2_;
}

double MeasureSubject::w2_by_sampler(const Field& field) {
    return w2(numbers_of(ends(field, view(), 0).end), drawn()[0].fresh, dimension());
}

double MeasureSubject::w2_in_one_step(const Field& field) {
    ViewSpec one_step = view();
    one_step.sampler.method = Method::euler;
    one_step.sampler.steps = 1;
    one_step.sampler.noise = 0;
    one_step.sampler.grid = GridKind::uniform_t;
    one_step.sampler.last = LastStep::none;
    return w2(numbers_of(ends(field, one_step, 0).end), drawn()[0].fresh, dimension());
}

bool MeasureSubject::has_likelihood() const {
    // A likelihood of finite data by their own exact field has no limit.
    return !guided() && why_no_prior(setup(), given_.round > 0) == nullptr &&
           (learned() || (exact() != nullptr && exact()->smooth_data()));
}

torch::Tensor MeasureSubject::likelihood_draw() const {
    return positions_of(fresh(0)).narrow(0, 0, likelihood_points).to(field_.device());
}

torch::Tensor MeasureSubject::log_density_by(DivergenceKind divergence) const {
    LikelihoodSettings settings;
    settings.divergence = divergence;
    const Likelihood likelihood =
        log_likelihood(field_, likelihood_draw(), {}, gaussian_log_density(field_.schedule()),
                       settings, make_generator(scene().seed, "hutchinson"));
    return likelihood.diverged ? torch::Tensor()
                               : likelihood.log_density.to(torch::kCPU, torch::kFloat64);
}

const torch::Tensor& MeasureSubject::log_density() {
    if (!log_density_) log_density_ = log_density_by(DivergenceKind::exact);
    return *log_density_;
}

torch::Tensor MeasureSubject::probed_log_density() const {
    return log_density_by(DivergenceKind::hutchinson);
}

std::optional<double> MeasureSubject::entropy_of_data() {
    if (!scene().data.strokes.empty() || mixture_of(scene().data, dimension()).empty()) return {};
    // Whatever they are paired with in training.
    auto alone = std::make_shared<Scene>(scene());
    alone->coupling = {};
    Setup uncoupled = setup();
    uncoupled.scene = std::move(alone);
    const std::shared_ptr<const ExactField> field = make_exact_field(uncoupled, torch::kCPU);
    if (!field->smooth_data()) return {};
    return entropy(*field, 20000, make_generator(scene().seed, "entropy")).mean;
}

}  // namespace driftglass
