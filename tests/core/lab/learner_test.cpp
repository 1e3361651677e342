// What the lab trains: what an edit keeps of the weights, and how bad ones are left behind.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/error.hpp"
#include "core/lab/learner.hpp"

#include "core/lab/source_law.hpp"
#include "core/lab/view_field.hpp"
#include "core/measure/distances.hpp"
#include "core/sample/sampler.hpp"
#include "tests/core/lab/scenes.hpp"

using namespace driftglass;
using namespace driftglass::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

Setup setup_of(const Scene& scene, const Setup* before = nullptr) {
    return make_setup(std::make_shared<const Scene>(scene), before);
}

}  // namespace

TEST_CASE("weights that are not finite give way to the last good ones", "[learner]") {
    const Setup setup = setup_of(small_scene());
    Learner learner(setup, torch::kCPU);
    learner.train(1h, 20);
    CHECK(learner.step() == 20);
    const torch::Tensor good = learner.latest()->network->weights().clone();

    // A round of reflow on pairs that are not finite: nothing good was ever there.
    const torch::Tensor bad = torch::full({64, 2}, std::numeric_limits<float>::quiet_NaN());
    learner.push_round(setup, {bad, torch::zeros({64, 2}), {}});
    CHECK(learner.round() == 1);
    for (int i = 0; i < 10 && !learner.diverged(); ++i)
        learner.train(10ms);
    REQUIRE(learner.diverged());
    CHECK_FALSE(learner.can_train());
    CHECK(learner.restore_good(setup) == 20);
    CHECK(learner.round() == 0);
    CHECK(learner.can_train());
    CHECK(torch::equal(learner.latest()->network->weights(), good));
    CHECK(std::isnan(learner.loss()));
    learner.train(1h, 5);
    CHECK(learner.step() == 25);
    CHECK(std::isfinite(learner.read_loss()));

    // The same seed, so the fresh weights are the first ones.
    learner.restart(setup);
    Learner other(setup, torch::kCPU);
    CHECK(learner.step() == 0);
    CHECK(torch::equal(learner.latest()->network->weights(), other.latest()->network->weights()));
}

TEST_CASE("good weights are finite, whatever the loss before the last step was", "[learner]") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / "driftglass_learner_test.pt";
    Scene scene = small_scene();
    // Units as large as a float can be, which the last layer, zero as yet, does not see: the loss
    // is finite, and its gradient is not.
    const Setup unloaded = setup_of(scene);
    SavedWeights saved = Learner(unloaded, torch::kCPU).saved(unloaded, {});
    Network& network = saved.models[0].network;
    const torch::Tensor weights = network.weights().clone();
    const std::vector<Layer> layers = layers_of(weights, network.shape());
    layers[0].bias.fill_(3e38);
    layers[1].bias.fill_(100);
    network.set_weights(weights);
    save_weights(file, saved);
    scene.folder = file.parent_path();
    scene.weights = file.filename();
    const Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    learner.train(1h, 1);
    CHECK_FALSE(learner.diverged());
    CHECK_FALSE(learner.latest()->network->weights().isfinite().all().item<bool>());
    learner.train(1h, 1);
    REQUIRE(learner.diverged());
    learner.restore_good(setup);
    CHECK(torch::equal(learner.latest()->network->weights(), weights));
    std::filesystem::remove(file);
}

