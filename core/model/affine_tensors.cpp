#include "core/model/affine_tensors.hpp"

#include <algorithm>

#include "core/model/time_features.hpp"

namespace driftglass {

Affine affine_at(const Normalisation& normalisation, Prediction kind, const Schedule& schedule,
                 double t) {
    return affine(normalisation, schedule.at(std::clamp(t, 1e-9, 1 - 1e-9)), kind);
}

AffineTensors affine_tensors(const Normalisation& normalisation, int dimension, Prediction kind,
                             const Schedule& schedule, const torch::Tensor& t,
                             torch::Device device) {
    const int d = dimension;
    const torch::Tensor times = t.to(torch::kCPU, torch::kFloat64).contiguous().view({-1});
    const std::int64_t n = times.size(0);
    constexpr int single = 5;
    const int columns = single + 2 * d + time_feature_count;
    torch::Tensor table = torch::empty({n, columns});
    float* row = table.data_ptr<float>();
    const double* time = times.data_ptr<double>();
    for (std::int64_t i = 0; i < n; ++i, row += columns) {
        const Affine a = affine_at(normalisation, kind, schedule, time[i]);
        row[0] = static_cast<float>(a.inverse_r);
        row[1] = static_cast<float>(a.skip);
        row[2] = static_cast<float>(a.out);
        row[3] = static_cast<float>(a.cos);
        row[4] = static_cast<float>(a.sin);
        for (int k = 0; k < d; ++k) {
            row[single + k] = static_cast<float>(a.shift[k]);
            row[single + d + k] = static_cast<float>(a.offset[k]);
        }
        write_time_features(
            a.cos, a.sin,
            std::span<float, time_feature_count>(row + single + 2 * d, time_feature_count));
    }
    table = table.to(device);
    AffineTensors result;
    result.inverse_r = table.narrow(1, 0, 1);
    result.skip = table.narrow(1, 1, 1);
    result.out = table.narrow(1, 2, 1);
    result.cos = table.narrow(1, 3, 1);
    result.sin = table.narrow(1, 4, 1);
    result.shift = table.narrow(1, single, d);
    result.offset = table.narrow(1, single + d, d);
    result.features = table.narrow(1, single + 2 * d, time_feature_count);
    return result;
}

}  // namespace driftglass
