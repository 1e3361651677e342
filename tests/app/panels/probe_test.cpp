#include "app/panels/probe.hpp"

#include "app/panels/design.hpp"
#include "app/window/graphics.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

ProbeVectors vectors(float x, float y) {
    return {{x, y}, {{{2 * x, 2 * y}}}, {{{3 * x, 3 * y}}}};
}

}  // namespace

TEST_CASE("the probe writes guidance's whole arithmetic, and one number a cell on the line",
          "[probe]") {
    const Graphics graphics({.hidden = true});
    static_cast<Design*>(ImGui::GetIO().UserData)->theme = &theme(true);
    const Rgb hue = theme(true).guidance;
    Probe probe;
    probe.learned = ProbeField{vectors(1, 2), vectors(1.5f, 4), vectors(2.5f, 8)};
    probe.exact = probe.learned;
    const std::vector<ProbeRow> plane = probe_table(probe, 2, hue);
    REQUIRE(plane.size() == 8);
    CHECK(plane[0].name == "learned $\\varnothing$");
    CHECK(plane[0].cells ==
          std::vector<std::string>{"(1.00, 2.00)", "(2.00, 4.00)", "(3.00, 6.00)"});
    CHECK(plane[2].cells[1] == "(1.00, 4.00)");  // what w multiplies: 3 - 2, 8 - 4
    CHECK(plane[3].cells[0] == "(2.50, 8.00)");
    CHECK(plane[0].ink == hue);
    CHECK(plane[4].name == "exact $\\varnothing$");
    CHECK(plane[4].ink == theme(true).text);
    for (const ProbeRow& row : probe_table(probe, 1, hue)) {
        for (const std::string& cell : row.cells)
            CHECK(cell.find(',') == std::string::npos);
    }

    // The card has what the pane's paths follow.
    const std::vector<ProbeRow> card = probe_rows(probe, 2, hue, true);
    REQUIRE(card.size() == 6);
    CHECK(card[0].cells == std::vector<std::string>{"(2.50, 8.00)"});
    CHECK(probe_rows(probe, 2, hue, false).size() == 2);
    // A later round of reflow has a velocity alone.
    Probe bent;
    bent.learned = ProbeField{{{1, 2}, {}, {}}, {}, {}};
    CHECK(probe_rows(bent, 2, hue, true).size() == 1);
    CHECK(probe_table(bent, 2, hue)[0].cells[1] == "\xe2\x80\x93");
}

TEST_CASE("of bare points the probe says why there is no density", "[probe]") {
    const Graphics graphics({.hidden = true});
    static_cast<Design*>(ImGui::GetIO().UserData)->theme = &theme(true);
    Probe probe;
    probe.bare = true;
    probe.learned = ProbeField{vectors(1, 2), {}, {}};
    CHECK(probe_rows(probe, 2, theme(true).ode, true).back().cells[0] == "bare points");
    CHECK(probe_table(probe, 2, theme(true).ode).back().name.find("no density") !=
          std::string::npos);
}
