#include "core/lab/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include <nlohmann/json.hpp>

namespace driftglass {
namespace {

using Json = nlohmann::ordered_json;

bool known(const std::optional<double>& value) {
    return value && std::isfinite(*value);
}

void put(Json& json, const std::string& key, const std::optional<double>& value) {
    if (known(value)) json[key] = *value;
}

void put_count(Json& json, const char* key, int count) {
    if (count > 0) json[key] = count;
}

Json to_json(const Report::Bound& bound, int points) {
    Json json = Json::object();
    json["total"] = bound.total;
    json["prior"] = bound.prior;
    json["kl_sum"] = std::accumulate(bound.kl.begin(), bound.kl.end(), 0.0);
    json["reconstruction"] = bound.reconstruction;
    json["points"] = points;
    json["kl"] = bound.kl;
    return json;
}

Json to_json(const Report::PathAt& at) {
    Json json = {{"t", at.t}, {"alpha", at.schedule.alpha}, {"sigma", at.schedule.sigma}};
    put(json, "alpha_prime", at.schedule.alpha_prime);
    put(json, "sigma_prime", at.schedule.sigma_prime);
    put(json, "log_snr", at.log_snr);
    put(json, "f", at.f);
    put(json, "g_squared", at.g_squared);
    for (const auto& [prediction, floor] : at.floor)
        put(json["floor"], std::string(name_of(prediction)), floor);
    return json;
}

Json to_json(const Report::SolverErrors& errors) {
    Json json = Json::object();
    json["method"] = errors.method;
    put(json, "median_slope", errors.median_slope);
    put(json, "root_mean_square_slope", errors.root_mean_square_slope);
    json["points"] = Json::array();
    for (const Report::SolverErrors::Point& point : errors.points) {
        Json one = {{"steps", point.steps}, {"nfe", point.nfe}};
        put(one, "median", point.median);
        put(one, "root_mean_square", point.root_mean_square);
        json["points"].push_back(std::move(one));
    }
    return json;
}

/// A number in a column: five digits, "-" for none.
std::string cell(const std::optional<double>& value) {
    char text[32];
    if (!known(value)) return "-";
    std::snprintf(text, sizeof text, "%.5g", *value);
    return text;
}

/// "0.69 +- 0.03": to the first digit of the standard error.
std::string cell(const std::optional<double>& value, const std::optional<double>& error) {
    if (!known(value) || !known(error) || *error <= 0) return cell(value);
    const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(*error))));
    char text[64];
    std::snprintf(text, sizeof text, "%.*f +- %.*f", decimals, *value, decimals, *error);
    return text;
}

/// One line: the first column to the left, the others to the right.
std::string line(const std::string& first, const std::vector<std::string>& others) {
    char text[64];
    std::snprintf(text, sizeof text, "%-24s", first.c_str());
    std::string result = text;
    for (const std::string& other : others) {
        std::snprintf(text, sizeof text, "%14s", other.c_str());
        result += text;
    }
    return result + '\n';
}

std::string points_of(int points, int draws = 1) {
    return std::to_string(points) + " points" +
           (draws > 1 ? ", means of " + std::to_string(draws) + " draws" : "");
}

std::string solver_table(const Report& report) {
    std::string text = "\nmedian distance to a fine solution, within an NFE of (" +
                       points_of(report.solver_points) + ")\n";
    const int budgets[] = {2, 4, 8, 16, 32, 64};
    std::vector<std::string> head;
    for (const int nfe : budgets)
        head.push_back(std::to_string(nfe));
    head.emplace_back("slope");
    text += line("solver_error", head);
    for (const Report::SolverErrors& errors : report.solver_error) {
        std::vector<std::string> cells;
        for (const int nfe : budgets) {
            std::optional<double> at;
            for (const auto& point : errors.points) {
                if (point.nfe <= nfe && 2 * point.nfe > nfe) at = point.median;
            }
            cells.push_back(cell(at));
        }
        cells.push_back(cell(errors.median_slope));
        text += line("  " + errors.method, cells);
    }
    return text;
}

}  // namespace

Measured Report::measured(std::string_view name) const {
    for (const auto& [known, measured] : measures) {
        if (known == name) return measured;
    }
    return {};
}

