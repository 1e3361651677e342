#include "tests/test.hpp"

#include <algorithm>
#include <cmath>

#include "core/model/network.hpp"
#include "core/model/position_features.hpp"
#include "core/share_work.hpp"
#include "core/train/gradient.hpp"
#include "core/train/implicit_score_matching.hpp"

using namespace driftglass;

namespace {

struct Problem {
    LayerShape shape;
    torch::Tensor weights, input, target, weight;
};

Problem problem(const LayerShape& shape, std::int64_t rows) {
    auto g = at::detail::createCPUGenerator(1);
    return {shape, 0.2 * torch::randn({shape.weight_count()}, g),
            torch::randn({rows, shape.inputs}, g), torch::randn({rows, shape.outputs}, g),
            torch::rand({rows, 3}, g).narrow(1, 1, 1)};  // a column of a table, as in training
}

std::pair<torch::Tensor, torch::Tensor> by_autograd(const Problem& p) {
    const torch::Tensor w = p.weights.to(torch::kFloat64).requires_grad_();
    const torch::Tensor input = p.input.to(torch::kFloat64);
    const torch::Tensor f =
        apply_layers(layers_of(w, p.shape), input.narrow(1, 0, p.shape.outputs),
                     input.narrow(1, p.shape.outputs, p.shape.inputs - p.shape.outputs));
    const torch::Tensor loss = ((f - p.target).square().sum(1, true) * p.weight).mean();
    return {loss.detach(), torch::autograd::grad({loss}, {w})[0]};
}

}  // namespace

TEST_CASE("the gradient by hand equals autograd's") {
    Gradient gradient;  // one object through all sizes: its buffers must follow
    for (const LayerShape& shape :
         {LayerShape{10, 128, 3, 2}, LayerShape{9, 33, 1, 1}, LayerShape{14, 64, 5, 2}}) {
        for (const std::int64_t rows : {1, 100, 1024, 5001}) {
            const Problem p = problem(shape, rows);
            const auto [wanted_loss, wanted] = by_autograd(p);
            torch::Tensor found = torch::empty_like(p.weights);
            const torch::Tensor loss =
                gradient(p.weights, p.shape, p.input, p.target, p.weight, found);
            CHECK(loss.item<double>() == Approx(wanted_loss.item<double>()).epsilon(1e-5));
            // float32 against float64: relative to the gradient's length
            CHECK((found - wanted).norm().item<double>() < 2e-5 * wanted.norm().item<double>());
        }
    }
}

TEST_CASE("the gradient does not depend on the number of threads") {
    const Problem p = problem({10, 128, 3, 2}, 1024);
    torch::Tensor one = torch::empty_like(p.weights), two = torch::empty_like(p.weights);
    set_work_threads(1);
    Gradient()(p.weights, p.shape, p.input, p.target, p.weight, one);
    set_work_threads(3);
    Gradient()(p.weights, p.shape, p.input, p.target, p.weight, two);
    CHECK(torch::equal(one, two));
}

TEST_CASE("saturated units leave no numbers below the normal range") {
    // Biases of -90: sigmoid' of them is of the order of 1e-36, and flows are multiplied by it.
    Problem p = problem({10, 128, 3, 2}, 256);
    for (Layer& layer : layers_of(p.weights, p.shape))
        if (layer.bias.size(0) == 128) layer.bias.fill_(-90);
    torch::Tensor found = torch::empty_like(p.weights);
    Gradient()(p.weights, p.shape, p.input, p.target, p.weight, found);
    const float* numbers = found.const_data_ptr<float>();
    const auto below = std::count_if(numbers, numbers + found.numel(),
                                     [](float x) { return std::fpclassify(x) == FP_SUBNORMAL; });
    CHECK(below == 0);
    CHECK(found.ne(0).any().item<bool>());
}

TEST_CASE("implicit score matching has the denoising loss's expectation") {
    // A network that is no solution, data at +-1 in each coordinate: both losses over the same
    // 400,000 draws. The difference of the two has standard deviation of order 3 a row: 5e-3 each
    // way is one standard error, and 0.02 four.
    Network network({32, 2, Prediction::velocity}, 2, 0, {}, torch::kCPU, 1);
    auto g = at::detail::createCPUGenerator(2);
    network.set_weights(network.weights() + 0.1 * torch::randn(network.weights().sizes(), g));
    const std::int64_t n = 400000;
    const torch::Tensor theta = 0.3 + 0.9 * torch::rand({n, 1}, g);
    const torch::Tensor cos = theta.cos(), sin = theta.sin();
    const torch::Tensor z0 = torch::randint(2, {n, 2}, g).to(torch::kFloat32) * 2 - 1;
    const torch::Tensor z1 = torch::randn({n, 2}, g);
    const int inputs = network.shape().inputs;
    torch::Tensor input = torch::zeros({n, inputs});
    const int places = position_columns(2);
    input.narrow(1, 0, places).copy_(position_features(cos * z0 + sin * z1));
    input.narrow(1, places, 1).copy_(theta);
    const torch::Tensor target = cos * z1 - sin * z0;
    const torch::Tensor weight = cos.square();
    torch::Tensor implicit_gradient = torch::empty_like(network.weights());
    torch::Tensor denoising_gradient = torch::empty_like(network.weights());
    const double implicit =
        implicit_score_matching(network, input, cos, sin, weight, implicit_gradient).item<double>();
    const double denoising =
        Gradient()(network.weights(), network.shape(), input, target, weight, denoising_gradient)
            .item<double>();
    CHECK(implicit == Approx(denoising).margin(0.02));
    CHECK((implicit_gradient - denoising_gradient).norm().item<double>() <
          0.1 * denoising_gradient.norm().item<double>());
}
