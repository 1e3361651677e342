#include <numbers>

#include "app/gl/framebuffer.hpp"
#include "app/layers/lines.hpp"
#include "app/layers/marks.hpp"
#include "tests/app/gl_context.hpp"
#include "tests/test.hpp"

using namespace driftglass;

namespace {

constexpr int side = 64;
const View view{{0, 0, side, side}, side, side, 1};
const Ink white{{1, 1, 1}, 1};

/// What was drawn, in whole pixels of white.
template <class Draw>
double area(Draw draw) {
    gl::Framebuffer target(side, side, gl::Texels::rgba8);
    target.bind();
    glClearColor(0, 0, 0, 0);
    glClear(GL_COLOR_BUFFER_BIT);
    glEnable(GL_BLEND);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    draw();
    double sum = 0;
    const auto pixels = gl::read_pixels(side, side);
    for (std::size_t i = 0; i < pixels.size(); i += 4)
        sum += pixels[i] / 255.0;
    return sum;
}

}  // namespace

TEST_CASE("a mark covers the area of its disc, whatever its glyph") {
    const auto context = tests::gl_context();
    if (!context) return;
    MarkPainter painter;
    for (const Glyph glyph : {Glyph::disc, Glyph::diamond, Glyph::triangle, Glyph::square}) {
        for (const float radius : {3.0f, 9.0f}) {
            const double drawn = area([&] {
                const Mark marks[] = {mark(31.3f, 32.8f, radius, white, glyph)};
                painter.upload(marks);
                painter.draw(view);
            });
            INFO("glyph " << int(glyph) << ", radius " << radius);
            // Smoothing rounds corners: a triangle loses most, by the width of a pixel.
            CHECK(drawn == Approx(std::numbers::pi * radius * radius).epsilon(0.06));
        }
    }
    // Smaller than a pixel it dims instead of vanishing.
    const double dot = area([&] {
        const Mark marks[] = {mark(31.5f, 32.5f, 0.3f, white)};
        painter.upload(marks);
        painter.draw(view);
    });
    CHECK(dot == Approx(std::numbers::pi * 0.09).epsilon(0.35));
}

TEST_CASE("a line covers its length times its width, bends included") {
    const auto context = tests::gl_context();
    if (!context) return;
    LinePainter painter;
    for (const float half : {0.3f, 0.6f, 2.5f}) {
        LineBatch batch;
        std::vector<LinePoint> arc;
        for (int i = 0; i <= 40; ++i) {
            const float angle = 0.04f * static_cast<float>(i);
            arc.push_back(
                {10 + 40 * std::sin(angle), 10 + 40 * (1 - std::cos(angle)), half, white});
        }
        batch.add(arc);
        const double drawn = area([&] { painter.draw(batch, view); });
        INFO("half width " << half);
        CHECK(drawn == Approx(40 * 1.6 * 2 * half).epsilon(0.06));
    }
}

TEST_CASE("half-transparent bends are painted once") {
    const auto context = tests::gl_context();
    if (!context) return;
    LinePainter painter;
    LineBatch batch;
    const Ink half{{1, 1, 1}, 0.5f};
    const LinePoint bend[] = {{10, 20, 3, half}, {30, 20, 3, half}, {44, 34, 3, half}};
    batch.add(bend);
    gl::Framebuffer target(side, side, gl::Texels::rgba8);
    target.bind();
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    painter.draw(batch, view);
    int most = 0;
    const auto pixels = gl::read_pixels(side, side);
    for (std::size_t i = 0; i < pixels.size(); i += 4)
        most = std::max<int>(most, pixels[i]);
    CHECK(most == Approx(128).margin(2));
}

TEST_CASE("lines break where a point cannot be drawn, and degenerate ones are none") {
    LineBatch batch;
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const LinePoint broken[] = {{0, 0, 1, white},  {10, 0, 1, white}, {nan, 0, 1, white},
                                {20, 0, 1, white}, {30, 0, 1, white}, {1e30f, 0, 1, white},
                                {40, 40, 1, white}};
    batch.add(broken);
    CHECK(batch.indices.size() == 2 * 6);
    for (const auto& vertex : batch.vertices)
        CHECK(drawable(vertex.x, vertex.y));
    batch.clear();
    const LinePoint same[] = {{5, 5, 1, white}, {5, 5, 1, white}, {5, 5, 1, white}};
    batch.add(same);
    batch.add({});
    batch.add(std::span(same, 1));
    CHECK(batch.indices.empty());
    const LinePoint straight[] = {{0, 0, 1, white}, {10, 0, 1, white}, {20, 0, 1, white}};
    batch.add(straight);
    CHECK(batch.indices.size() == 6);  // the middle point says nothing
}