std::string to_json(const Report& report) {
    Json json;
    json["steps"] = report.steps;
    json["seconds"] = report.seconds;
    json["steps_per_second"] = report.steps_per_second;
    json["device"] = report.device;
    if (report.view) json["view"] = std::string(1, *report.view);
    if (!report.note.empty()) json["note"] = report.note;
    put(json, "final_loss", report.final_loss);
    put(json, "loss_floor", report.loss_floor);
    Json metrics = Json::object();
    for (const auto& [name, measured] : report.measures) {
        const std::string key(name);
        put(metrics, key, measured.value);
        put(metrics, key + "_floor", measured.floor);
        put(metrics, key + "_standard_error", measured.standard_error);
    }
    metrics["nfe"] = report.nfe;
    metrics["network_evaluations"] = report.network_evaluations;
    metrics["points"] = report.points;
    metrics["draws"] = report.draws;
    put_count(metrics, "path_points", report.path_points);
    put_count(metrics, "likelihood_points", report.likelihood_points);
    if (report.ddpm_bound) {
        metrics["ddpm_bound"] = to_json(*report.ddpm_bound, report.likelihood_points);
    }
    put_count(metrics, "velocity_points", report.velocity_points);
    for (const Report::VelocityError& at : report.velocity_error) {
        Json one = {{"t", at.t}};
        put(one, "relative_mse", at.relative_mse);
        put(one, "mean_square_velocity", at.mean_square_velocity);
        metrics["velocity_error"].push_back(std::move(one));
    }
    if (report.loss_against_time) {
        const LossAgainstTime& curve = *report.loss_against_time;
        metrics["loss_against_time"] = {
            {"t", curve.time}, {"loss", curve.learned}, {"points", curve.points}};
        if (!curve.floor.empty()) metrics["loss_against_time"]["floor"] = curve.floor;
    }
    put_count(metrics, "floor_points", report.floor_points);
    for (const Report::PathAt& at : report.path)
        metrics["path"].push_back(to_json(at));
    put_count(metrics, "solver_points", report.solver_points);
    for (const Report::SolverErrors& errors : report.solver_error)
        metrics["solver_error"].push_back(to_json(errors));
    Json rounds = Json::array();
    for (const Report::Round& round : report.rounds) {
        Json one = Json::object();
        put(one, "w2", round.w2);
        put(one, "one_step_w2", round.one_step_w2);
        put(one, "straightness", round.straightness);
        put(one, "path_energy", round.path_energy);
        put(one, "transport_cost", round.transport_cost);
        rounds.push_back(std::move(one));
    }
    metrics["rounds"] = std::move(rounds);
    json["metrics"] = std::move(metrics);
    return json.dump(4) + "\n";
}

std::string to_table(const Report& report) {
    std::string text;
    if (report.view) {
        const auto letter = static_cast<char>(*report.view - 'a' + 'A');
        text += std::string("view ") + letter + "; ";
    }
    text += std::to_string(report.steps) + " training steps in " + cell(report.seconds) + " s on " +
            report.device + "; NFE " + std::to_string(report.nfe);
    if (report.network_evaluations != report.nfe) {
        text += " (" + std::to_string(report.network_evaluations) + " of the network)";
    }
    text += "; " + points_of(report.points, report.draws) + "\n\n";
    text += line("", {"value", "floor"});
    if (known(report.final_loss)) {
        text += line("loss", {cell(report.final_loss), cell(report.loss_floor)});
    }
    bool below = false;
    for (const auto& [name, measured] : report.measures) {
        if (!known(measured.value)) continue;
        below = below || (known(measured.floor) && *measured.value < *measured.floor);
        text += line(std::string(name),
                     {cell(measured.value, measured.standard_error), cell(measured.floor)});
    }
    if (report.ddpm_bound) {
        text += line("ddpm_bound",
                     {cell(report.ddpm_bound->total), cell(report.measured("nll").floor)});
    }
    if (below) text += "a value below its floor is within the scatter of its points\n";
    if (!report.velocity_error.empty()) {
        text += "\nlearned against exact velocity (" + points_of(report.velocity_points) +
                " at each t)\n" + line("t", {"relative mse", "of E|v|^2"});
        for (const Report::VelocityError& at : report.velocity_error)
            text += line(cell(at.t), {cell(at.relative_mse), cell(at.mean_square_velocity)});
    }
    if (!report.solver_error.empty()) text += solver_table(report);
    if (!report.rounds.empty()) {
        text += "\nby round of reflow (" + points_of(report.points) + ", one draw)\n" +
                line("round", {"w2", "one_step_w2", "straightness", "path_energy", "cost"});
        for (std::size_t i = 0; i < report.rounds.size(); ++i) {
            const Report::Round& round = report.rounds[i];
            text += line(std::to_string(i),
                         {cell(round.w2), cell(round.one_step_w2), cell(round.straightness),
                          cell(round.path_energy), cell(round.transport_cost)});
        }
    }
    return text;
}

}  // namespace driftglass
