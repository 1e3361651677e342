#include "tests/test.hpp"

#include "core/model/dense.hpp"

using namespace driftglass;

namespace {

std::vector<float> numbers(const torch::Tensor& x) {
    const torch::Tensor whole = x.to(torch::kFloat32).contiguous();
    return {whole.const_data_ptr<float>(), whole.const_data_ptr<float>() + whole.numel()};
}

torch::Tensor tensor(const std::vector<float>& values, std::int64_t rows, std::int64_t columns) {
    return torch::tensor(values).view({rows, columns}).to(torch::kFloat64);
}

double largest(const torch::Tensor& x) {
    return x.abs().max().item<double>();
}

}  // namespace

TEST_CASE("products of all shapes, and what is done after them") {
    const VectorLevel level =
        GENERATE(VectorLevel::baseline, VectorLevel::avx2, VectorLevel::avx512);
    if (level > vector_level()) return;  // not of this processor
    auto g = at::detail::createCPUGenerator(1);
    // Sizes with and without rests beside whole tiles and panels.
    for (const auto& [rows, inner, columns] :
         std::vector<std::array<std::int64_t, 3>>{{1, 1, 1},
                                                  {6, 2, 16},
                                                  {7, 10, 17},
                                                  {96, 128, 128},
                                                  {95, 33, 100},
                                                  {13, 128, 2},
                                                  {9, 35, 144},
                                                  {5, 17, 60},
                                                  {3, 64, 48},
                                                  {26, 30, 1}}) {
        const torch::Tensor a = torch::randn({rows, inner}, g),
                            b = torch::randn({inner, columns}, g);
        const torch::Tensor bias = torch::randn({columns}, g);
        const torch::Tensor wide = a.to(torch::kFloat64).mm(b.to(torch::kFloat64)) + bias;
        const std::vector<float> from = numbers(a), weights = numbers(b);
        std::vector<float> start = numbers(bias);
        start.resize(static_cast<std::size_t>(in_panels(columns)));
        Panels panels;
        panels.pack(weights.data(), columns, 1, inner, columns);
        const std::int64_t stride = in_panels(columns);
        std::vector<float> c(static_cast<std::size_t>(rows * stride)), d = c;
        Product p;
        p.a = from.data();
        p.a_row = inner;
        p.rows = rows;
        p.bias = start.data();
        p.c = c.data();
        p.c_row = stride;
        p.derivative = d.data();
        const auto shown = [&](const std::vector<float>& x) {
            return tensor(x, rows, stride).narrow(1, 0, columns);
        };
        // float32: rounding grows with the number of terms, each of order 1.
        const double tolerance = 4e-7 * static_cast<double>(inner + 10);
        multiply(p.by(panels), level);
        CHECK(largest(shown(c) - wide) < tolerance);
        p.after = After::add;
        multiply(p.by(panels), level);
        CHECK(largest(shown(c) - 2 * wide) < 2 * tolerance);
        p.after = After::silu;
        multiply(p.by(panels), level);
        const torch::Tensor s = torch::sigmoid(wide);
        CHECK(largest(shown(c) - wide * s) < 2 * tolerance);
        p.after = After::silu_derivative;
        multiply(p.by(panels), level);
        CHECK(largest(shown(c) - wide * s) < 2 * tolerance);
        CHECK(largest(shown(d) - (s + wide * s * (1 - s))) < 2 * tolerance);
        p.after = After::multiply;
        multiply(p.by(panels), level);
        CHECK(largest(shown(c) - wide * (s + wide * s * (1 - s))) < 40 * tolerance);

        // Into memory that ends with the last column, from a transposed first factor.
        std::vector<float> tight(static_cast<std::size_t>(rows * columns + 1), 7);
        const std::vector<float> transposed = numbers(a.t());
        p.a = transposed.data();
        p.a_row = 1;
        p.a_k = rows;
        p.c = tight.data();
        p.c_row = columns;
        p.exact = true;
        p.after = After::store;
        multiply(p.by(panels), level);
        CHECK(tight.back() == 7);
        tight.pop_back();
        CHECK(largest(tensor(tight, rows, columns) - wide) < tolerance);

        std::vector<float> sum(static_cast<std::size_t>(columns), 1);
        add_rows(tight.data(), columns, rows, columns, sum.data());
        CHECK(largest(tensor(sum, 1, columns) - 1 - wide.sum(0, true)) <
              tolerance * static_cast<double>(rows + 10));
    }
}

TEST_CASE("fused SiLU agrees with torch far out") {
    const auto silu = [](float x) {
        const float one = 1;
        std::vector<float> c(panel_columns), d(panel_columns);
        Panels panels;
        panels.pack(&x, 1, 1, 1, 1);
        Product p;
        p.a = &one;
        p.rows = 1;
        p.c = c.data();
        p.c_row = panel_columns;
        p.derivative = d.data();
        p.after = After::silu_derivative;
        multiply(p.by(panels));
        return std::pair{c[0], d[0]};
    };
    // 1e-6: float32 rounding of values up to 30.
    for (double x = -30; x <= 30; x += 0.37) {
        const auto [value, slope] = silu(static_cast<float>(x));
        const double s = 1 / (1 + std::exp(-static_cast<double>(static_cast<float>(x))));
        CHECK(value == Approx(x * s).epsilon(1e-6).margin(1e-6));
        CHECK(slope == Approx(s + x * s * (1 - s)).margin(3e-6));
    }
    CHECK(silu(88.5f).first == 88.5f);
    CHECK(silu(-1e30f).first == Approx(0).margin(1e-6));
    CHECK(silu(1e30f).first == 1e30f);
    CHECK(std::isnan(silu(NAN).first));
}
