#include "tests/test.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/model/network.hpp"
#include "core/model/position_features.hpp"
#include "core/model/time_features.hpp"

using namespace driftglass;

namespace {

const std::vector<Prediction> kinds = {Prediction::velocity, Prediction::noise, Prediction::data,
                                       Prediction::score, Prediction::salimans_ho};

std::vector<std::unique_ptr<const Schedule>> schedules() {
    std::vector<std::unique_ptr<const Schedule>> all;
    for (const ScheduleKind kind : {ScheduleKind::linear, ScheduleKind::vp_linear,
                                    ScheduleKind::vp_cosine, ScheduleKind::ve, ScheduleKind::edm}) {
        PathSettings settings;
        settings.schedule = kind;
        all.push_back(make_schedule(settings));
    }
    return all;
}

/// A network whose last layer is not zero, so that all of it shows.
Network random_network(int dimension, int labels, ModelSettings settings = {}) {
    Network network(settings, dimension, labels, {{0.5, -1}, 1.5, {}, 1}, torch::kCPU, 3);
    const auto generator = at::detail::createCPUGenerator(4);
    network.set_weights(network.weights() +
                        0.05 * torch::randn(network.weights().sizes(), generator));
    return network;
}

torch::Tensor positions(std::int64_t n, int dimension) {
    return torch::randn({n, dimension}, at::detail::createCPUGenerator(5)) * 2;
}

double largest(const torch::Tensor& difference) {
    return difference.abs().max().item<double>();
}

}  // namespace

TEST_CASE("the normalised velocity gives back every prediction's target") {
    const Normalisation n{{0.7, -2}, 0.4, {0.1, 0.3}, 1.7};
    const double x0[2] = {1.3, -0.2}, x1[2] = {-0.4, 2.2};
    for (const auto& schedule : schedules()) {
        for (const double t : {0.01, 0.3, 0.8, 1.0}) {
            const Coefficients at = schedule->at(t);
            for (const Prediction kind : kinds) {
                const Affine a = affine(n, at, kind);
                const TargetWeights target = target_weights(kind, at);
                CHECK(a.cos * a.cos + a.sin * a.sin == Approx(1));
                for (int k = 0; k < 2; ++k) {
                    const double z0 = (x0[k] - n.data_mean[k]) / n.data_std;
                    const double z1 = (x1[k] - n.source_mean[k]) / n.source_std;
                    const double z =
                        (at.alpha * x0[k] + at.sigma * x1[k] - a.shift[k]) * a.inverse_r;
                    const double f = -a.sin * z0 + a.cos * z1;
                    CHECK(z == Approx(a.cos * z0 + a.sin * z1).margin(1e-9));
                    const double wanted = target.x0 * x0[k] + target.x1 * x1[k];
                    CHECK(a.offset[k] + a.skip * z + a.out * f ==
                          Approx(wanted).margin(1e-9 * (1 + std::abs(a.out))));
                }
            }
        }
    }
}

TEST_CASE("a fresh network is the field of a Gaussian") {
    const Normalisation n{{0.7, -2}, 0.4, {}, 1};
    const torch::Tensor mean = torch::tensor({0.7, -2.0}, torch::kFloat64);
    const Network network({}, 2, 0, n, torch::kCPU, 1);
    const torch::Tensor x = positions(50, 2);
    const torch::Tensor wide = x.to(torch::kFloat64);
    for (const auto& schedule : schedules()) {
        for (const double t : {0.05, 0.5, 0.95}) {
            const Coefficients at = schedule->at(t);
            const double variance = std::pow(at.alpha * 0.4, 2) + std::pow(at.sigma, 2);
            const torch::Tensor score = -(wide - at.alpha * mean) / variance;
            const torch::Tensor noise = -at.sigma * score;
            const torch::Tensor data = (wide - at.sigma * noise) / at.alpha;
            const torch::Tensor wanted[] = {at.alpha_prime * data + at.sigma_prime * noise, noise,
                                            data, score, at.alpha * noise - at.sigma * data};
            for (const Prediction kind : kinds) {
                const torch::Tensor value =
                    network.evaluate(kind, *schedule, x, torch::scalar_tensor(t, torch::kFloat64));
                const torch::Tensor& expected = wanted[static_cast<int>(kind)];
                // float32, relative to the largest value
                CHECK(largest(value - expected) < 2e-5 * (1 + largest(expected)));
            }
        }
    }
}

