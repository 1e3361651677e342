#include "core/train/objective.hpp"

#include <algorithm>
#include <cmath>

#include "core/torch.hpp"

namespace driftglass {

double loss_weight(Weighting weighting, Prediction native, const Normalisation& normalisation,
                   const Coefficients& at) {
    const auto squared_out = [&](Prediction kind) {
        const double out = affine(normalisation, at, kind).out;
        return out * out;
    };
    const double snr = std::pow(at.alpha / std::max(at.sigma, 1e-12), 2);
    switch (weighting) {
        case Weighting::native:
            return squared_out(native);
        case Weighting::velocity:
            return squared_out(Prediction::velocity);
        case Weighting::noise:
        case Weighting::snr:
            return squared_out(Prediction::noise);
        case Weighting::min_snr:
            return std::min(snr, 5.0) * squared_out(Prediction::data);
        case Weighting::sigmoid:
            return squared_out(Prediction::noise) / (1 + std::exp(-2.0) * snr);
    }
    return 1;
}

double time_quantile(TimeSampling sampling, const Schedule& schedule, double u) {
    switch (sampling) {
        case TimeSampling::uniform:
        case TimeSampling::stratified:
            return u;
        case TimeSampling::logit_normal: {
            const double z =
                at::special_ndtri(torch::scalar_tensor(u, torch::kFloat64)).item<double>();
            return 1 / (1 + std::exp(-z));
        }
        case TimeSampling::uniform_log_snr: {
            const double high = std::clamp(schedule.log_snr(1e-4), -15.0, 15.0);
            const double low = std::clamp(schedule.log_snr(1), -15.0, 15.0);
            return schedule.time_of_log_snr(high + (low - high) * u);
        }
    }
    return u;
}

}  // namespace driftglass
