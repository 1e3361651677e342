#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/lab/snapshot.hpp"
#include "core/path/prediction.hpp"
#include "core/path/schedule.hpp"

namespace driftglass {

/// A number and what it cannot be expected to go below: `name`, `name_floor` and
/// `name_standard_error` in report.json. Unset: not defined for this scene, or not finite.
struct Measured {
    std::optional<double> value{}, floor{}, standard_error{};
};

/// Everything in report.json, as docs/report.md explains it; unset or empty: not defined for this
/// scene.
struct Report {
    std::int64_t steps = 0;
    double seconds = 0;
    double steps_per_second = 0;
    std::string device;
    std::optional<char> view;  ///< the pane that was measured, 'a' …; unset: the scene's own field
    std::string note;          ///< what to bear in mind of the path; empty: nothing
    std::optional<double> final_loss, loss_floor;

    /// Those of the registry (measures.hpp) that are one number, in its order.
    std::vector<std::pair<std::string_view, Measured>> measures;
    /// One of them; nothing in it where the scene has none of that name.
    Measured measured(std::string_view name) const;

    std::int64_t nfe = 0;                  ///< evaluations of the field for each sample
    std::int64_t network_evaluations = 0;  ///< of networks or closed forms that these took
    int points = 0;                        ///< fresh points each distance was taken with
    int draws = 0;                         ///< over how many draws it was averaged
    int path_points = 0;        ///< starts of straightness, path energy and transport cost
    int likelihood_points = 0;  ///< fresh points of the likelihood and of the DDPM bound

    struct Round {
        std::optional<double> w2, one_step_w2, straightness, path_energy, transport_cost;
    };
    std::vector<Round> rounds;  ///< of reflow, the model before it first

    /// DDPM's bound on the negative log-likelihood in nats (core/measure/ddpm_bound.hpp).
    struct Bound {
        double total = 0, prior = 0, reconstruction = 0;
        std::vector<double> kl;  ///< k = 2 … K
    };
    std::optional<Bound> ddpm_bound;

    /// Learned against exact velocity at a time: E |v_learned - v|^2 / E |v|^2 over x ~ q_t.
    struct VelocityError {
        double t = 0, relative_mse = 0, mean_square_velocity = 0;
    };
    std::vector<VelocityError> velocity_error;
    int velocity_points = 0;

    /// The path's schedule at a time, and by prediction kind what its loss cannot go below there:
    /// E Var(target | x_t) (core/measure/exact_oracles.hpp). Not finite: left out.
    struct PathAt {
        double t = 0, log_snr = 0, f = 0, g_squared = 0;
        Coefficients schedule{};
        std::vector<std::pair<Prediction, double>> floor;
    };
    std::vector<PathAt> path;
    int floor_points = 0;

    /// Distance of a deterministic method's ends to a fine solution from the same starts.
    struct SolverErrors {
        struct Point {
            int steps = 0;
            std::int64_t nfe = 0;
            double median = 0, root_mean_square = 0;
        };
        std::string method;
        std::optional<double> median_slope, root_mean_square_slope;
        std::vector<Point> points;
    };
    std::vector<SolverErrors> solver_error;
    int solver_points = 0;

    std::shared_ptr<const LossAgainstTime> loss_against_time;
};

/// report.json: numbers that are not defined are left out.
std::string to_json(const Report& report);
/// The same for reading: a line a measure with its floor, then what goes by time, method or round.
std::string to_table(const Report& report);

}  // namespace driftglass