TEST_CASE("an edit keeps of the weights what still holds", "[learner]") {
    Scene scene = small_scene();
    const Setup first = setup_of(scene);
    Learner learner(first, torch::kCPU);
    learner.train(1h, 30);
    const ModelPtr before = learner.latest();
    CHECK(learner.latest() == before);  // nothing was trained: the same model

    Scene other_path = scene;
    other_path.path.schedule = ScheduleKind::vp_cosine;
    const Setup second = setup_of(other_path, &first);
    CHECK_FALSE(learner.follow(second, scene));
    CHECK(learner.step() == 30);
    CHECK(torch::equal(learner.latest()->network->weights(), before->network->weights()));
    CHECK(learner.latest()->schedule == second.schedule);

    Scene other_data = other_path;
    other_data.data.strokes.pop_back();
    const Setup third = setup_of(other_data, &second);
    CHECK(third.schedule == second.schedule);
    CHECK_FALSE(learner.follow(third, other_path));
    CHECK(learner.step() == 30);

    Scene coupled = other_data;
    coupled.coupling.kind = CouplingKind::minibatch_ot;
    const Setup fourth = setup_of(coupled, &third);
    CHECK_FALSE(learner.follow(fourth, other_data));
    CHECK_FALSE(learner.latest()->has_score);

    Scene wider = coupled;
    wider.model.width = 24;
    const Setup fifth = setup_of(wider, &fourth);
    CHECK(learner.follow(fifth, coupled));
    CHECK(learner.step() == 0);

    // What the trainer refuses leaves all as it was.
    Scene noise = wider;
    noise.model.prediction = Prediction::noise;
    const Setup sixth = setup_of(noise, &fifth);
    const ModelPtr kept = learner.latest();
    CHECK_THROWS_WITH(learner.follow(sixth, wider), Contains("model.prediction"));
    CHECK(learner.latest() == kept);
}

TEST_CASE("training that goes on with another coupling learns from that one's source",
          "[learner]") {
    // Away from the origin and narrower than the source, so that a wrong mean or width shows.
    Scene scene = small_scene();
    scene.data = {};
    scene.data.kind = DataKind::mixture;
    scene.data.mixture = {{{0, 0.2}, 0.2, 1, 0}, {{0.8, 0.2}, 0.2, 1, 0}};
    scene.training.batch = 256;
    scene.coupling.s = 0.8;
    for (const CouplingKind kind : {CouplingKind::diffusion, CouplingKind::independent}) {
        INFO(name_of(kind));
        Scene before = scene, now = scene;
        now.coupling.kind = kind;
        if (kind == CouplingKind::independent) before.coupling.kind = CouplingKind::diffusion;
        const Setup first = setup_of(before);
        Learner learner(first, torch::kCPU);
        learner.train(1h, 600);
        const Setup second = setup_of(now, &first);
        learner.follow(second, before);
        learner.train(1h, 1200);
        SamplerSettings sampler;
        const torch::Tensor ends = sample(*learner.latest()->field(),
                                          second.starts(*second.schedule, 2000, 5), {}, sampler, {})
                                       .end;
        Random random(6);
        const auto law = target_law(second);
        // Floor 0.04: from the source of the coupling before, 0.2 and more.
        CHECK(w2(numbers_of(ends), law->draw(2000, random).x, 2) <
              2.5 * w2_floor(*law, 2000, 2, random).mean);
    }
}

TEST_CASE("another pairing keeps the weights before it, another path does not", "[learner]") {
    Scene scene = small_scene();
    const Setup first = setup_of(scene);
    Learner learner(first, torch::kCPU);
    learner.train(1h, 40);
    const std::vector<std::int64_t> steps = learner.kept_steps();
    REQUIRE_FALSE(steps.empty());
    const ModelPtr earlier = learner.model(-1, steps.back());

    Scene coupled = scene;
    coupled.coupling.kind = CouplingKind::minibatch_ot;
    const Setup second = setup_of(coupled, &first);
    learner.follow(second, scene);
    learner.train(1h, 40);
    CHECK(learner.model(-1, steps.back()) == earlier);
    const std::vector<std::int64_t> all = learner.kept_steps();
    CHECK(all.size() > steps.size());
    CHECK(std::is_sorted(all.begin(), all.end()));

    Scene elsewhere = coupled;
    elsewhere.path.schedule = ScheduleKind::vp_cosine;
    learner.follow(setup_of(elsewhere, &second), coupled);
    CHECK(learner.kept_steps().empty());
}

