#include "app/panels/probe.hpp"

#include "app/panels/design.hpp"
#include "app/window/graphics.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("the probe writes as much as leaves two thirds of a pane free", "[probe]") {
    // Columns of 100 and rows of 20, as of a guided pane.
    const auto extent = [](ProbeTable table) {
        return ImVec2(table.all_columns ? 400.0f : 200.0f, table.all_rows ? 180.0f : 80.0f);
    };
    const auto fitting = [&](float width, float height) {
        return fitting_table(extent, width * height, {width - 20, height - 70});
    };
    CHECK(fitting(800, 600) == ProbeTable{true, true});
    CHECK(fitting(450, 400) == ProbeTable{true, false});   // it would fit, over 40 % of the pane
    CHECK(fitting(460, 240) == ProbeTable{false, false});  // over 29 %, on the figure
    CHECK(fitting(300, 260) == ProbeTable{false, false});  // narrower than three columns
    CHECK(fitting(210, 400) == std::nullopt);
    CHECK(fitting(400, 120) == std::nullopt);
}

TEST_CASE("the probe writes what w multiplies, and one number a cell on the line", "[probe]") {
    const Graphics graphics({.hidden = true});
    static_cast<Design*>(ImGui::GetIO().UserData)->theme = &theme(true);
    Probe probe;
    probe.learned = ProbeField{
        {{1, 2}, {}, {}}, ProbeVectors{{1.5f, 4}, {}, {}}, ProbeVectors{{2.5f, 8}, {}, {}}};
    const auto cells = [&](int dimension, ProbeTable table) {
        return probe_rows(probe, dimension, theme(true).guidance, table).back().cells;
    };
    const std::vector<std::string> plane = cells(2, {});
    REQUIRE(plane.size() == 4);
    CHECK(plane[2].find("0.5") != std::string::npos);
    CHECK(plane[2] != plane[1]);
    const std::vector<std::string> line = cells(1, {});
    CHECK(line.size() == 4);
    CHECK(line[2] == line[0]);  // 4 - 2
    CHECK(line[0].find(',') == std::string::npos);
    CHECK(cells(2, {false, true}) == std::vector<std::string>{plane[3]});
}
