#include "core/path/conversion.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace driftglass;

namespace {

struct Case {
    torch::Tensor x0;
    torch::Tensor x1;
    torch::Tensor x;
    PathTensors path;

    torch::Tensor of(Prediction kind) const {
        switch (kind) {
            case Prediction::velocity:
                return path.alpha_prime * x0 + path.sigma_prime * x1;
            case Prediction::noise:
                return x1;
            case Prediction::data:
                return x0;
            case Prediction::score:
                return -x1 / path.sigma;
            case Prediction::salimans_ho:
                return path.alpha * x1 - path.sigma * x0;
        }
        return {};
    }
};

Case make_case(ScheduleKind kind, double t) {
    PathSettings settings;
    settings.schedule = kind;
    settings.knots = {{1, 0}, {0.5, 0.6}, {0, 1}};
    const auto schedule = make_schedule(settings);
    auto generator = torch::make_generator<torch::CPUGeneratorImpl>(3);
    Case c;
    c.x0 = torch::randn({64, 2}, generator);
    c.x1 = torch::randn({64, 2}, generator);
    c.path = path_tensors(*schedule, torch::full({64}, t, torch::kFloat64), torch::kCPU);
    c.x = c.path.alpha * c.x0 + c.path.sigma * c.x1;
    return c;
}

}  // namespace

TEST_CASE("path tensors take one time or many") {
    const auto schedule = make_schedule(PathSettings{});
    const PathTensors one =
        path_tensors(*schedule, torch::scalar_tensor(0.25, torch::kFloat64), torch::kCPU);
    CHECK(one.alpha.dim() == 0);
    CHECK(one.alpha.item<float>() == 0.75f);
    const PathTensors many =
        path_tensors(*schedule, torch::tensor({0.0, 0.5, 1.0}, torch::kFloat64), torch::kCPU);
    REQUIRE(many.sigma.sizes() == torch::IntArrayRef({3, 1}));
    CHECK(many.sigma[1].item<float>() == 0.5f);
    CHECK(many.sigma.scalar_type() == torch::kFloat32);
    const PathTensors none =
        path_tensors(*schedule, torch::empty({0}, torch::kFloat64), torch::kCPU);
    CHECK(none.alpha.sizes() == torch::IntArrayRef({0, 1}));
}

TEST_CASE("every pair of kinds converts, and back") {
    for (const auto& schedule : choices(ScheduleKind{})) {
        for (const double t : {1e-3, 0.02, 0.3, 0.5, 0.9, 1 - 1e-3}) {
            const Case c = make_case(schedule.value, t);
            const float alpha = c.path.alpha[0].item<float>();
            const float sigma = c.path.sigma[0].item<float>();
            for (const auto& from : choices(Prediction{})) {
                for (const auto& to : choices(Prediction{})) {
                    INFO(schedule.name << " t = " << t << ": " << from.name << " -> " << to.name);
                    const torch::Tensor got =
                        convert(c.of(from.value), from.value, to.value, c.x, c.path);
                    const auto check = [&](const torch::Tensor& found, Prediction kind) {
                        const torch::Tensor expected = c.of(kind);
                        // float32: x is rounded to 6e-8 of its size, and dividing by the
                        // smaller of alpha and sigma (squared, to a score) magnifies that.
                        const double scale = expected.abs().max().item<double>();
                        const double size = c.x.abs().max().item<double>() + 4;
                        double magnified = std::max(1.0, scale / size);
                        if (kind == Prediction::score) magnified = std::max(magnified, 1.0 / sigma);
                        // v = alpha eps - sigma x0hat multiplies the rounding of x0hat by sigma.
                        if (kind == Prediction::salimans_ho)
                            magnified = std::max(magnified, static_cast<double>(sigma));
                        const double worst = size / std::min(alpha, sigma) * magnified;
                        const double error = (found - expected).abs().max().item<double>();
                        CHECK(error <= 1e-6 * worst + 1e-6 * scale);
                    };
                    check(got, to.value);
                    check(convert(got, to.value, from.value, c.x, c.path), from.value);
                }
            }
        }
    }
}

TEST_CASE("a velocity on the linear path converts without loss at both ends") {
    for (const double t : {0.0, 1e-6, 1 - 1e-6, 1.0}) {
        const Case c = make_case(ScheduleKind::linear, t);
        const torch::Tensor v = c.of(Prediction::velocity);
        for (const Prediction to : {Prediction::data, Prediction::noise, Prediction::salimans_ho}) {
            const torch::Tensor got = convert(v, Prediction::velocity, to, c.x, c.path);
            CHECK((got - c.of(to)).abs().max().item<double>() < 2e-6);
        }
    }
}

TEST_CASE("at the ends every conversion is finite") {
    for (const auto& schedule : choices(ScheduleKind{})) {
        for (const double t : {0.0, 1.0}) {
            const Case c = make_case(schedule.value, t);
            for (const auto& from : choices(Prediction{})) {
                for (const auto& to : choices(Prediction{})) {
                    INFO(schedule.name << " t = " << t << ": " << from.name << " -> " << to.name);
                    const torch::Tensor got = convert(c.x1, from.value, to.value, c.x, c.path);
                    CHECK(torch::isfinite(got).all().item<bool>());
                }
            }
        }
    }
    // Noise at alpha = 0 says nothing about the data: the velocity is then sigma'
    // epshat.
    const Case end = make_case(ScheduleKind::linear, 1);
    const torch::Tensor v =
        convert(end.x1, Prediction::noise, Prediction::velocity, end.x, end.path);
    CHECK(torch::allclose(v, end.x1));
}

TEST_CASE("the velocity from the score is that of data and noise") {
    // v = f x - (g^2 / 2) s, the probability-flow form.
    for (const auto& kind : choices(ScheduleKind{})) {
        const Case c = make_case(kind.value, 0.4);
        PathSettings settings;
        settings.schedule = kind.value;
        settings.knots = {{1, 0}, {0.5, 0.6}, {0, 1}};
        const auto schedule = make_schedule(settings);
        const torch::Tensor flow = schedule->drift_rate(0.4) * c.x -
                                   0.5 * schedule->diffusion_squared(0.4) * c.of(Prediction::score);
        const torch::Tensor v = c.of(Prediction::velocity);
        CHECK((flow - v).abs().max().item<double>() < 1e-5 * (1 + v.abs().max().item<double>()));
    }
}