namespace {

/// Another device as far as the learner knows: it makes everything anew there.
const torch::Device elsewhere(torch::kCPU, 0);

Pairs some_pairs() {
    const torch::Tensor x1 = torch::randn({200, 2}, at::detail::createCPUGenerator(3));
    return {x1 / 2 + 1, x1, {}};
}

bool same_weights(const ModelPtr& a, const ModelPtr& b) {
    return torch::equal(a->network->weights(), b->network->weights());
}

/// Guided by a classifier in its second view.
Scene guided_scene() {
    Scene scene = small_scene();
    scene.views[1].guidance.kind = GuidanceKind::classifier;
    scene.views[1].guidance.label = 1;
    return scene;
}

}  // namespace

TEST_CASE("another device goes on with every round, the weights kept and the rate", "[learner]") {
    const Setup setup = setup_of(guided_scene());
    Learner learner(setup, torch::kCPU);
    learner.train(1h, 60);
    const std::vector<std::int64_t> kept = learner.kept_steps();
    REQUIRE(kept.size() > 5);
    learner.push_round(setup, some_pairs());
    learner.train(1h, 40);
    const ModelPtr first = learner.model(0, -1), early = learner.model(0, 20);
    const ModelPtr last = learner.latest();
    REQUIRE(first->classifier);
    const std::size_t losses = learner.losses().steps().size();
    REQUIRE(losses > 0);

    learner.move_to(setup, elsewhere, false);
    CHECK(learner.device() == elsewhere);
    CHECK(learner.round() == 1);
    CHECK(learner.step() == 40);
    CHECK(learner.losses().steps().size() == losses);
    CHECK(learner.latest() != last);
    CHECK(learner.latest()->round == 1);
    CHECK_FALSE(learner.latest()->has_score);
    CHECK(same_weights(learner.latest(), last));
    CHECK(same_weights(learner.model(0, -1), first));
    CHECK(same_weights(learner.model(0, 20), early));
    CHECK(learner.model(0, 20)->step == early->step);
    REQUIRE(learner.model(0, -1)->classifier);
    CHECK(torch::equal(learner.model(0, -1)->classifier->weights(), first->classifier->weights()));
    CHECK(torch::equal(learner.pairs(1).x1, some_pairs().x1));
    learner.train(1h, 5);
    CHECK(learner.step() == 45);
    CHECK(std::isfinite(learner.read_loss()));

    learner.pop_rounds(0);
    CHECK(learner.step() == 60);
    CHECK(learner.kept_steps() == kept);
}

TEST_CASE("a device that is lost leaves the last good weights", "[learner]") {
    const Scene scene = guided_scene();
    const Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    learner.train(1h, 60);
    learner.push_round(setup, some_pairs());
    learner.train(1h, 20);
    const ModelPtr first = learner.model(0, -1), good = learner.latest();
    learner.train(1h, 5);
    REQUIRE(learner.step() == 25);

    learner.move_to(setup, elsewhere, true);
    CHECK(learner.round() == 1);
    CHECK(learner.step() == 20);
    CHECK(same_weights(learner.latest(), good));
    CHECK(same_weights(learner.model(0, -1), first));
    CHECK(learner.model(0, -1)->step == 60);
    CHECK(learner.model(0, -1)->classifier);
    CHECK_THROWS_WITH(learner.model(0, 20), Contains("not kept"));
    learner.train(1h, 40);
    CHECK(learner.step() == 60);
    CHECK(std::isfinite(learner.loss()));

    // An edit, too, leaves weights to go on from.
    learner.pop_rounds(0);
    Scene other_path = scene;
    other_path.path.schedule = ScheduleKind::vp_cosine;
    const Setup next = setup_of(other_path, &setup);
    learner.follow(next, scene);
    const ModelPtr edited = learner.latest();
    learner.move_to(next, torch::kCPU, true);
    CHECK(learner.step() == 60);
    CHECK(same_weights(learner.latest(), edited));
}

