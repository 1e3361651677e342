#include "app/panels/plots.hpp"

#include <implot.h>
#include <implot_internal.h>

#include "app/export/off_screen.hpp"
#include "app/panels/design.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/plot_frame.hpp"
#include "app/window/graphics.hpp"
#include "app/window/style.hpp"
#include "tests/app/golden.hpp"
#include "tests/app/synthetic_lab.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

constexpr int width = 360, height = 200;

/// What `contents` draws into a panel of its own.
template <class Contents>
Image panel(bool dark, Contents&& contents) {
    auto& design = *static_cast<Design*>(ImGui::GetIO().UserData);
    design.theme = &theme(dark);
    design.em = 14;
    apply_style(design);
    return draw_off_screen(width, height, [&] {
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({width, height});
        ImGui::PushStyleColor(ImGuiCol_WindowBg, colour4(theme(dark).panel));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(14), px(8)});
        ImGui::Begin("plot", nullptr, ImGuiWindowFlags_NoDecoration);
        contents();
        ImGui::End();
        ImGui::PopStyleVar();
        ImGui::PopStyleColor();
    });
}

}  // namespace

TEST_CASE("below the labels of a logarithmic axis nothing else is written", "[plots]") {
    const Graphics graphics({.hidden = true});
    panel(true, [] {
        REQUIRE(begin_plot("logarithmic"));
        const std::vector<int> powers = logarithmic_axes(1, 100, true, 0.01, 10);
        CHECK(powers == std::vector<int>{-2, -1, 0, 1});
        (void)ImPlot::GetPlotPos();  // now the axes are laid out
        const ImPlotTicker& ticks = ImPlot::GetCurrentPlot()->Axes[ImAxis_Y1].Ticker;
        REQUIRE(ticks.TickCount() == 4);
        for (int i = 0; i < ticks.TickCount(); ++i) {
            CHECK(std::string(ticks.GetText(i)).find_first_not_of(' ') == std::string::npos);
            CHECK(ticks.Ticks[i].LabelSize.x >= rich_width("$10^{-2}$", 0.8f));
        }
        logarithmic_labels(powers);
        end_plot();
    });
}

TEST_CASE("the distance to the tilt is drawn by its logarithm", "[plots]") {
    const Graphics graphics({.hidden = true});
    test::SyntheticLab lab(default_scene());
    lab.publish([](Snapshot& snapshot) {
        auto study = std::make_shared<Study>();
        study->kind = StudyKind::guidance;
        study->step = 12400;
        study->curves = {
            {"w2", {-1, 0, 1, 2, 3, 5, 7, 10}, {0.9, 0.2, 0.15, 0.3, 0.7, 2, 6, 31}, {}},
            {"floor", {-1, 10}, {0.13, 0.13}, {}}};
        snapshot.studies[static_cast<std::size_t>(StudyKind::guidance)] = std::move(study);
    });
    Commands commands([](const Command&) {});
    UiState ui;
    for (const bool dark : {true, false}) {
        const Image drawn = panel(dark, [&] {
            draw_guidance_plot(*lab.snapshot(), ui, commands);
            const ImPlotPlot* plot = ImPlot::GetPlot("guidance");
            REQUIRE(plot != nullptr);
            CHECK(plot->Axes[ImAxis_Y1].Scale == ImPlotScale_Log10);
            CHECK(plot->Axes[ImAxis_X1].Scale == ImPlotScale_Linear);
        });
        const std::string name = std::string("tilt_plot") + (dark ? "_dark" : "_light");
        INFO(name);
        CHECK(tests::compare_with_golden(name, drawn.rgba, width, height) == "");
    }
}

TEST_CASE("the schedule's curve has its times", "[plots]") {
    const Graphics graphics({.hidden = true});
    const test::SyntheticLab lab(default_scene());
    Commands commands([](const Command&) {});
    UiState ui;
    for (const bool dark : {true, false}) {
        const Image drawn = panel(dark, [&] { draw_schedule_plot(*lab.snapshot(), ui, commands); });
        const std::string name = std::string("schedule_plot") + (dark ? "_dark" : "_light");
        INFO(name);
        CHECK(tests::compare_with_golden(name, drawn.rgba, width, height) == "");
    }
}
