#include "app/panels/probe.hpp"

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
    CHECK(fitting(450, 400) == ProbeTable{true, false});  // it would fit, over 40 % of the pane
    CHECK(fitting(460, 240) == ProbeTable{true, false});
    CHECK(fitting(300, 260) == ProbeTable{false, false});  // narrower than three columns
    CHECK(fitting(210, 400) == std::nullopt);
    CHECK(fitting(400, 120) == std::nullopt);
}
