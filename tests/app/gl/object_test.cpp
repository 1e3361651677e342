#include <type_traits>

#include "app/gl/buffer.hpp"
#include "app/gl/framebuffer.hpp"
#include "app/gl/program.hpp"
#include "tests/app/gl_context.hpp"
#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("owners of OpenGL objects cannot be copied") {
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<gl::Buffer>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<gl::VertexArray>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<gl::Texture>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<gl::Framebuffer>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<gl::Program>);
    STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<gl::Texture>);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<gl::Framebuffer>);
    STATIC_REQUIRE(std::is_nothrow_move_assignable_v<gl::Program>);
}

TEST_CASE("an OpenGL object lives exactly as long as its owner") {
    const auto context = tests::gl_context();
    if (!context) return;
    GLuint texture = 0, moved = 0;
    {
        gl::Texture first(4, 4, gl::Texels::rgba8);
        texture = first.name();
        CHECK(glIsTexture(texture));
        const gl::Texture second = std::move(first);
        CHECK(second.name() == texture);
        CHECK(first.name() == 0);  // NOLINT: what a moved-from owner holds is the point
        CHECK(glIsTexture(texture));

        gl::Texture third(2, 2, gl::Texels::rgba8);
        moved = third.name();
        third = gl::Texture(3, 3, gl::Texels::rgba8);
        CHECK_FALSE(glIsTexture(moved));
    }
    CHECK_FALSE(glIsTexture(texture));
    CHECK(glGetError() == GL_NO_ERROR);
}

TEST_CASE("a buffer holds what was uploaded last") {
    const auto context = tests::gl_context();
    if (!context) return;
    gl::Buffer buffer;
    const float first[] = {1, 2, 3, 4};
    const float second[] = {5, 6};
    buffer.upload(GL_ARRAY_BUFFER, std::span<const float>(first), GL_STATIC_DRAW);
    buffer.upload(GL_ARRAY_BUFFER, std::span<const float>(second), GL_STREAM_DRAW);
    GLint size = 0;
    glGetBufferParameteriv(GL_ARRAY_BUFFER, GL_BUFFER_SIZE, &size);
    CHECK(size == sizeof second);
    float read[2] = {};
    glGetBufferSubData(GL_ARRAY_BUFFER, 0, sizeof read, read);
    CHECK(read[0] == 5);
    CHECK(read[1] == 6);
}
