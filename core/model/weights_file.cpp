#include <torch/serialize.h>

#include <string>
#include <system_error>

#include "core/error.hpp"
#include "core/model/classifier.hpp"
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

torch::Tensor as_tensor(const Normalisation& n) {
    return torch::tensor({n.data_mean[0], n.data_mean[1], n.data_std, n.source_mean[0],
                          n.source_mean[1], n.source_std},
                         torch::kFloat64);
}

bool sound(const torch::Tensor& normalisation, const torch::Tensor& weights) {
    return normalisation.scalar_type() == torch::kFloat64 && normalisation.numel() == 6 &&
           weights.scalar_type() == torch::kFloat32 && weights.dim() == 1;
}

Normalisation as_normalisation(const torch::Tensor& numbers) {
    const double* v = numbers.const_data_ptr<double>();
    return {{v[0], v[1]}, v[2], {v[3], v[4]}, v[5]};
}

Error damaged(const std::filesystem::path& file) {
    return Error{file.string() + ": the weights in it are damaged; train again and save."};
}

}  // namespace

void Network::save(const std::filesystem::path& file, const Classifier* classifier) const {
    torch::serialize::OutputArchive archive;
    archive.write("driftglass_weights", c10::IValue(format_version));
    archive.write("width", c10::IValue(settings_.width));
    archive.write("depth", c10::IValue(settings_.depth));
    archive.write("dimension", c10::IValue(dimension_));
    archive.write("labels", c10::IValue(labels_));
    archive.write("prediction", c10::IValue(std::string(name_of(settings_.prediction))));
    archive.write("normalisation", as_tensor(normalisation_));
    archive.write("weights", weights_.detach().cpu());
    if (classifier != nullptr) {
        archive.write("classifier_normalisation", as_tensor(classifier->normalisation()));
        archive.write("classifier_log_prior", classifier->log_prior().cpu());
        archive.write("classifier_weights", classifier->weights().cpu());
    }
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
    const LayerShape shape{position_columns(dimension) + time_feature_count + made.labels,
                           made.width, made.depth, dimension};
    if (made.labels < 0 || !sound(numbers, weights) || weights.numel() != shape.weight_count() ||
        !weights.isfinite().all().item<bool>()) {
        throw damaged(file);
    }
    Network network(settings, dimension, made.labels, as_normalisation(numbers), device, 0);
    network.set_weights(weights);
    return network;
}

std::shared_ptr<const Classifier> Classifier::load(const std::filesystem::path& file, int dimension,
                                                   torch::Device device) {
    torch::Tensor numbers, log_prior, weights;
    try {
        torch::serialize::InputArchive archive;
        archive.load_from(file.string(), torch::Device(torch::kCPU));
        if (!archive.try_read("classifier_weights", weights)) return nullptr;
        archive.read("classifier_normalisation", numbers);
        archive.read("classifier_log_prior", log_prior);
    } catch (const std::exception&) {
        throw damaged(file);
    }
    if (!sound(numbers, weights) || log_prior.scalar_type() != torch::kFloat32 ||
        log_prior.dim() != 1 || log_prior.size(0) < 1 || !weights.isfinite().all().item<bool>()) {
        throw damaged(file);
    }
    auto classifier =
        std::make_shared<Classifier>(dimension, log_prior, as_normalisation(numbers), device, 0);
    if (weights.numel() != classifier->shape().weight_count()) throw damaged(file);
    classifier->set_weights(weights);
    return classifier;
}

}  // namespace driftglass
