#include "core/lab/paired_draws.hpp"

#include "core/lab/source_law.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

Setup setup_with_labels(int dimension) {
    auto scene = std::make_shared<Scene>();
    scene->dimension = dimension;
    scene->data = {};
    scene->data.kind = DataKind::mixture;
    scene->data.mixture = {{{-1, 0}, 0.2, 1, 0}, {{2, 0}, 0.2, 3, 1}};
    scene->data.count = 1000;
    scene->training.label_dropout = 0.25;
    return make_setup(scene, nullptr);
}

}  // namespace

TEST_CASE("an even spread has the laws of training's draws, with less scatter", "[lab]") {
    constexpr std::int64_t count = 512;
    for (const int dimension : {1, 2}) {
        const Setup setup = setup_with_labels(dimension);
        const auto share_of = [&](const PairedDraws& draws, int label) {
            return (draws.label == label).to(torch::kFloat64).mean().item<double>();
        };
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const PairedDraws draws = paired_draws(setup, count, seed, Spread::even);
            REQUIRE(draws.x0.sizes() == torch::IntArrayRef({count, dimension}));
            REQUIRE(draws.x1.sizes() == draws.x0.sizes());
            // Independent draws scatter by 1 / sqrt(512) = 0.044 and, of the hidden share, 0.019.
            CHECK(draws.x1.mean(0).abs().max().item<double>() < 0.02);
            CHECK((draws.x1.std(0) - 1).abs().max().item<double>() < 0.02);
            CHECK(share_of(draws, -1) == Approx(0.25).margin(0.008));
            CHECK(share_of(draws, 0) + share_of(draws, 1) + share_of(draws, -1) == Approx(1));
            const torch::Tensor whole = positions_of(*setup.data);
            CHECK((draws.x0.mean(0) - whole.mean(0)).abs().max().item<double>() < 0.15);
        }
        // Other seeds are other draws; the same seed the same.
        const auto x1 = [&](std::uint64_t seed) {
            return paired_draws(setup, count, seed, Spread::even).x1;
        };
        CHECK(torch::equal(x1(1), x1(1)));
        CHECK_FALSE(torch::equal(x1(1), x1(2)));
    }
}

TEST_CASE("an even spread serves fewer points than draws, and more", "[lab]") {
    auto scene = std::make_shared<Scene>();
    scene->data = {};
    scene->data.kind = DataKind::points;
    scene->data.points = std::make_shared<const PointSet>(PointSet{2, {0, 0, 1, 1, 2, 2}, {}});
    const Setup setup = make_setup(scene, nullptr);
    const torch::Tensor few = paired_draws(setup, 512, 1, Spread::even).x0.select(1, 0);
    for (const int value : {0, 1, 2}) {
        const double share = (few == value).to(torch::kFloat64).mean().item<double>();
        CHECK(share == Approx(1.0 / 3).margin(0.003));
    }
    const torch::Tensor two = paired_draws(setup, 2, 1, Spread::even).x0.select(1, 0);
    CHECK(two[0].item<float>() != two[1].item<float>());
}