TEST_CASE("which weights are kept does not depend on the speed of the machine", "[learner]") {
    const Setup setup = setup_of(small_scene());
    Learner slow(setup, torch::kCPU), fast(setup, torch::kCPU);
    while (slow.step() < 200)
        slow.train(1us, 200 - slow.step());
    fast.train(1h, 200);
    CHECK(fast.step() == 200);
    CHECK(slow.kept_steps() == fast.kept_steps());
    CHECK(slow.kept_steps().size() > 20);
    CHECK(slow.kept_steps().front() == 1);
    for (const std::int64_t step : {1, 57, 199})
        CHECK(torch::equal(slow.model(-1, step)->network->weights(),
                           fast.model(-1, step)->network->weights()));
}

TEST_CASE("weights of earlier steps are kept, and those that are not are named", "[learner]") {
    const Setup setup = setup_of(small_scene());
    Learner learner(setup, torch::kCPU);
    for (int i = 0; i < 60; ++i)
        learner.train(1h, 5);
    CHECK(learner.step() == 300);
    const ModelPtr early = learner.model(-1, 40);
    CHECK(early->step <= 40);
    CHECK(early->step > 20);
    CHECK(learner.model(0, 40) == early);
    CHECK(learner.model(-1, -1) == learner.latest());
    CHECK_THROWS_WITH(learner.model(1, -1), Contains("Round 1"));
    CHECK_THROWS_WITH(learner.model(0, 0), Contains("step 0"));
}

TEST_CASE("a classifier learns beside the model only where a view is guided by one", "[learner]") {
    Scene scene = small_scene();
    const Setup first = setup_of(scene);
    Learner learner(first, torch::kCPU);
    learner.train(1h, 10);
    CHECK_FALSE(learner.latest()->classifier);

    Scene guided = scene;
    guided.views[1].guidance.kind = GuidanceKind::classifier;
    guided.views[1].guidance.label = 1;
    const Setup second = setup_of(guided, &first);
    CHECK_FALSE(learner.follow(second, scene));
    FieldParts parts;
    parts.model = learner.latest();
    CHECK_THROWS_WITH(view_field(guided.views[1], parts, second), Contains("not learnt yet"));
    learner.train(1h, 10);
    parts.model = learner.latest();
    REQUIRE(parts.model->classifier);
    const std::shared_ptr<const Field> field = view_field(guided.views[1], parts, second);
    const torch::Tensor x = torch::randn({5, 2});
    CHECK(field->velocity(x, at_time(0.5)).isfinite().all().item<bool>());
    CHECK(field->divergence(x, at_time(0.5)).isfinite().all().item<bool>());

    // It follows the model to another path and to the same device again.
    Scene other_path = guided;
    other_path.path.schedule = ScheduleKind::vp_cosine;
    const Setup third = setup_of(other_path, &second);
    learner.follow(third, guided);
    REQUIRE(learner.latest()->classifier);
    CHECK(
        torch::equal(learner.latest()->classifier->weights(), parts.model->classifier->weights()));

    // One class has nothing to be told from.
    Scene one_class = guided;
    one_class.data.strokes.erase(one_class.data.strokes.begin());
    const Setup fourth = setup_of(one_class, &third);
    CHECK_THROWS_WITH(view_field(guided.views[1], parts, fourth), Contains("second class"));
}

