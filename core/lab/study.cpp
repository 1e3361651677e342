#include "core/lab/study.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/data/random.hpp"
#include "core/error.hpp"
#include "core/lab/pane_density.hpp"
#include "core/lab/source_law.hpp"
#include "core/measure/distances.hpp"
#include "core/measure/path_measures.hpp"
#include "core/measure/solver_error.hpp"
#include "core/sample/sampler.hpp"
#include "core/sample/start_points.hpp"

namespace driftglass {

using Cancelled = std::function<bool()>;
using torch::Tensor;

/// Pieces in order; `piece` returns false where it was cancelled.
struct StudyJob::Plan {
    Plan(const StudySubject& of, std::size_t count) : subject(of), pieces(count) {
        result.kind = subject.kind;
        result.pane = subject.pane;
        if (subject.parts.model) result.step = subject.parts.model->step;
        result.label = subject.view.guidance.wanted_label();
    }
    virtual ~Plan() = default;
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
    virtual bool piece(std::size_t index, const Cancelled& cancelled) = 0;

    /// Later rounds run on the straight line from the first round's own starts.
    Tensor starts(const Field& field, std::int64_t count) const {
        const Schedule& on = subject.view.path ? field.schedule() : *subject.setup.schedule;
        return subject.setup.starts(on, count, derive_seed(subject.setup.scene->seed, "study"))
            .to(subject.device);
    }
    Tensor labels(std::int64_t count) const {
        return label_rows(subject.view.guidance.wanted_label(), count, subject.device);
    }
    /// Ends of `count` paths of a view; undefined: cancelled.
    Tensor ends(const Field& field, const ViewSpec& view, std::int64_t count,
                const Cancelled& cancelled) const {
        const Path path =
            sample(field, starts(field, count), labels(count), view.sampler,
                   make_generator(subject.setup.scene->seed, "study"), false, cancelled);
        if (path.cancelled) return {};
        return path.end;
    }
    double distance(const Tensor& a, const Tensor& b) const {
        if (!torch::isfinite(a).all().item<bool>()) return std::nan("");
        return w2(numbers_of(a), numbers_of(b), subject.setup.scene->dimension);
    }
    /// Fresh data, and the W2 of two such draws, the mean of five: made once.
    struct Data {
        Tensor x;
        double floor;
    };
    const Data& data(std::int64_t count) {
        if (!data_) {
            const std::shared_ptr<const Distribution> law = target_law(subject.setup);
            Random random(derive_seed(subject.setup.scene->seed, "study"));
            data_ = Data{positions_of(law->draw(count, random)), 0};
            constexpr int pairs = 5;
            for (int i = 0; i < pairs; ++i) {
                const auto [one, two] = law->two_fresh_draws(count, random);
                data_->floor += w2(one.x, two.x, one.dimension) / pairs;
            }
        }
        return *data_;
    }

    StudySubject subject;
    std::size_t pieces;
    std::size_t done = 0;
    Study result;

private:
    std::optional<Data> data_;
};

namespace {

using Plan = StudyJob::Plan;

/// Median distance of endpoints to a fine solution, by NFE, for the deterministic solvers.
struct SolverPlan final : Plan {
    static constexpr std::int64_t starts_count = 128;
    static constexpr int reference_steps = 512;
    static constexpr int budgets[] = {4, 8, 16, 32, 64, 128, 256, 512};

    explicit SolverPlan(const StudySubject& of)
        : Plan(of, 1 + solvers().size() * std::size(budgets)),
          field(view_field(subject.view, subject.parts, subject.setup)),
          x1(starts(*field, starts_count)),
          label(labels(starts_count)) {
        for (const MethodFacts& solver : solvers())
            result.curves.push_back({std::string(solver.title), {}, {}, {}});
    }
    /// Those of the ODE, on any field, that take a given number of evaluations.
    static const std::vector<MethodFacts>& solvers() {
        static const std::vector<MethodFacts> found = [] {
            std::vector<MethodFacts> all(all_methods().begin(), all_methods().end());
            std::erase_if(all, [](const MethodFacts& facts) {
                return facts.needs_score || facts.evaluations == 0;
            });
            return all;
        }();
        return found;
    }
    bool piece(std::size_t index, const Cancelled& cancelled) override {
        if (index == 0) {
            reference = reference_endpoint(*field, x1, label, subject.view.sampler, reference_steps,
                                           cancelled);
            return reference.defined();
        }
        // By budget first, so that all curves grow together.
        const std::size_t which = (index - 1) % solvers().size();
        const MethodFacts& solver = solvers()[which];
        const int nfe = budgets[(index - 1) / solvers().size()];
        StudyCurve& curve = result.curves[which];
        SamplerSettings settings = subject.view.sampler;
        settings.method = solver.method;
        settings.noise = 0;
        const SolverErrorCurve error = solver_error_curve(
            *field, x1, label, settings, {nfe / solver.evaluations}, reference, cancelled);
        if (error.points.empty()) return false;
        curve.x.push_back(static_cast<double>(error.points[0].nfe));
        curve.y.push_back(error.points[0].median);
        const double slope = log_log_slope(curve.x, curve.y, float32_error);
        if (std::isfinite(slope)) curve.slope = slope;
        return true;
    }

    std::shared_ptr<const Field> field;
    Tensor x1, label, reference;
};

/// Distance of guided samples to the density that w pretends to sample, by w.
struct GuidancePlan final : Plan {
    static constexpr std::int64_t points = 1024;
    static constexpr double scales[] = {-1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10};

