#include "tests/test.hpp"

#include "core/error.hpp"
#include "core/train/coupling.hpp"

using namespace driftglass;

namespace {

double cost(const torch::Tensor& a, const torch::Tensor& b) {
    return (a - b).square().sum(1).mean().item<double>();
}

torch::Tensor sorted(const torch::Tensor& x) {
    return std::get<0>(x.select(1, 0).sort());
}

}  // namespace

TEST_CASE("minibatch transport keeps the batch and lowers its cost") {
    auto g = at::detail::createCPUGenerator(1);
    const Normalisation n;
    for (const int d : {1, 2}) {
        for (const int rows : {1, 2, 7, 300}) {
            const torch::Tensor z0 = torch::randn({rows, d}, g) * 0.3 + 1;
            const torch::Tensor z1 = torch::randn({rows, d}, g);
            const torch::Tensor paired = couple({CouplingKind::minibatch_ot}, n, z0, z1, {}, g);
            // A permutation of the source's rows: both marginals stay exactly what they were.
            CHECK(torch::equal(sorted(paired), sorted(z1)));
            CHECK(cost(z0, paired) <= cost(z0, z1) + 1e-6);
            // No exchange of two partners gains.
            const torch::Tensor c = torch::cdist(z0, paired).square();
            const torch::Tensor own = c.diagonal();
            const torch::Tensor gain = own.unsqueeze(0) + own.unsqueeze(1) - c - c.t();
            CHECK(gain.max().item<double>() < 1e-4);
        }
    }
}

TEST_CASE("the cost counts in the data's own units") {
    // Normalised, both clouds look alike; in x the data are a thousandth of the source's size, so
    // any pairing costs the same.
    auto g = at::detail::createCPUGenerator(2);
    Normalisation n;
    n.data_mean = {5, 0};
    n.data_std = 1e-3;
    {
        const torch::Tensor z0 = torch::randn({64, 2}, g), z1 = torch::randn({64, 2}, g);
        const torch::Tensor paired = couple({CouplingKind::minibatch_ot}, n, z0, z1, {}, g);
        const torch::Tensor x0 = z0 * 1e-3 + torch::tensor({5.0f, 0.0f});
        CHECK(cost(x0, paired) == Approx(cost(x0, z1)).epsilon(0.01));
        CHECK(torch::equal(sorted(paired), sorted(z1)));
    }
}

TEST_CASE("couplings pair within a label only") {
    auto g = at::detail::createCPUGenerator(3);
    const torch::Tensor z0 = torch::randn({200, 2}, g), z1 = torch::randn({200, 2}, g);
    const torch::Tensor label = torch::arange(200, torch::kInt64).remainder(3) - 1;
    for (const CouplingKind kind : {CouplingKind::minibatch_ot, CouplingKind::sinkhorn}) {
        const torch::Tensor paired = couple({kind}, {}, z0, z1, label, g);
        for (int k = -1; k < 2; ++k) {
            const torch::Tensor rows = torch::nonzero(label == k).squeeze(1);
            const torch::Tensor from = z1.index_select(0, rows);
            const torch::Tensor to = paired.index_select(0, rows);
            // Every partner is one of the same label's rows.
            CHECK(to.unsqueeze(1).eq(from.unsqueeze(0)).all(2).any(1).all().item<bool>());
            if (kind == CouplingKind::minibatch_ot) {
                CHECK(torch::equal(sorted(from), sorted(to)));
            }
        }
    }
}

TEST_CASE(
    "Sinkhorn lies between independent pairs and exact transport, with the source's moments") {
    auto g = at::detail::createCPUGenerator(4);
    CouplingSettings settings{CouplingKind::sinkhorn};
    double mean = 0, square = 0, last = 0;
    for (const double epsilon : {0.02, 0.5, 1e4}) {
        settings.epsilon = epsilon;
        double total = 0, independent = 0, exact = 0;
        for (int batch = 0; batch < 10; ++batch) {
            const torch::Tensor z0 = torch::randn({256, 2}, g) * 0.5;
            const torch::Tensor z1 = torch::randn({256, 2}, g);
            const torch::Tensor paired = couple(settings, {}, z0, z1, {}, g);
            total += cost(z0, paired) / 10;
            independent += cost(z0, z1) / 10;
            exact += cost(z0, couple({CouplingKind::minibatch_ot}, {}, z0, z1, {}, g)) / 10;
            mean += paired.mean().item<double>() / 30;
            square += paired.square().mean().item<double>() / 30;
        }
        CHECK(total > exact);
        CHECK(total > last);  // more entropy, dearer pairs
        if (epsilon < 0.1) CHECK(total < 0.5 * independent);
        if (epsilon > 1e3) CHECK(total == Approx(independent).epsilon(0.1));
        last = total;
    }
    // 15,360 numbers of N(0, 1), some twice: standard errors near 0.01 and 0.015.
    CHECK(mean == Approx(0).margin(0.05));
    CHECK(square == Approx(1).margin(0.07));
}

