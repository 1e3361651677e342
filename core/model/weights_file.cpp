#include "core/model/weights_file.hpp"

#include <torch/serialize.h>

#include <iomanip>
#include <limits>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "core/data/atomic_file.hpp"
#include "core/data/random.hpp"
#include "core/data/table.hpp"
#include "core/error.hpp"
#include "core/model/position_features.hpp"
#include "core/model/time_features.hpp"

namespace driftglass {
namespace {

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

constexpr std::int64_t format_version = 3;
constexpr std::size_t checksum_digits = 16;

struct Made {
    std::int64_t width, depth, dimension;
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

torch::Tensor as_tensor(const Reach& r) {
    return torch::tensor({r.low[0], r.low[1], r.high[0], r.high[1]}, torch::kFloat64);
}

Normalisation as_normalisation(const torch::Tensor& numbers) {
    const double* v = numbers.const_data_ptr<double>();
    return {{v[0], v[1]}, v[2], {v[3], v[4]}, v[5]};
}

Error damaged(const std::filesystem::path& file) {
    return Error{file.string() + ": the weights in it are damaged; train again and save."};
}

c10::IValue value_of(InputArchive& archive, const char* key) {
    c10::IValue value;
    archive.read(key, value);
    return value;
}

torch::Tensor tensor_of(InputArchive& archive, const char* key) {
    torch::Tensor tensor;
    archive.read(key, tensor);
    return tensor;
}

/// In hexadecimal digits.
std::string checksum(std::string_view bytes) {
    std::ostringstream digits;
    digits << std::hex << std::setw(checksum_digits) << std::setfill('0') << hash_of(bytes);
    return digits.str();
}

/// The archive ends with the length of its comment, which is empty: the checksum of all before it
/// becomes the comment.
void sign(std::string& bytes) {
    bytes[bytes.size() - 2] = checksum_digits;
    bytes += checksum(bytes);
}

/// False where something has changed since. Files from before there was a checksum have none.
bool is_whole(std::string_view bytes) {
    if (bytes.size() < checksum_digits + 2) return true;
    const std::string_view signed_part = bytes.substr(0, bytes.size() - checksum_digits);
    const bool has_one = signed_part[signed_part.size() - 2] == checksum_digits;
    return !has_one || checksum(signed_part) == bytes.substr(signed_part.size());
}

/// Both hold a normalisation and weights.
template <class Model>
void write_numbers(OutputArchive& archive, const Model& model) {
    archive.write("normalisation", as_tensor(model.normalisation()));
    archive.write("weights", model.weights().detach().cpu());
}

struct Numbers {
    Normalisation normalisation;
    torch::Tensor weights;
};

Numbers read_numbers(InputArchive& archive, const std::filesystem::path& file) {
    const torch::Tensor normalisation = tensor_of(archive, "normalisation");
    const torch::Tensor weights = tensor_of(archive, "weights");
    if (normalisation.scalar_type() != torch::kFloat64 || normalisation.numel() != 6 ||
        weights.scalar_type() != torch::kFloat32 || weights.dim() != 1 ||
        !weights.isfinite().all().item<bool>()) {
        throw damaged(file);
    }
    return {as_normalisation(normalisation), weights};
}

void write_model(OutputArchive& archive, const SavedModel& model) {
    archive.write("round", c10::IValue(model.round));
    archive.write("step", c10::IValue(model.step));
    archive.write("has_score", c10::IValue(model.has_score));
    archive.write("labels", c10::IValue(model.network.labels()));
    write_numbers(archive, model.network);
    archive.write("reach", as_tensor(model.network.reach()));
    archive.write("classes", c10::IValue(model.classifier ? model.classifier->classes() : 0));
    if (!model.classifier) return;
    OutputArchive classifier(archive.compilation_unit());
    classifier.write("log_prior", model.classifier->log_prior().cpu());
    write_numbers(classifier, *model.classifier);
    archive.write("classifier", classifier);
}

std::shared_ptr<const Classifier> read_classifier(InputArchive& archive, int dimension,
                                                  torch::Device device,
                                                  const std::filesystem::path& file) {
    const torch::Tensor log_prior = tensor_of(archive, "log_prior");
    const Numbers numbers = read_numbers(archive, file);
    if (log_prior.scalar_type() != torch::kFloat32 || log_prior.dim() != 1 ||
        log_prior.size(0) < 1) {
        throw damaged(file);
    }
    auto classifier =
        std::make_shared<Classifier>(dimension, log_prior, numbers.normalisation, device, 0);
    if (numbers.weights.numel() != classifier->shape().weight_count()) throw damaged(file);
    classifier->set_weights(numbers.weights);
    return classifier;
}

SavedModel read_model(InputArchive& archive, const ModelSettings& settings, int dimension,
                      torch::Device device, const std::filesystem::path& file) {
    const auto labels = static_cast<int>(value_of(archive, "labels").toInt());
    const Numbers numbers = read_numbers(archive, file);
    const LayerShape shape{position_columns(dimension) + time_feature_count + labels,
                           settings.width, settings.depth, dimension};
    if (labels < 0 || numbers.weights.numel() != shape.weight_count()) throw damaged(file);
    Network network(settings, dimension, labels, numbers.normalisation, device, 0);
    network.set_weights(numbers.weights);
    // Files from before there was a reach have none.
    if (torch::Tensor reach; archive.try_read("reach", reach)) {
        if (reach.scalar_type() != torch::kFloat64 || reach.numel() != 4) throw damaged(file);
        const double* v = reach.const_data_ptr<double>();
        network.set_reach({{v[0], v[1]}, {v[2], v[3]}});
    }
    SavedModel model{static_cast<int>(value_of(archive, "round").toInt()),
                     value_of(archive, "step").toInt(), value_of(archive, "has_score").toBool(),
                     std::move(network), nullptr};
    if (value_of(archive, "classes").toInt() > 0) {
        InputArchive classifier;
        archive.read("classifier", classifier);
        model.classifier = read_classifier(classifier, dimension, device, file);
    }
    return model;
}

bool in_order(const std::vector<SavedModel>& models) {
    if (models.empty() || models.front().round != 0) return false;
    for (std::size_t i = 1; i < models.size(); ++i) {
        const SavedModel& before = models[i - 1];
        const SavedModel& now = models[i];
        const bool later = now.round == before.round && now.step >= before.step;
        if (!later && now.round != before.round + 1) return false;
    }
    return true;
}

std::string key_of(std::size_t i) {
    return "model" + std::to_string(i);
}

}  // namespace

void save_weights(const std::filesystem::path& file, const SavedWeights& weights) {
    const Network& any = weights.models.front().network;
    OutputArchive archive;
    archive.write("driftglass_weights", c10::IValue(format_version));
    archive.write("width", c10::IValue(any.settings().width));
    archive.write("depth", c10::IValue(any.settings().depth));
    archive.write("dimension", c10::IValue(any.dimension()));
    archive.write("prediction", c10::IValue(std::string(name_of(any.settings().prediction))));
    archive.write("source", c10::IValue(weights.source));
    archive.write("coupling", c10::IValue(weights.coupling));
    archive.write("source_scale", c10::IValue(weights.source_scale));
    archive.write("models", c10::IValue(static_cast<std::int64_t>(weights.models.size())));
    for (std::size_t i = 0; i < weights.models.size(); ++i) {
        OutputArchive model(archive.compilation_unit());
        write_model(model, weights.models[i]);
        archive.write(key_of(i), model);
    }
    // Into memory first: what torch writes to a file itself ends the program where the disk is
    // full, as its writer throws once more while it is taken apart.
    std::string bytes;
    archive.save_to([&](const void* from, std::size_t count) {
        bytes.append(static_cast<const char*>(from), count);
        return count;
    });
    sign(bytes);
    write_atomically(file, [&](std::ostream& stream) { stream << bytes; });
}

SavedWeights load_weights(const std::filesystem::path& file, const ModelSettings& settings,
                          int dimension, torch::Device device) {
    if (!std::filesystem::is_regular_file(file)) {
        throw Error(file.string() + ": there is no such file of weights; train, or name another.");
    }
    try {
        const std::string bytes = read_file(file, std::numeric_limits<std::size_t>::max());
        if (!is_whole(bytes)) throw damaged(file);
        InputArchive archive;
        archive.load_from(bytes.data(), bytes.size(), torch::Device(torch::kCPU));
        if (value_of(archive, "driftglass_weights").toInt() != format_version) {
            throw Error(file.string() +
                        ": weights of another version of Driftglass; train again and save.");
        }
        const Made made{value_of(archive, "width").toInt(), value_of(archive, "depth").toInt(),
                        value_of(archive, "dimension").toInt(),
                        value_of(archive, "prediction").toStringRef()};
        const Made wanted{settings.width, settings.depth, dimension,
                          std::string(name_of(settings.prediction))};
        if (made != wanted) {
            throw Error(file.string() + ": weights of a network with " + in_words(made) +
                        ", but the scene says " + in_words(wanted) +
                        "; change the scene's model or name "
                        "other weights.");
        }
        SavedWeights weights{value_of(archive, "source").toStringRef(),
                             value_of(archive, "coupling").toStringRef(),
                             value_of(archive, "source_scale").toDouble(),
                             {}};
        const std::int64_t count = value_of(archive, "models").toInt();
        for (std::int64_t i = 0; i < count; ++i) {
            InputArchive model;
            archive.read(key_of(static_cast<std::size_t>(i)), model);
            weights.models.push_back(read_model(model, settings, dimension, device, file));
        }
        if (!in_order(weights.models)) throw damaged(file);
        return weights;
    } catch (const Error&) {
        throw;
    } catch (const std::exception&) {
        throw Error(file.string() +
                    ": not a file of Driftglass weights (or a damaged one); train again and save.");
    }
}

}  // namespace driftglass