TEST_CASE("evaluation, prediction and divergence agree") {
    PathSettings path;
    const auto schedule = make_schedule(path);
    for (const int d : {1, 2}) {
        const Network network = random_network(d, 3);
        for (const std::int64_t n : {0, 1, 700}) {
            const torch::Tensor x = positions(n, d);
            const torch::Tensor label = torch::arange(n, torch::kInt64).remainder(5) - 1;
            const torch::Tensor times = torch::linspace(0.01, 0.99, n, torch::kFloat64);
            for (const torch::Tensor& t : {times, torch::scalar_tensor(0.4, torch::kFloat64)}) {
                const torch::Tensor fast =
                    network.evaluate(Prediction::velocity, *schedule, x, t, label);
                const torch::Tensor slow =
                    network.predict(Prediction::velocity, *schedule, x, t, label);
                REQUIRE(fast.sizes() == x.sizes());
                if (n == 0) continue;
                CHECK(largest(fast - slow) < 1e-5);  // float32 sums in another order

                const auto [value, divergence] =
                    network.predict_with_divergence(Prediction::velocity, *schedule, x, t, label);
                CHECK(largest(value - slow) < 1e-5);
                torch::Tensor by_autograd = torch::zeros({n});
                const torch::Tensor leaf = x.clone().requires_grad_();
                const torch::Tensor v =
                    network.predict(Prediction::velocity, *schedule, leaf, t, label);
                for (int j = 0; j < d; ++j) {
                    const torch::Tensor g =
                        torch::autograd::grad({v.select(1, j).sum()}, {leaf}, {}, true)[0];
                    by_autograd += g.select(1, j);
                }
                CHECK(largest(divergence - by_autograd) < 1e-4);
            }
        }
    }
}

TEST_CASE("far from the data a prediction leads back to them") {
    const auto schedule = make_schedule({});
    const torch::Tensor x = 40 * positions(200, 2);
    for (const bool far_off : {false, true}) {
        Network network = random_network(2, 0);
        const double wide = far_off ? 0.7 : 1e6;
        network.set_reach({{-wide, -wide}, {wide, 2 * wide}});
        for (const double time : {1e-5, 0.01, 0.4, 0.999}) {
            const torch::Tensor t = torch::scalar_tensor(time, torch::kFloat64);
            const torch::Tensor data = network.evaluate(Prediction::data, *schedule, x, t);
            const Normalisation& n = network.normalisation();
            const torch::Tensor mean = torch::tensor({n.data_mean[0], n.data_mean[1]});
            const torch::Tensor z0 = (data - mean) / n.data_std;
            // Within rounding of positions of 100 or so; at the first time sin is taken larger.
            if (far_off && time > 1e-3) {
                CHECK(z0.abs().max().item<double>() < 1.4 + 1e-3);
                CHECK(z0.min().item<double>() > -0.7 - 1e-3);
            }
            const torch::Tensor fast = network.evaluate(Prediction::velocity, *schedule, x, t);
            const torch::Tensor leaf = x.clone().requires_grad_();
            const torch::Tensor slow = network.predict(Prediction::velocity, *schedule, leaf, t);
            CHECK(fast.isfinite().all().item<bool>());
            const double scale = fast.abs().max().item<double>();
            CHECK(largest(fast - slow.detach()) < 1e-4 * scale);
            const torch::Tensor divergence =
                network.predict_with_divergence(Prediction::velocity, *schedule, x, t).second;
            torch::Tensor by_autograd = torch::zeros({x.size(0)});
            for (int j = 0; j < 2; ++j)
                by_autograd +=
                    torch::autograd::grad({slow.select(1, j).sum()}, {leaf}, {}, true)[0].select(1,
                                                                                                 j);
            CHECK(largest(divergence - by_autograd) <
                  1e-4 * (1 + by_autograd.abs().max().item<double>()));
        }
    }
}