TEST_CASE("what is not finite cannot be paired") {
    auto g = at::detail::createCPUGenerator(5);
    torch::Tensor z0 = torch::randn({4, 2}, g);
    z0[1][1] = NAN;
    CHECK_THROWS_AS(couple({CouplingKind::minibatch_ot}, {}, z0, torch::randn({4, 2}, g), {}, g),
                    Error);
}

TEST_CASE("the diffusion coupling adds its noise to the data, whatever the source") {
    auto g = at::detail::createCPUGenerator(6);
    CouplingSettings settings{CouplingKind::diffusion};
    settings.s = 0.5;
    // Data of mean (50, 0) and width 2, seen normalised, as a batch is.
    Normalisation n;
    n.data_mean = n.source_mean = {50, 0};
    n.data_std = 2;
    n.source_std = made_x1_std(settings, n.data_std);
    CHECK(n.source_std == Approx(std::hypot(2, 0.5)));
    constexpr int rows = 20000;
    const torch::Tensor z0 = torch::randn({rows, 2}, g);
    const torch::Tensor label = torch::arange(rows, torch::kInt64).remainder(2) - 1;
    const torch::Tensor z1 = couple(settings, n, z0, {}, label, g);
    const torch::Tensor added = z1 * n.source_std - z0 * n.data_std;
    // 40,000 numbers of N(0, s^2): standard errors 0.0025 of the mean, 0.0018 of the deviation.
    CHECK(added.mean().item<double>() == Approx(0).margin(0.012));
    CHECK(added.std().item<double>() == Approx(0.5).margin(0.009));
    CHECK((added * z0).mean().item<double>() == Approx(0).margin(0.012));
    CHECK(z1.std().item<double>() == Approx(1).margin(0.02));
    CHECK(makes_x1(CouplingKind::diffusion));
    CHECK_FALSE(makes_x1(CouplingKind::independent));
    CHECK_FALSE(makes_x1(CouplingKind::minibatch_ot));

    // Weights that were learnt with another coupling keep that one's scale.
    Normalisation kept = n;
    kept.source_mean = {49, 1};
    kept.source_std = 1;
    const torch::Tensor x0 = z0 * 2 + torch::tensor({50.0f, 0.0f});
    const torch::Tensor x1 =
        couple(settings, kept, z0, {}, label, g) + torch::tensor({49.0f, 1.0f});
    CHECK((x1 - x0).mean(0).abs().max().item<double>() == Approx(0).margin(0.018));
    CHECK((x1 - x0).std().item<double>() == Approx(0.5).margin(0.009));
}

TEST_CASE("Sinkhorn is a coupling however small its entropy, and tends to exact transport") {
    auto g = at::detail::createCPUGenerator(7);
    constexpr int rows = 64, draws = 400;
    const torch::Tensor z0 = torch::randn({rows, 2}, g) * 0.3 + 1, z1 = torch::randn({rows, 2}, g);
    const double exact = cost(z0, couple({CouplingKind::minibatch_ot}, {}, z0, z1, {}, g));
    CouplingSettings settings{CouplingKind::sinkhorn};
    double last = 1e9;
    for (const double epsilon : {10.0, 1.0, 0.1, 0.02, 0.005, 1e-6, 1e-300}) {
        INFO(epsilon);
        settings.epsilon = epsilon;
        torch::Tensor used = torch::zeros({rows});
        double total = 0;
        for (int draw = 0; draw < draws; ++draw) {
            const torch::Tensor paired = couple(settings, {}, z0, z1, {}, g);
            used += paired.unsqueeze(1).eq(z1.unsqueeze(0)).all(2).to(torch::kFloat32).sum(0);
            total += cost(z0, paired) / draws;
        }
        // Each row of the source about once a batch: 1 % of a column's mass, and five standard
        // errors of 400 draws, at most 5 / sqrt(400).
        CHECK((used / draws - 1).abs().max().item<double>() < 0.01 + 0.25);
        // The plan of least <C, P> - epsilon H(P): its cost is above the least by at most
        // epsilon log n. Pairs drawn from it scatter by less than a hundredth in the mean.
        CHECK(total > exact - 0.02);
        CHECK(total < exact + epsilon * std::log(rows) + 0.02);
        CHECK(total < last + 0.02);
        last = total;
    }
    CHECK(last == Approx(exact));
}
