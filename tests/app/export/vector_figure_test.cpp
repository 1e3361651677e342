#include "app/export/vector_figure.hpp"

#include <cmath>
#include <limits>

#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// Straight paths from (i, 0) to (0, 1), three rows.
Trajectories straight_paths(std::int64_t count) {
    Trajectories paths;
    paths.times = {1, 0.5, 0};
    paths.count = count;
    paths.nfe = 4;
    for (const double t : paths.times) {
        for (std::int64_t i = 0; i < count; ++i) {
            paths.positions.push_back(static_cast<float>(t * static_cast<double>(i)));
            paths.positions.push_back(static_cast<float>(1 - t));
        }
    }
    return paths;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

std::string group(const std::string& svg, const std::string& id) {
    const std::size_t start = svg.find("id=\"" + id + "\"");
    REQUIRE(start != std::string::npos);
    return svg.substr(start, svg.find("</g>", start) - start);
}

}  // namespace

TEST_CASE("a vector figure has a ring and a disc for each path that is shown") {
    const Trajectories paths = straight_paths(5);
    PointSet data;
    data.x = {0, 1, 0.1f, 1.1f};
    VectorFigure figure;
    figure.theme = &theme(false);
    figure.paths = &paths;
    figure.data = &data;
    figure.shown = 3;
    const std::string svg = trajectories_svg(figure);
    CHECK(occurrences(group(svg, "starts"), "<circle") == 3);
    CHECK(occurrences(group(svg, "ends"), "<circle") == 3);
    CHECK(svg.find("NFE") != std::string::npos);
    CHECK(svg.find("floor") == std::string::npos);

    PaneMetrics metrics;
    metrics.w2 = 0.125;
    metrics.w2_floor = 0.0625;
    figure.metrics = &metrics;
    CHECK(trajectories_svg(figure).find("0.125") != std::string::npos);
    CHECK(trajectories_svg(figure).find("floor 0.06") != std::string::npos);
}

TEST_CASE("a vector figure leaves out what is not finite") {
    Trajectories paths = straight_paths(2);
    paths.positions[8] = std::numeric_limits<float>::quiet_NaN();  // path 0, last row
    paths.positions[9] = std::numeric_limits<float>::infinity();
    PointSet data;
    data.x = {std::numeric_limits<float>::infinity(), 0, 1, 1};
    VectorFigure figure;
    figure.theme = &theme(true);
    figure.paths = &paths;
    figure.data = &data;
    const std::string svg = trajectories_svg(figure);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
    CHECK(occurrences(group(svg, "starts"), "<circle") == 2);
    CHECK(occurrences(group(svg, "ends"), "<circle") == 1);
}

TEST_CASE("a vector figure of nothing, of one place and of one dimension is still a figure") {
    PointSet data;
    Trajectories none;
    VectorFigure figure;
    figure.theme = &theme(false);
    figure.paths = &none;
    figure.data = &data;
    CHECK(trajectories_svg(figure).find("</svg>") != std::string::npos);

    Trajectories still;
    still.times = {1, 0};
    still.count = 1;
    still.positions = {2, 2, 2, 2};
    figure.paths = &still;
    data.x = {2, 2};
    const std::string svg = trajectories_svg(figure);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);

    PointSet line;
    line.dimension = 1;
    line.x = {-1, 1};
    const Trajectories paths = straight_paths(4);
    figure.paths = &paths;
    figure.data = &line;
    figure.dimension = 1;
    // Time runs to the right: every start stands at the same x.
    const std::string starts = group(trajectories_svg(figure), "starts");
    const std::size_t first = starts.find("cx=");
    const std::string x = starts.substr(first, starts.find(' ', first) - first);
    CHECK(occurrences(starts, x + " ") == 4);
}
