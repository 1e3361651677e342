#include <torch/serialize.h>

#include <string>
#include <system_error>

#include "core/error.hpp"
#include "core/model/network.hpp"
#include "core/model/position_features.hpp"
#include "core/model/time_features.hpp"

namespace driftglass {
namespace {

constexpr std::int64_t format_version = 2;

struct Made {
    int width, depth, dimension, labels;
    std::string prediction;
    bool operator==(const Made&) const = default;
};

std::string in_words(const Made& made) {
    return "width " + std::to_string(made.width) + ", depth " + std::to_string(made.depth) +
           ", dimension " + std::to_string(made.dimension) + ", prediction " + made.prediction;
}

}  // namespace

void Network::save(const std::filesystem::path& file) const {
    torch::serialize::OutputArchive archive;
    archive.write("driftglass_weights", c10::IValue(format_version));
    archive.write("width", c10::IValue(settings_.width));
    archive.write("depth", c10::IValue(settings_.depth));
    archive.write("dimension", c10::IValue(dimension_));
    archive.write("labels", c10::IValue(labels_));
    archive.write("prediction", c10::IValue(std::string(name_of(settings_.prediction))));
    const Normalisation& n = normalisation_;
    archive.write("normalisation", torch::tensor({n.data_mean[0], n.data_mean[1], n.data_std,
                                                  n.source_mean[0], n.source_mean[1], n.source_std},
                                                 torch::kFloat64));
    archive.write("weights", weights_.detach().cpu());
    const std::filesystem::path part = file.string() + ".part";
    try {
        archive.save_to(part.string());
        std::filesystem::rename(part, file);
    } catch (const std::exception&) {
        std::error_code ignored;
        std::filesystem::remove(part, ignored);
        throw Error(file.string() +
                    ": the weights could not be written: is the folder there and "
                    "writable, with room left?");
    }
}

Network Network::load(const std::filesystem::path& file, const ModelSettings& settings,
                      int dimension, torch::Device device) {
    if (!std::filesystem::is_regular_file(file)) {
        throw Error(file.string() + ": there is no such file of weights; train, or name another.");
    }
    Made made{};
    torch::Tensor weights, numbers;
    try {
        torch::serialize::InputArchive archive;
        archive.load_from(file.string(), torch::Device(torch::kCPU));
        const auto read = [&](const char* key) {
            c10::IValue value;
            archive.read(key, value);
            return value;
        };
        if (read("driftglass_weights").toInt() != format_version) {
            throw Error(file.string() +
                        ": weights of another version of Driftglass; train again and save.");
        }
        made = {static_cast<int>(read("width").toInt()), static_cast<int>(read("depth").toInt()),
                static_cast<int>(read("dimension").toInt()),
                static_cast<int>(read("labels").toInt()), read("prediction").toStringRef()};
        archive.read("weights", weights);
        archive.read("normalisation", numbers);
    } catch (const Error&) {
        throw;
    } catch (const std::exception&) {
        throw Error(file.string() +
                    ": not a file of Driftglass weights (or a damaged one); train again and save.");
    }
    const Made wanted{settings.width, settings.depth, dimension, made.labels,
                      std::string(name_of(settings.prediction))};
    if (made != wanted) {
        throw Error(file.string() + ": weights of a network with " + in_words(made) +
                    ", but the scene says " + in_words(wanted) +
                    "; change the scene's model or name "
                    "other weights.");
    }
    const bool sound = made.labels >= 0 && numbers.scalar_type() == torch::kFloat64 &&
                       numbers.numel() == 6 && weights.scalar_type() == torch::kFloat32 &&
                       weights.dim() == 1;
    Normalisation n;
    if (sound) {
        const double* v = numbers.data_ptr<double>();
        n = {{v[0], v[1]}, v[2], {v[3], v[4]}, v[5]};
    }
    const LayerShape shape{position_columns(dimension) + time_feature_count + made.labels,
                           made.width, made.depth, dimension};
    if (!sound || weights.numel() != shape.weight_count() ||
        !weights.isfinite().all().item<bool>()) {
        throw Error(file.string() + ": the weights in it are damaged; train again and save.");
    }
    Network network(settings, dimension, made.labels, n, device, 0);
    network.set_weights(weights);
    return network;
}

}  // namespace driftglass
