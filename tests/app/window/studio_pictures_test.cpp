#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "app/export/png.hpp"
#include "app/window/screenshot.hpp"
#include "tests/app/synthetic_lab.hpp"
#include "tests/app/synthetic_snapshot.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

/// Fills the panes with fields and paths in closed form, for what each of them looks at.
void paint(test::SyntheticLab& lab) {
    const Look look = lab.sent<command::SetLook>().back().second.look;
    tests::SyntheticOptions options;
    options.world = look.panes.front().world;
    options.time = look.time;
    options.density_cells = look.panes.front().density_columns;
    options.arrow_cells = look.panes.front().arrow_columns;
    const std::shared_ptr<const Snapshot> painted = tests::synthetic_snapshot(options);
    lab.publish([&](Snapshot& snapshot) {
        snapshot.data = painted->data;
        for (std::size_t pane = 0; pane < snapshot.panes.size(); ++pane) {
            const auto metrics = snapshot.panes[pane].metrics;
            snapshot.panes[pane] = painted->panes[pane % painted->panes.size()];
            snapshot.panes[pane].metrics = metrics;
        }
    });
}

}  // namespace

// With DRIFTGLASS_PICTURES=DIR the pictures stay there, to be looked at.
TEST_CASE("the studio draws itself at every size and in both themes") {
    const char* folder = std::getenv("DRIFTGLASS_PICTURES");
    Graphics graphics({.hidden = true});
    for (const bool dark : {true, false}) {
        for (const auto& [width, height] : {std::pair{1280, 720}, {1920, 1080}, {3840, 2160}}) {
            test::SyntheticLab lab(default_scene());
            UiState ui;
            ui.dark = dark;
            ui.playing = false;
            Studio studio(lab.engine(), ui, {.pictures = true, .native_dialogs = false});
            screenshot(studio, graphics, width, height, 1, 2);
            paint(lab);
            const auto rgba = screenshot(studio, graphics, width, height, 1, 4);
            REQUIRE(rgba.size() == static_cast<std::size_t>(width) * height * 4);
            // Many greys and hues: neither blank nor one flat ground.
            std::set<std::uint32_t> colours;
            for (std::size_t i = 0; i + 3 < rgba.size(); i += 4)
                colours.insert(rgba[i] | rgba[i + 1] << 8 | rgba[i + 2] << 16);
            CHECK(colours.size() > 2000);
            if (folder != nullptr) {
                write_png(std::string(folder) + "/" + (dark ? "dark-" : "light-") +
                              std::to_string(height) + ".png",
                          rgba, width, height);
            }
        }
    }
}