TEST_CASE("a file of weights opens as every round that it was", "[learner]") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / "driftglass_rounds_test.pt";
    Scene scene = guided_scene();
    scene.reflow.rounds = 1;
    const Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    learner.train(1h, 60);
    learner.push_round(setup, some_pairs());
    learner.train(1h, 40);
    const ModelPtr early = learner.model(0, 20), first = learner.model(0, -1);
    const ModelPtr late = learner.model(0, 60), middle = learner.model(1, 30);
    REQUIRE(first->classifier);
    save_weights(file, learner.saved(setup, {middle, early, late, nullptr}));

    Scene loaded = scene;
    loaded.folder = file.parent_path();
    loaded.weights = file.filename();
    const Setup again = setup_of(loaded);
    Learner back(again, torch::kCPU);
    CHECK(back.loaded());
    CHECK(back.round() == 1);
    CHECK(back.step() == 40);
    CHECK_FALSE(back.latest()->has_score);
    CHECK(back.latest()->schedule->at(0.25).alpha == 0.75);
    CHECK(same_weights(back.latest(), learner.latest()));
    CHECK(back.model(0, -1)->has_score);
    CHECK(back.model(0, -1)->step == 60);
    CHECK(same_weights(back.model(0, -1), first));
    CHECK(torch::equal(back.model(0, -1)->classifier->weights(), first->classifier->weights()));
    CHECK(same_weights(back.model(0, 20), early));
    CHECK(back.model(0, 20)->step == early->step);
    REQUIRE(back.model(0, 20)->classifier);
    CHECK(same_weights(back.model(0, 60), late));
    CHECK(same_weights(back.model(1, 30), middle));
    CHECK(back.kept_steps() == std::vector<std::int64_t>{middle->step});
    // Not what lies before a gap.
    CHECK_THROWS_WITH(back.model(0, 45), Contains("step 45") && Contains("file of weights"));
    CHECK_THROWS_WITH(back.model(0, 10), Contains("file of weights"));

    // Without pairs a round trains no further; with them it goes on.
    CHECK(back.needs_pairs());
    CHECK_FALSE(back.can_train());
    CHECK(back.train(1h, 5) == 0);
    back.set_pairs(again, some_pairs());
    CHECK_FALSE(back.needs_pairs());
    CHECK(same_weights(back.latest(), learner.latest()));
    back.train(1h, 5);
    CHECK(back.step() == 45);
    CHECK(back.kept_steps().front() == middle->step);

    // A scene without rounds opens what was before them.
    loaded.reflow.rounds = 0;
    Learner before(setup_of(loaded), torch::kCPU);
    CHECK(before.round() == 0);
    CHECK(same_weights(before.latest(), first));
    std::filesystem::remove(file);
}

TEST_CASE("weights of another problem than the scene's are refused by its key", "[learner]") {
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / "driftglass_problem_test.pt";
    Scene scene = small_scene();
    scene.coupling.kind = CouplingKind::minibatch_ot;
    scene.source.kind = SourceKind::uniform;
    scene.reflow.rounds = 1;
    scene.path.schedule = ScheduleKind::ve;
    const Setup setup = setup_of(scene);
    Learner learner(setup, torch::kCPU);
    learner.push_round(setup, some_pairs());
    save_weights(file, learner.saved(setup, {}));
    scene.folder = file.parent_path();
    scene.weights = file.filename();
    CHECK(Learner(setup_of(scene), torch::kCPU).round() == 1);

    const auto refusal = [](const Scene& other) -> std::string {
        try {
            Learner(setup_of(other), torch::kCPU);
        } catch (const Error& error) {
            return error.what();
        }
        return "";
    };
    Scene other = scene;
    other.source.kind = SourceKind::gaussian;
    CHECK_THAT(refusal(other), Catch::StartsWith("weights: ") && Contains("source.kind uniform") &&
                                   Contains("says gaussian"));
    other = scene;
    other.coupling.kind = CouplingKind::independent;
    CHECK_THAT(refusal(other), Contains("coupling.kind minibatch-ot"));
    // Rounds start where the path that they were made on did; what was before them, anywhere.
    other = scene;
    other.path.schedule = ScheduleKind::linear;
    CHECK_THAT(refusal(other), Contains("path"));
    other.reflow.rounds = 0;
    CHECK(refusal(other).empty());
    other.weights = "gone.pt";
    CHECK_THAT(refusal(other), Catch::StartsWith("weights: ") && Contains("gone.pt"));
    std::filesystem::remove(file);
}
