#include "core/lab/probe.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/error.hpp"
#include "core/lab/path_warning.hpp"
#include "core/lab/source_law.hpp"
#include "core/lab/space_time.hpp"

namespace driftglass {
namespace {

using torch::Tensor;

/// In dimension 1 the one number of a row stands upright, beside `across`.
std::array<float, 2> row_of(const std::vector<float>& values, std::size_t i, std::int64_t dimension,
                            float across = 0) {
    if (dimension == 1) return {across, values[i]};
    return {values[2 * i], values[2 * i + 1]};
}

/// The vectors of one field at all points.
std::vector<ProbeVectors> vectors_of(const Field& field, const Tensor& x, const Tensor& time,
                                     std::optional<int> label) {
    const std::int64_t dimension = x.size(1);
    const Tensor points = x.to(field.device());
    const Tensor labels = label_rows(label, x.size(0), field.device());
    const auto numbers = [&](Prediction kind) {
        return numbers_of(field.value(kind, points, time, labels));
    };
    const std::vector<float> velocity = numbers(Prediction::velocity);
    std::vector<float> score, data;
    if (field.has_score()) {
        score = numbers(Prediction::score);
        data = numbers(Prediction::data);
    }
    std::vector<ProbeVectors> result(static_cast<std::size_t>(x.size(0)));
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i].velocity = row_of(velocity, i, dimension, static_cast<float>(-2 * time_axis));
        if (!score.empty()) {
            result[i].score = row_of(score, i, dimension);
            result[i].data = row_of(data, i, dimension);
        }
    }
    return result;
}

/// Closer to the data than samplers go. There the law of bare points says nothing off them: its
/// log-density falls, its score and velocity grow without bounds as sigma_t goes to 0.
constexpr double least_width = 1e-3;

/// Whether q_t at time t is of points, or of Gaussians, no wider than that.
bool is_bare(const Setup& setup, const Schedule& schedule, double t) {
    const Coefficients at = schedule.at(t);
    const double width = narrowest_component(setup).value_or(setup.scene->exact.kernel_width);
    return std::hypot(at.alpha * width, at.sigma) < least_width;
}

void drop_scores(ProbeField& field) {
    field.unconditional.score.reset();
    if (field.conditional) field.conditional->score.reset();
    if (field.guided) field.guided->score.reset();
}

/// The plain field and, where the view is guided, with the label and with guidance.
std::vector<ProbeField> fields_of(const ViewSpec& view, const FieldParts& parts, const Setup& setup,
                                  const Tensor& x, const Tensor& t) {
    ViewSpec plain = view;
    plain.guidance.kind = GuidanceKind::none;
    const std::shared_ptr<const Field> base = view_field(plain, parts, setup);
    std::vector<ProbeField> result(static_cast<std::size_t>(x.size(0)));
    const std::vector<ProbeVectors> unconditional = vectors_of(*base, x, t, std::nullopt);
    std::vector<ProbeVectors> conditional, guided;
    if (const std::optional<int> label = view.guidance.wanted_label()) {
        conditional = vectors_of(*base, x, t, label);
        guided = vectors_of(*view_field(view, parts, setup), x, t, label);
    }
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i].unconditional = unconditional[i];
        if (conditional.empty()) continue;
        result[i].conditional = conditional[i];
        result[i].guided = guided[i];
    }
    return result;
}

}  // namespace

std::shared_ptr<const std::vector<Probe>> probe_points(
    const ViewSpec& view, const FieldParts& parts, const Setup& setup,
    const std::vector<std::array<float, 2>>& points, double t) {
    auto probes = std::make_shared<std::vector<Probe>>();
    if (points.empty()) return probes;
    const bool space_time = setup.scene->dimension == 1;
    const std::shared_ptr<const Schedule> schedule =
        view.path ? make_schedule(*view.path) : setup.schedule;
    std::vector<float> flat;
    std::vector<double> at;
    for (const std::array<float, 2>& point : points) {
        flat.insert(flat.end(), point.begin() + (space_time ? 1 : 0), point.end());
        at.push_back(space_time ? std::clamp(time_at(static_cast<double>(point[0])), 0.0, 1.0) : t);
        probes->push_back({point, at.back(), {}, {}, {}, is_bare(setup, *schedule, at.back())});
    }
    const Tensor x = torch::tensor(flat, torch::kFloat32).view({-1, space_time ? 1 : 2});
    const Tensor time = space_time ? torch::tensor(at, torch::kFloat64) : at_time(t);
    if (view.field == FieldKind::learned) {
        const std::vector<ProbeField> learned = fields_of(view, parts, setup, x, time);
        for (std::size_t i = 0; i < learned.size(); ++i) {
            (*probes)[i].learned = learned[i];
            // It is made from the velocity by a division by sigma_t.
            if ((*probes)[i].bare) drop_scores(*(*probes)[i].learned);
        }
    }
    if (!parts.exact) return probes;
    ViewSpec exact = view;
    exact.field = FieldKind::exact;
    // A weaker model has no exact counterpart: the label alone.
    if (exact.guidance.kind == GuidanceKind::autoguidance) {
        exact.guidance.kind = GuidanceKind::cfg;
        exact.guidance.scale = 1;
    }
    try {
        const std::vector<ProbeField> fields = fields_of(exact, parts, setup, x, time);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (!(*probes)[i].bare) (*probes)[i].exact = fields[i];
        }
    } catch (const Error&) {
        // There is no exact counterpart: the pane's own field has been read.
    }
    if (view.path || !parts.exact->has_score()) return probes;
    const Tensor log_density =
        parts.exact->log_density(x.to(parts.exact->device()), time).to(torch::kCPU);
    for (std::size_t i = 0; i < probes->size(); ++i) {
        if (!(*probes)[i].bare)
            (*probes)[i].log_density = log_density[static_cast<std::int64_t>(i)].item<double>();
    }
    return probes;
}

}  // namespace driftglass
