// The report: every measure beside its floor, over fresh points.

#include <algorithm>
#include <cmath>

#include "core/lab/devices.hpp"
#include "core/lab/lab_state.hpp"
#include "core/lab/measure_subject.hpp"
#include "core/lab/measures.hpp"
#include "core/lab/path_warning.hpp"

namespace driftglass {

Report Lab::measure(const Progress& progress, std::stop_token stop) {
    State& s = *state_;
    s.take_commands();
    const ViewSpec view = s.chosen_view();
    const bool learned = view.field == FieldKind::learned;
    const ModelPtr model = learned ? s.parts_of(view).model : nullptr;
    // Loss and time are those of the present weights, and rounds are compared up to these.
    const bool latest = learned && model->id == s.model->id;
    const int rounds = s.learner.round();

    MeasureSubject::Given given;
    given.setup = s.setup_of(view);
    given.view = view;
    given.field = s.field_of(view);
    given.exact = s.exact_field_of(view);
    if (learned) {
        ViewSpec plain = view;
        plain.guidance = {};
        given.unguided = view_field(plain, s.parts_of(plain), s.setup);
        given.round = model->round;
    }
    if (latest && rounds > 0 && view.guidance.kind == GuidanceKind::none && !view.path) {
        for (int round = 0; round <= rounds; ++round)
            given.rounds.push_back(s.learner.model(round, -1)->field());
    }
    given.rows_at_once = s.rows_at_once();
    given.sample = [&](const Field& field, const ViewSpec& by, std::uint64_t seed) {
        return s.sample_paths(field, by, MeasureSubject::points, seed, false, {}, stop);
    };
    const double parts = MeasureSubject::draws + static_cast<double>(all_measures().size()) + 1 +
                         static_cast<double>(given.rounds.size());
    given.step = [&, done = 0.0](const std::string& what) mutable {
        if (progress) progress(std::min(done, parts), parts, what);
        done += 1;
    };
    given.stop = stop;
    MeasureSubject subject(std::move(given));

    Report report;
    if (s.options.view) report.view = static_cast<char>('a' + *s.options.view);
    report.steps = learned ? model->step : s.learner.step();
    report.seconds = s.learner.seconds();
    report.steps_per_second =
        report.seconds > 0 ? static_cast<double>(s.learner.step()) / report.seconds : 0;
    report.device = name_of_device(s.device);
    if (const std::string warning = path_warning(subject.setup()); !warning.empty())
        report.note = "path: " + warning;
    if (latest && std::isfinite(s.learner.loss())) report.final_loss = s.learner.loss();
    subject.step("loss");
    if (latest && model->round == 0 && !view.path) {
        s.loss_job.want(s.loss_version, model);
        while (!s.loss_job.step(subject.setup(), subject.exact()))
            subject.check();
        report.loss_floor = s.loss_job.mean_floor();
        s.draft.loss_against_time = s.loss_job.curve();
        report.loss_against_time = s.loss_job.curve();
    }

    report.points = static_cast<int>(MeasureSubject::points);
    report.draws = MeasureSubject::draws;
    report.path_points = report.points;
    if (subject.has_likelihood()) report.likelihood_points = MeasureSubject::likelihood_points;
    subject.drawn();
    report.nfe = subject.nfe();
    report.network_evaluations = subject.network_evaluations();
    for (const Measure& measure : all_measures()) {
        subject.step(std::string(measure.name));
        if (measure.number != nullptr)
            report.measures.emplace_back(measure.name, measure.number(subject));
        else
            measure.list(subject, report);
    }
    if (progress) progress(parts, parts, "measured");
    return report;
}

}  // namespace driftglass
