#include <cmath>

#include <nlohmann/json.hpp>

#include "core/lab/lab.hpp"

namespace driftglass {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& json, const char* key, const std::optional<double>& value) {
    if (value && std::isfinite(*value)) json[key] = *value;
}

}  // namespace

std::string to_json(const Report& report) {
    Json json;
    json["steps"] = report.steps;
    json["seconds"] = report.seconds;
    json["steps_per_second"] = report.steps_per_second;
    json["device"] = report.device;
    put(json, "final_loss", report.final_loss);
    put(json, "loss_floor", report.loss_floor);
    Json metrics = Json::object();
    put(metrics, "w2", report.w2);
    put(metrics, "w2_floor", report.w2_floor);
    put(metrics, "sliced_w2", report.sliced_w2);
    put(metrics, "sliced_w2_floor", report.sliced_w2_floor);
    put(metrics, "energy_distance", report.energy_distance);
    put(metrics, "energy_distance_floor", report.energy_distance_floor);
    put(metrics, "mmd", report.mmd);
    put(metrics, "nll", report.nll);
    put(metrics, "nll_floor", report.nll_floor);
    put(metrics, "straightness", report.straightness);
    put(metrics, "path_energy", report.path_energy);
    put(metrics, "npe", report.npe);
    put(metrics, "transport_cost", report.transport_cost);
    put(metrics, "one_step_w2", report.one_step_w2);
    metrics["nfe"] = report.nfe;
    metrics["points"] = report.points;
    metrics["draws"] = report.draws;
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

}  // namespace driftglass
