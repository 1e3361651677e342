#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/field/stoppable_field.hpp"
#include "core/lab/setup.hpp"
#include "core/measure/path_measures.hpp"
#include "core/sample/likelihood.hpp"
#include "core/sample/sampler.hpp"

namespace driftglass {

/// What a report's measures are taken of (measures.hpp). What several of them need is computed when
/// the first one asks and kept. All draws are from streams of the scene's seed.
class MeasureSubject {
public:
    static constexpr std::int64_t points = 2000;  ///< of each draw, and starts of the paths
    static constexpr int draws = 5;
    static constexpr int likelihood_points = 512;

    struct Given {
        Setup setup;
        ViewSpec view;
        std::shared_ptr<const Field> field;       ///< the view's, guided or not
        std::shared_ptr<const Field> unguided;    ///< the learned one; null: the view's is exact
        std::shared_ptr<const ExactField> exact;  ///< null: there is none
        int round = 0;                            ///< of reflow, of the view's field
        /// The learned fields of round 0, 1 … where the view shows the latest; else empty.
        std::vector<std::shared_ptr<const Field>> rounds;
        std::int64_t rows_at_once = 0;  ///< of a field, between two looks at `stop`
        /// `points` samples of a field from the scene's starts of that seed.
        std::function<Path(const Field&, const ViewSpec&, std::uint64_t seed)> sample;
        std::function<void(const std::string& what)> step;  ///< a part begins
        std::stop_token stop;
    };
    explicit MeasureSubject(Given given);

    const Setup& setup() const { return given_.setup; }
    const Scene& scene() const { return *given_.setup.scene; }
    const ViewSpec& view() const { return given_.view; }
    /// Of the view. Throws Stopped, as all fields here do.
    const Field& field() const { return field_; }
    /// The learned field without guidance, first round only; null for others.
    const Field* unguided_first_round() const { return unguided_ ? &*unguided_ : nullptr; }
    const ExactField* exact() const { return given_.exact.get(); }
    const std::vector<StoppableField>& rounds() const { return rounds_; }
    bool learned() const { return given_.unguided != nullptr; }
    bool guided() const { return given_.view.guidance.kind != GuidanceKind::none; }
    int dimension() const { return scene().dimension; }

    /// Throws Stopped when that is wanted.
    void check() const;
    void step(const std::string& what) const { given_.step(what); }

    /// Samples beside fresh points of the data's law (under guidance: of its label), and two more
    /// draws of that law, all [points, D].
    struct Draw {
        std::vector<float> samples, fresh, floor_a, floor_b;
    };
    const std::vector<Draw>& drawn();
    std::int64_t nfe() const { return nfe_; }                                  ///< of these samples
    std::int64_t network_evaluations() const { return network_evaluations_; }  ///< of these samples
    /// The data are a finite set: fresh draws are the training points themselves.
    bool finite() const;

    /// Of a field from the scene's starts, in 64 RK4 steps to the view's t_min.
    PathMeasures paths_of(const Field& field);
    const PathMeasures& paths();
    /// Squared W2 between the laws of source and target, from the same starts, so that what these
    /// have by chance is in both.
    double squared_w2_of_laws();
    /// W2 of the field's samples, one draw, by the view's sampler, or in one Euler step.
    double w2_by_sampler(const Field& field);
    double w2_in_one_step(const Field& field);

    /// A density along the ODE exists: a known prior, no guidance, data that are not finite.
    bool has_likelihood() const;
    /// `likelihood_points` fresh points [N, D], and their log density [N], float64, by the exact
    /// divergence or by Hutchinson's estimate; undefined where it is not finite.
    torch::Tensor likelihood_draw() const;
    const torch::Tensor& log_density();
    torch::Tensor probed_log_density() const;
    /// -E log q_0 of the data, where they are a mixture with a density.
    std::optional<double> entropy_of_data();

private:
    PointSet fresh(int draw) const;  ///< `points` of the law
    const torch::Tensor& starts();   ///< [points, D], of the scene's source or coupling
    torch::Tensor log_density_by(DivergenceKind divergence) const;
    /// Of `points` starts, ends [points, D]. Throws Error where they are not finite.
    Path ends(const Field& field, const ViewSpec& view, int draw) const;

    Given given_;
    std::shared_ptr<const Distribution> law_;
    StoppableField field_;
    std::optional<StoppableField> unguided_;
    std::vector<StoppableField> rounds_;

    std::vector<Draw> drawn_;
    std::int64_t nfe_ = 0, network_evaluations_ = 0;
    torch::Tensor starts_;
    std::optional<PathMeasures> paths_;
    std::optional<double> squared_w2_;
    std::optional<torch::Tensor> log_density_;
};

}  // namespace driftglass
