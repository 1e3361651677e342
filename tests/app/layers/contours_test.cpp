#include "app/layers/contours.hpp"

#include <cmath>
#include <numbers>

#include "tests/test.hpp"

using namespace driftglass;

namespace {

template <class F>
NodeField field_of(int columns, int rows, F value) {
    NodeField field{{-2, -2, 2, 2}, columns, rows, {}};
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            field.values.push_back(
                static_cast<float>(value(-2 + 4.0 * i / (columns - 1), -2 + 4.0 * j / (rows - 1))));
        }
    }
    return field;
}

double length(const std::vector<std::array<float, 2>>& line) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        sum += std::hypot(line[i + 1][0] - line[i][0], line[i + 1][1] - line[i][1]);
    }
    return sum;
}

}  // namespace

TEST_CASE("the contour of a cone is one closed circle") {
    const NodeField cone = field_of(81, 81, [](double x, double y) { return -std::hypot(x, y); });
    const Outlines lines = contour_lines(cone, -1.3f);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].front() == lines[0].back());
    // Chords within a cell of 0.05: shorter than the arc by less than (0.05 / 1.3)^2 / 24.
    CHECK(length(lines[0]) == Approx(2 * std::numbers::pi * 1.3).epsilon(1e-3));
    for (const auto& p : lines[0])
        CHECK(std::hypot(p[0], p[1]) == Approx(1.3).margin(1e-3));
}

TEST_CASE("a contour that leaves the field is one open line from border to border") {
    const NodeField slope = field_of(33, 17, [](double x, double) { return x; });
    const Outlines lines = contour_lines(slope, 0.3f);
    REQUIRE(lines.size() == 1);
    CHECK(length(lines[0]) == Approx(4));
    for (const auto& p : lines[0])
        CHECK(p[0] == Approx(0.3).margin(1e-5));
}

TEST_CASE("two hills have two outlines high up and one low down") {
    const NodeField hills = field_of(101, 101, [](double x, double y) {
        return std::exp(-4 * ((x - 0.7) * (x - 0.7) + y * y)) +
               std::exp(-4 * ((x + 0.7) * (x + 0.7) + y * y));
    });
    CHECK(contour_lines(hills, 0.6f).size() == 2);
    CHECK(contour_lines(hills, 0.1f).size() == 1);
    CHECK(contour_lines(hills, 5).empty());
}

TEST_CASE("every crossing of a checkered field belongs to exactly one line") {
    const NodeField saddles =
        field_of(12, 12, [](double x, double y) { return std::cos(3.1 * x) * std::cos(2.9 * y); });
    const Outlines lines = contour_lines(saddles, 0.02f);
    std::size_t pieces = 0, crossed = 0;
    for (const auto& line : lines)
        pieces += line.size() - 1;
    for (int j = 0; j + 1 < 12; ++j) {
        for (int i = 0; i + 1 < 12; ++i) {
            const auto above = [&](int column, int row) {
                return saddles.values[static_cast<std::size_t>(row * 12 + column)] > 0.02f;
            };
            const bool a = above(i, j), b = above(i + 1, j), c = above(i + 1, j + 1),
                       d = above(i, j + 1);
            crossed += ((a != b) + (b != c) + (c != d) + (d != a)) / 2;
        }
    }
    CHECK(pieces == crossed);
    CHECK(contour_lines(NodeField{}, 0).empty());
}
