#include "app/gl/framebuffer.hpp"

#include "tests/app/gl_context.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("read_pixels has the top row first") {
    const auto context = tests::gl_context();
    if (!context) return;
    gl::Framebuffer picture(3, 2, gl::Texels::rgba8);
    std::vector<std::uint8_t> texels(3 * 2 * 4, 0);
    texels[0] = 200;                // red, lower left
    texels[(3 + 2) * 4 + 1] = 100;  // green, upper right
    picture.upload(texels);
    picture.bind();
    for (const auto& pixels :
         {gl::read_pixels(3, 2), gl::read_pixels(picture.texture().name(), 3, 2)}) {
        REQUIRE(pixels.size() == 24);
        CHECK(pixels[3 * 4] == 200);
        CHECK(pixels[2 * 4 + 1] == 100);
        CHECK(pixels[0] == 0);
    }
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("a picture is copied, and stretched where sizes differ") {
    const auto context = tests::gl_context();
    if (!context) return;
    gl::Framebuffer small(2, 2, gl::Texels::rgba8);
    const std::vector<std::uint8_t> grey(16, 90);
    small.upload(grey);
    gl::Framebuffer same(2, 2, gl::Texels::rgba8), large(7, 5, gl::Texels::rgba8);
    same.copy_from(small);
    large.copy_from(small);
    CHECK(gl::read_pixels(same.texture().name(), 2, 2) == grey);
    CHECK(gl::read_pixels(large.texture().name(), 7, 5) ==
          std::vector<std::uint8_t>(7 * 5 * 4, 90));
}

TEST_CASE("KeepTarget brings back the framebuffer and the viewport") {
    const auto context = tests::gl_context();
    if (!context) return;
    const gl::Framebuffer outer(8, 8, gl::Texels::rgba8), inner(4, 4, gl::Texels::rgba8);
    outer.bind();
    glViewport(1, 2, 3, 4);
    {
        const gl::KeepTarget keep;
        inner.bind();
    }
    GLint bound = 0, viewport[4] = {};
    glGetIntegerv(GL_FRAMEBUFFER_BINDING, &bound);
    glGetIntegerv(GL_VIEWPORT, viewport);
    CHECK(bound != 0);
    CHECK(viewport[0] == 1);
    CHECK(viewport[3] == 4);
    inner.bind();
    GLint other = 0;
    glGetIntegerv(GL_FRAMEBUFFER_BINDING, &other);
    CHECK(other != bound);
}
