#include "core/measure/density_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/data/random.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

std::vector<double> direct_sum(const std::vector<float>& points, double alpha, double width,
                               const GridBox& box) {
    std::vector<double> values;
    const double n = static_cast<double>(points.size()) / 2;
    for (int row = 0; row < box.rows; ++row) {
        for (int column = 0; column < box.columns; ++column) {
            const double x = box.low[0] + (column + 0.5) * (box.high[0] - box.low[0]) / box.columns;
            const double y = box.low[1] + (row + 0.5) * (box.high[1] - box.low[1]) / box.rows;
            double sum = 0;
            for (std::size_t i = 0; i < points.size(); i += 2) {
                const double dx = x - alpha * points[i];
                const double dy = y - alpha * points[i + 1];
                sum += std::exp(-0.5 * (dx * dx + dy * dy) / (width * width));
            }
            values.push_back(sum / (n * 2 * std::numbers::pi * width * width));
        }
    }
    return values;
}

}  // namespace

TEST_CASE("the density on a grid is the direct sum, whatever the width") {
    Random random(1);
    std::vector<float> points(2 * 200);
    for (float& x : points)
        x = static_cast<float>(1.5 * random.normal());  // some are outside
    const GridBox box{{-2, -3}, {2.5, 3}, 45, 50};      // cells 0.1 by 0.12
    for (const double sigma : {0.065, 0.1, 0.33, 1.0, 7.0, 80.0}) {
        for (const double alpha : {1.0, 0.4, 0.0}) {
            INFO("sigma = " << sigma << ", alpha = " << alpha);
            const auto grid = density_on_grid(points, alpha, sigma, 0, box);
            const auto exact = direct_sum(points, alpha, sigma, box);
            const double largest = *std::max_element(exact.begin(), exact.end());
            double worst = 0;
            for (std::size_t i = 0; i < grid.size(); ++i) {
                worst = std::max(worst, std::abs(grid[i] - exact[i]));
            }
            CHECK(worst < 3e-3 * largest);
        }
    }
    const auto wide = density_on_grid(points, 0.5, 0.3, 0.8, box);
    CHECK(wide == density_on_grid(points, 0.5, 0.5, 0, box));
}

TEST_CASE("a density narrower than a cell keeps its mass") {
    const std::vector<float> points = {0.013f, 0.021f, 1.237f, -0.8f};
    const GridBox box;
    const auto grid = density_on_grid(points, 1, 1e-4, 0, box);
    const double area = 36.0 / (160 * 160);
    CHECK(std::accumulate(grid.begin(), grid.end(), 0.0) * area == Approx(1).epsilon(0.03));
    CHECK(density_on_grid({}, 1, 0.1, 0, box) == std::vector<float>(160 * 160, 0));
    const std::vector<float> away = {1e6f, -1e6f};
    CHECK(density_on_grid(away, 1, 0.1, 0, box) == std::vector<float>(160 * 160, 0));
}

TEST_CASE("mass levels of a Gaussian are those of its closed form") {
    // The set of mass p is where the density exceeds (1 - p) of its maximum.
    const std::vector<float> centre = {0, 0};
    const auto grid = density_on_grid(centre, 1, 0.6, 0, GridBox{{-3, -3}, {3, 3}, 200, 200});
    const double largest = 1 / (2 * std::numbers::pi * 0.36);
    const double shares[] = {0.35, 0.68, 0.95};
    const auto levels = mass_levels(grid, shares);
    REQUIRE(levels.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(levels[i] == Approx((1 - shares[i]) * largest).epsilon(0.01));
    }
    CHECK(mass_levels(std::vector<float>(10, 0), shares) == std::vector<float>(3, 0));
}
