#include "app/panels/formula.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "app/export/off_screen.hpp"
#include "app/panels/formula_cache.hpp"
#include "app/window/graphics.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

constexpr int width = 320, height = 80;
constexpr float middle = 40;

/// One frame of white on the theme's ground, with body text of `size` pixels an em.
Image picture(Graphics& graphics, float size, const std::function<void(ImDrawList*)>& draw) {
    graphics.design().theme = &theme(true);
    graphics.design().em = size;
    return draw_off_screen(width, height, [&] { draw(ImGui::GetForegroundDrawList()); });
}

struct Ink {
    int left = width, right = -1, top = height, bottom = -1;  ///< pixels, inclusive
};

/// Where a picture is at least half white.
Ink ink_of(const Image& image) {
    Ink ink;
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            if (image.rgba[(static_cast<std::size_t>(y) * width + x) * 4] < 140) continue;
            ink.left = std::min(ink.left, x), ink.right = std::max(ink.right, x);
            ink.top = std::min(ink.top, y), ink.bottom = std::max(ink.bottom, y);
        }
    }
    return ink;
}

}  // namespace

TEST_CASE("a formula stands on the baseline of the words beside it, at every size") {
    Graphics graphics({.hidden = true});
    for (const float size : {14.0f, 15.0f, 18.0f, 22.0f, 27.0f, 33.0f, 40.0f}) {
        float baseline = 0;
        const Ink word = ink_of(picture(graphics, size, [](ImDrawList* draw) {
            draw_rich(draw, 20, middle, IM_COL32_WHITE, IM_COL32_WHITE, "H", 1);
        }));
        const Ink formula = ink_of(picture(graphics, size, [](ImDrawList* draw) {
            draw_rich(draw, 20, middle, IM_COL32_WHITE, IM_COL32_WHITE, "$H$", 1);
        }));
        picture(graphics, size, [&](ImDrawList*) { baseline = text_baseline(middle); });
        REQUIRE(formula.right > formula.left);
        CHECK(static_cast<float>(formula.bottom + 1) == baseline);
        // ImGui stretches words to sizes that are not whole: their baseline may lie between pixels.
        CHECK(std::abs(formula.bottom - word.bottom) <= 1);
        // Capitals of Latin Modern are 0.683 em high, and a formula is set at 1.2 em.
        CHECK(std::abs(static_cast<float>(formula.bottom - formula.top + 1) - 0.82f * size) < 1.5f);
    }
}

TEST_CASE("a formula is as wide as it is drawn, and grows with the size") {
    Graphics graphics({.hidden = true});
    float small = 0;
    picture(graphics, 14, [&](ImDrawList* draw) {
        small = formula_width("x_t = \\alpha_t x_0 + \\sigma_t x_1");
        const float drawn =
            draw_formula(draw, 0, middle, IM_COL32_WHITE, "x_t = \\alpha_t x_0 + \\sigma_t x_1");
        CHECK(drawn == small);
        // The same widths, added up in another order.
        CHECK(std::abs(rich_width("$t$ = 0.5") - draw_rich(draw, 0, middle, IM_COL32_WHITE,
                                                           IM_COL32_WHITE, "$t$ = 0.5")) < 1e-3f);
    });
    const Image large = picture(graphics, 28, [&](ImDrawList* draw) {
        const float advance =
            draw_formula(draw, 10, middle, IM_COL32_WHITE, "x_t = \\alpha_t x_0 + \\sigma_t x_1");
        // One pixel of the larger setting that both are shrunk from.
        CHECK(std::abs(advance - 2 * small) < 1);
        const FormulaCache::Entry& entry =
            design().formulas->find("x_t = \\alpha_t x_0 + \\sigma_t x_1", em(1.15f));
        CHECK(entry.advance == advance);
    });
    const Ink ink = ink_of(large);
    CHECK(ink.left >= 10);
    CHECK(static_cast<float>(ink.right) <= 10 + 2 * small);
    // The last digit has white beside it, and TeX a little space after a script.
    CHECK(static_cast<float>(ink.right) >= 10 + 2 * small - 6);
}

TEST_CASE("the colour of a formula is the caller's") {
    Graphics graphics({.hidden = true});
    const Image image = picture(graphics, 40, [](ImDrawList* draw) {
        draw_formula(draw, 20, middle, IM_COL32(0, 255, 0, 255), "W");
    });
    int green = 0;
    for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4)
        green += image.rgba[i] < 60 && image.rgba[i + 1] > 200 && image.rgba[i + 2] < 60;
    CHECK(green > 50);
}

TEST_CASE("what is not LaTeX is shown as it is written") {
    Graphics graphics({.hidden = true});
    picture(graphics, 14, [](ImDrawList* draw) {
        for (const std::string text : {"\\nosuchcommand{x}", "a}", "\xe6\xbc\xa2", " ", ""}) {
            INFO(text);
            CHECK(formula_width(text) == text_width(text));
            CHECK(draw_formula(draw, 0, middle, IM_COL32_WHITE, text) == text_width(text));
        }
        // A dollar sign alone is one.
        CHECK(rich_width("5 $", 1) == text_width("5 $"));
        CHECK(rich_width("", 1) == 0);
        CHECK(rich_width("$$", 1) == 0);
    });
}

TEST_CASE("formulas are set once, and only so many are kept") {
    Graphics graphics({.hidden = true});
    FormulaCache& cache = *graphics.design().formulas;
    ImFontAtlasRectId first = ImFontAtlasRectId_Invalid;
    const auto show = [&] { first = cache.find("W_2", 16).rect; };
    picture(graphics, 14, [&](ImDrawList*) { show(); });
    const ImFontAtlasRectId once = first;
    picture(graphics, 14, [&](ImDrawList*) { show(); });
    CHECK(first == once);
    CHECK(cache.size() == 1);
    for (int frame = 0; frame < 20; ++frame) {
        picture(graphics, 14, [&](ImDrawList*) {
            for (int i = 0; i < 100; ++i)
                cache.find("x_{" + std::to_string(100 * frame + i) + "}", 16);
        });
        CHECK(cache.size() <= FormulaCache::most + 100);
    }
    picture(graphics, 14, [&](ImDrawList*) { show(); });
    CHECK(ImGui::GetIO().Fonts->GetCustomRect(first, nullptr));
    // One frame may show more than that.
    picture(graphics, 14, [&](ImDrawList* draw) {
        for (std::size_t i = 0; i < FormulaCache::most + 50; ++i)
            CHECK(draw_formula(draw, 0, middle, IM_COL32_WHITE, "y_{" + std::to_string(i) + "}") >
                  0);
    });
}