    explicit GuidancePlan(const StudySubject& of) : Plan(of, std::size(scales)) {
        if (subject.view.guidance.kind == GuidanceKind::none) {
            throw Error(
                "Choose a kind of guidance for this pane: the curve shows how far its "
                "samples are from the tilted density, by w.");
        }
        (void)view_field(subject.view, subject.parts, subject.setup);
        if (!draw_tilted(subject.setup, Tilt{subject.view.guidance.label, 1}, 1, 0).defined()) {
            throw Error(
                "The tilted density needs two dimensions, a Gaussian source and no "
                "coupling.");
        }
        result.curves = {{"samples", {}, {}, {}}, {"floor", {}, {}, {}}};
    }
    bool piece(std::size_t index, const Cancelled& cancelled) override {
        ViewSpec view = subject.view;
        view.guidance.scale = scales[index];
        const std::shared_ptr<const Field> field = view_field(view, subject.parts, subject.setup);
        const Tensor samples = ends(*field, view, points, cancelled);
        if (!samples.defined()) return false;
        const Tilt tilt = *tilt_of(view.guidance);
        const std::uint64_t seed = derive_seed(subject.setup.scene->seed, "study");
        const Tensor a = draw_tilted(subject.setup, tilt, points, seed);
        const Tensor b = draw_tilted(subject.setup, tilt, points, seed + 1);
        for (StudyCurve& curve : result.curves)
            curve.x.push_back(scales[index]);
        result.curves[0].y.push_back(distance(samples, a));
        result.curves[1].y.push_back(distance(a, b));
        return true;
    }
};

/// What a round of reflow did: straightness, cost, and what one Euler step is worth.
struct RoundsPlan final : Plan {
    static constexpr std::int64_t points = 1024;

    explicit RoundsPlan(const StudySubject& of) : Plan(of, 2 * of.models.size()) {
        result.curves = {{"straightness", {}, {}, {}},
                         {"transport cost", {}, {}, {}},
                         {"$W_2$, one step", {}, {}, {}},
                         {"$W_2$", {}, {}, {}},
                         {"floor", {}, {}, {}}};
    }

    bool piece(std::size_t index, const Cancelled& cancelled) override {
        const std::size_t round = index / 2;
        const std::shared_ptr<const Field> field = subject.models[round]->field();
        const auto add = [&](std::size_t curve, double value) {
            result.curves[curve].x.push_back(static_cast<double>(round));
            result.curves[curve].y.push_back(value);
        };
        if (index % 2 == 0) {
            if (cancelled()) return false;
            const PathMeasures along = path_measures(*field, starts(*field, 256), {}, 32);
            add(0, along.straightness);
            add(1, along.transport_cost);
            return true;
        }
        ViewSpec one;
        one.sampler.method = Method::euler;
        one.sampler.steps = 1;
        ViewSpec many;
        const Tensor quick = ends(*field, one, points, cancelled);
        const Tensor slow = quick.defined() ? ends(*field, many, points, cancelled) : Tensor();
        if (!slow.defined()) return false;
        const Data& fresh = data(points);
        add(2, distance(quick, fresh.x));
        add(3, distance(slow, fresh.x));
        add(4, fresh.floor);
        return true;
    }
};

/// W2 to fresh data by training step, over the weights that are kept.
struct TrainingPlan final : Plan {
    static constexpr std::int64_t points = 1024;

    explicit TrainingPlan(const StudySubject& of) : Plan(of, count_of(of)) {
        result.curves = {{"$W_2$", {}, {}, {}}, {"floor", {}, {}, {}}};
    }
    static std::size_t count_of(const StudySubject& of) {
        if (of.models.empty())
            throw Error("No weights are kept yet: train first, the curve goes back through them.");
        return of.models.size();
    }
    bool piece(std::size_t index, const Cancelled& cancelled) override {
        FieldParts parts = subject.parts;
        parts.model = subject.models[index];
        const std::shared_ptr<const Field> field = view_field(subject.view, parts, subject.setup);
        const Tensor samples = ends(*field, subject.view, points, cancelled);
        if (!samples.defined()) return false;
        const Data& fresh = data(points);
        for (StudyCurve& curve : result.curves)
            curve.x.push_back(static_cast<double>(parts.model->step));
        result.curves[0].y.push_back(distance(samples, fresh.x));
        result.curves[1].y.push_back(fresh.floor);
        return true;
    }
};

std::unique_ptr<Plan> plan_of(const StudySubject& subject) {
    if (subject.setup.data->size() == 0) throw Error("There is nothing to study without data.");
    switch (subject.kind) {
        case StudyKind::solvers:
            return std::make_unique<SolverPlan>(subject);
        case StudyKind::guidance:
            return std::make_unique<GuidancePlan>(subject);
        case StudyKind::rounds:
            return std::make_unique<RoundsPlan>(subject);
        case StudyKind::training:
            return std::make_unique<TrainingPlan>(subject);
    }
    throw Error("there is no such study");
}

}  // namespace

StudyJob::StudyJob(const StudySubject& subject) : plan_(plan_of(subject)) {}
StudyJob::~StudyJob() = default;
StudyJob::StudyJob(StudyJob&&) noexcept = default;
StudyJob& StudyJob::operator=(StudyJob&&) noexcept = default;

bool StudyJob::finished() const {
    return plan_->done >= plan_->pieces;
}

void StudyJob::step(const Cancelled& cancelled) {
    if (finished()) return;
    if (plan_->piece(plan_->done, cancelled)) ++plan_->done;
}

StudyKind StudyJob::kind() const {
    return plan_->subject.kind;
}

std::shared_ptr<Study> StudyJob::study() const {
    auto study = std::make_shared<Study>(plan_->result);
    study->done = static_cast<double>(plan_->done) / static_cast<double>(plan_->pieces);
    study->running = !finished();
    return study;
}

}  // namespace driftglass
