#include "app/layers/density_field.hpp"

#include <limits>

#include "tests/test.hpp"

using namespace driftglass;

namespace {

std::shared_ptr<DensityGrid> grid_of(int columns, int rows, float value) {
    auto grid = std::make_shared<DensityGrid>();
    grid->columns = columns;
    grid->rows = rows;
    grid->values.assign(static_cast<std::size_t>(columns) * rows, value);
    return grid;
}

}  // namespace

TEST_CASE("the cubic B-spline keeps constants and straight slopes") {
    const int columns = 9, rows = 7;
    std::vector<float> flat(columns * rows, 3), slope;
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            slope.push_back(2 * (static_cast<float>(i) + 0.5f) - (static_cast<float>(j) + 0.5f));
        }
    }
    const std::vector<float> x = {2, 2.3f, 4.5f, 6.9f}, y = {1.6f, 3, 5.1f};
    for (const float value : sample_b_spline(flat, columns, rows, x, y)) {
        CHECK(value == Approx(3));
    }
    const std::vector<float> sampled = sample_b_spline(slope, columns, rows, x, y);
    for (std::size_t j = 0; j < y.size(); ++j) {
        for (std::size_t i = 0; i < x.size(); ++i) {
            CHECK(sampled[j * x.size() + i] == Approx(2 * x[i] - y[j]).margin(1e-4));
        }
    }
}

TEST_CASE("one cell's B-spline has the known values and ends two cells off") {
    std::vector<float> values(81, 0);
    values[4 * 9 + 4] = 1;  // its centre is at (4.5, 4.5)
    const std::vector<float> x = {4.5f, 5.5f, 5, 6.5f, 8}, y = {4.5f};
    const std::vector<float> sampled = sample_b_spline(values, 9, 9, x, y);
    const float peak = 2.0f / 3;
    CHECK(sampled[0] == Approx(peak * peak));
    CHECK(sampled[1] == Approx(peak / 6));
    CHECK(sampled[2] == Approx(peak * 23 / 48));
    CHECK(sampled[3] == Approx(0).margin(1e-6));
    CHECK(sampled[4] == 0);
}

TEST_CASE("nothing is drawn outside of the grid") {
    const std::vector<float> values(16, 1);
    const std::vector<float> x = {-0.01f, 0, 4, 4.01f}, y = {2};
    const std::vector<float> sampled = sample_b_spline(values, 4, 4, x, y);
    CHECK(sampled[0] == 0);
    CHECK(sampled[1] == Approx(1));
    CHECK(sampled[2] == Approx(1));
    CHECK(sampled[3] == 0);
}

TEST_CASE("the scale of a density is its top, but not one lone spike") {
    const auto even = grid_of(40, 40, 0.5f);
    CHECK(density_scale(*even) == 0.5f);
    even->values[77] = 4;  // 0.5 % of the mass
    CHECK(density_scale(*even) == 0.5f);
    even->values[77] = std::numeric_limits<float>::quiet_NaN();
    even->values[78] = std::numeric_limits<float>::infinity();
    CHECK(density_scale(*even) == 0.5f);
    CHECK(density_scale(*grid_of(8, 8, 0)) == 0);
    const auto one = grid_of(8, 8, 0);
    one->values[9] = 7;
    CHECK(density_scale(*one) == 7);
}

TEST_CASE("a new density of the same place eases in; of another place it jumps") {
    DensityField field;
    const auto low = grid_of(4, 4, 1);
    low->mass_levels = {1, 0.5f};
    field.aim(low, 0, true);
    CHECK_FALSE(field.moving());
    CHECK(field.values()[0] == 1);
    CHECK(field.levels()[1] == 0.5f);

    auto half = grid_of(4, 4, 2);
    half->values[0] = 0;
    field.aim(half, 10, true);
    CHECK(field.moving());
    const std::int64_t version = field.version();
    field.advance(10.05);
    CHECK(field.version() > version);
    CHECK(field.values()[0] < 1);
    CHECK(field.values()[0] > 0);
    field.advance(10.2);
    CHECK_FALSE(field.moving());
    CHECK(field.values()[0] == 0);

    auto elsewhere = grid_of(4, 4, 1);
    elsewhere->world = {0, 0, 1, 1};
    field.aim(elsewhere, 20, true);
    CHECK_FALSE(field.moving());
    CHECK(field.values()[0] == 1);
    field.aim(nullptr, 30, true);
    CHECK(field.empty());
}
