#include "core/model/weights_file.hpp"

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/error.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

ModelSettings small() {
    ModelSettings settings;
    settings.width = 24;
    settings.depth = 2;
    return settings;
}

/// Weights that no other seed has, last layer and all.
Network network_of(std::uint64_t seed, int labels) {
    Network network(small(), 2, labels, {{0.5, -1}, 1.5, {0.25, 0}, 1}, torch::kCPU, seed);
    network.set_weights(
        torch::randn(network.weights().sizes(), at::detail::createCPUGenerator(seed)));
    network.set_reach({{-1.5, -2}, {1 + 0.1 * static_cast<double>(seed), 3}});
    return network;
}

std::shared_ptr<const Classifier> classifier_of(std::uint64_t seed) {
    return std::make_shared<const Classifier>(2, torch::tensor({-0.5F, -1.5F, -2.5F}),
                                              Normalisation{{0.5, -1}, 1.5, {}, 1}, torch::kCPU,
                                              seed);
}

/// Two steps of round 0 and a round of reflow.
SavedWeights some_weights() {
    SavedWeights weights{"uniform", "minibatch-ot", 2.5, {}};
    weights.models.push_back({0, 5, true, network_of(1, 2), classifier_of(4)});
    weights.models.push_back({0, 40, false, network_of(2, 3), classifier_of(5)});
    weights.models.push_back({1, 30, false, network_of(3, 3), nullptr});
    return weights;
}

std::filesystem::path fresh_folder() {
    const auto folder = std::filesystem::temp_directory_path() / "driftglass_weights_file_test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

std::string message_of(const std::filesystem::path& file, const ModelSettings& settings,
                       int dimension) {
    try {
        load_weights(file, settings, dimension, torch::kCPU);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("every network of a file comes back with its round, step and classifier") {
    const std::filesystem::path folder = fresh_folder();
    const SavedWeights written = some_weights();
    save_weights(folder / "weights.pt", written);
    const SavedWeights read = load_weights(folder / "weights.pt", small(), 2, torch::kCPU);
    CHECK(read.source == "uniform");
    CHECK(read.coupling == "minibatch-ot");
    CHECK(read.source_scale == 2.5);
    REQUIRE(read.models.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        const SavedModel& a = written.models[i];
        const SavedModel& b = read.models[i];
        CAPTURE(i);
        CHECK(b.round == a.round);
        CHECK(b.step == a.step);
        CHECK(b.has_score == a.has_score);
        CHECK(b.network.labels() == a.network.labels());
        CHECK(b.network.normalisation() == a.network.normalisation());
        CHECK(torch::equal(b.network.weights(), a.network.weights()));
        CHECK(b.network.reach() == a.network.reach());
        REQUIRE((b.classifier == nullptr) == (a.classifier == nullptr));
        if (!a.classifier) continue;
        CHECK(torch::equal(b.classifier->weights(), a.classifier->weights()));
        CHECK(torch::equal(b.classifier->log_prior(), a.classifier->log_prior()));
        CHECK(b.classifier->normalisation() == a.classifier->normalisation());
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("a file of weights that does not fit is refused in a sentence") {
    const std::filesystem::path folder = fresh_folder();
    const std::filesystem::path file = folder / "weights.pt";
    save_weights(file, some_weights());
    ModelSettings other = small();
    other.width = 32;
    CHECK_THAT(message_of(file, other, 2), Catch::Contains("weights.pt") &&
                                               Catch::Contains("width 24") &&
                                               Catch::Contains("width 32"));
    CHECK_THAT(message_of(file, small(), 1), Catch::Contains("dimension 2"));
    other = small();
    other.prediction = Prediction::noise;
    CHECK_THAT(message_of(file, other, 2), Catch::Contains("prediction velocity"));
    CHECK_THAT(message_of(folder / "none.pt", small(), 2), Catch::Contains("no such file"));
    std::ofstream(folder / "text.pt") << "x,y\n1,2\n";
    CHECK_THAT(message_of(folder / "text.pt", small(), 2), Catch::Contains("not a file of"));
    CHECK_THROWS_AS(save_weights(folder / "missing" / "weights.pt", some_weights()), Error);

    SavedWeights gap = some_weights();
    gap.models.back().round = 2;
    save_weights(folder / "gap.pt", gap);
    CHECK_THAT(message_of(folder / "gap.pt", small(), 2), Catch::Contains("damaged"));
    SavedWeights lost = some_weights();
    lost.models[1].network.set_weights(torch::full_like(lost.models[1].network.weights(), NAN));
    save_weights(folder / "lost.pt", lost);
    CHECK_THAT(message_of(folder / "lost.pt", small(), 2), Catch::Contains("damaged"));

    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    CHECK_THAT(message_of(file, small(), 2), Catch::Contains("weights.pt"));
    std::filesystem::remove_all(folder);
}

TEST_CASE("one bit changed on the disk is noticed") {
    const std::filesystem::path folder = fresh_folder();
    const std::filesystem::path file = folder / "weights.pt";
    const SavedWeights weights = some_weights();
    save_weights(file, weights);
    std::string bytes;
    {
        std::ifstream stream(file, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(stream), {});
    }
    // Where the last reach begins, whose numbers are seen nowhere else, and all over the file but
    // for its last bytes, the checksum's length.
    const double reach = weights.models.back().network.reach().low[0];
    const std::size_t at = bytes.rfind(std::string(reinterpret_cast<const char*>(&reach), 8));
    REQUIRE(at != std::string::npos);
    std::vector<std::size_t> places{at + 7};
    for (std::size_t place = 0; place + 18 < bytes.size(); place += bytes.size() / 50)
        places.push_back(place);
    for (const std::size_t place : places) {
        std::string changed = bytes;
        changed[place] = static_cast<char>(changed[place] ^ 0x80);
        std::ofstream(file, std::ios::binary) << changed;
        CHECK_THAT(message_of(file, small(), 2), Catch::Contains("damaged"));
    }
    std::filesystem::remove_all(folder);
}

TEST_CASE("weights that do not fit on the disk leave the old ones and nothing else") {
    const std::filesystem::path folder = fresh_folder();
    const std::filesystem::path file = folder / "weights.pt";
    save_weights(file, some_weights());
    const auto written = std::filesystem::file_size(file);
    SavedWeights others = some_weights();
    others.models.pop_back();
    {
        // A file that may not grow, in place of a disk that is full.
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small_files{1000, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &small_files);
        CHECK_THROWS_AS(save_weights(file, others), Error);
        setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
    }
    CHECK(std::filesystem::file_size(file) == written);
    CHECK(load_weights(file, small(), 2, torch::kCPU).models.size() == 3);
    CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 1);
    std::filesystem::remove_all(folder);
}