TEST_CASE("the layers' divergence equals finite differences") {
    const Network network = random_network(2, 0);
    const std::vector<Layer> layers =
        layers_of(network.weights().to(torch::kFloat64), network.shape());
    const torch::Tensor z = positions(20, 2).to(torch::kFloat64);
    const torch::Tensor rest = torch::full({1, time_feature_count}, 0.3, torch::kFloat64);
    const torch::Tensor divergence =
        apply_layers_with_slopes(layers, position_features(z), position_tangents(z), rest)
            .second.sum(1);
    const auto f = [&](const torch::Tensor& at) {
        return apply_layers(layers, position_features(at), rest);
    };
    torch::Tensor differences = torch::zeros({20}, torch::kFloat64);
    const double h = 1e-4;  // error h^2 times a third derivative of order one
    for (int j = 0; j < 2; ++j) {
        torch::Tensor step = torch::zeros({1, 2}, torch::kFloat64);
        step[0][j] = h;
        differences += (f(z + step) - f(z - step)).select(1, j) / (2 * h);
    }
    CHECK(largest(divergence - differences) < 1e-6);
}

TEST_CASE(
    "labels change the prediction, unknown ones and -1 count as none, and rows can be added") {
    const auto schedule = make_schedule({});
    Network network = random_network(2, 2);
    const torch::Tensor x = positions(10, 2);
    const torch::Tensor t = torch::scalar_tensor(0.5, torch::kFloat64);
    const auto at_label = [&](int label) {
        return network.evaluate(Prediction::velocity, *schedule, x, t,
                                torch::full({10}, label, torch::kInt64));
    };
    const torch::Tensor none = network.evaluate(Prediction::velocity, *schedule, x, t);
    const torch::Tensor one = at_label(1);
    // The same sums, taken over the rows in another order: float32 rounding apart.
    CHECK(largest(at_label(-1) - none) < 1e-6);
    CHECK(largest(at_label(7) - none) < 1e-6);
    CHECK(largest(one - none) > 1e-3);
    network.grow_labels(5);
    CHECK(network.labels() == 5);
    CHECK(largest(at_label(1) - one) < 1e-6);
    CHECK(largest(at_label(4) - none) < 1e-6);
}

TEST_CASE("copies of a network share nothing") {
    Network network = random_network(2, 0);
    const Network copy = network;
    network.set_weights(torch::zeros_like(network.weights()));
    CHECK(largest(copy.weights()) > 0);
}

TEST_CASE("model settings out of range are refused by name") {
    ModelSettings settings;
    settings.width = 4;
    CHECK_THROWS_WITH(Network(settings, 2, 0, {}, torch::kCPU, 0), Catch::Contains("model.width"));
    settings = {};
    settings.depth = 9;
    CHECK_THROWS_WITH(Network(settings, 2, 0, {}, torch::kCPU, 0), Catch::Contains("model.depth"));
}

TEST_CASE("position features by hand are those of the operators") {
    for (const int dimension : {1, 2}) {
        // Near, at the range of the fast sine and beyond, and what is no number.
        for (const double scale : {0.0, 1.0, 30.0, 900.0, 1e4, 1e30}) {
            torch::Tensor z = positions(257, dimension).clamp(-1, 1) * scale;
            const torch::Tensor expected = position_features(z.to(torch::kFloat64));
            torch::Tensor rows = torch::full({257, position_columns(dimension) + 3}, 7.0F);
            rows.narrow(1, 0, dimension).copy_(z);
            write_position_waves(rows.data_ptr<float>(), rows.size(1), 257, dimension);
            INFO("D = " << dimension << ", scale " << scale);
            // A phase is rounded to float32 before its sine is taken.
            const double rounding = 4 * scale * 1.2e-7 * 2;
            const torch::Tensor written = rows.narrow(1, 0, position_columns(dimension));
            CHECK(rows.narrow(1, position_columns(dimension), 3).eq(7).all().item<bool>());
            if (rounding < 0.5) {
                CHECK(largest(written - expected) < 2e-6 + rounding + scale * 1e-6);
            }
            const torch::Tensor waves = written.narrow(1, dimension, 2 * position_waves);
            CHECK(waves.abs().max().item<double>() <= 1 + 1e-6);
        }
        torch::Tensor row = torch::zeros({1, position_columns(dimension)});
        row[0][0] = std::nan("");
        write_position_waves(row.data_ptr<float>(), row.size(1), 1, dimension);
        CHECK(row.isnan().narrow(1, dimension, 2 * position_waves).all().item<bool>());
    }
}
