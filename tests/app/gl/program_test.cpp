#include "app/gl/program.hpp"

#include <stdexcept>

#include "tests/app/gl_context.hpp"
#include "tests/test.hpp"

using namespace driftglass;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

constexpr const char* vertex = "#version 330 core\nvoid main() { gl_Position = vec4(0.0); }\n";

}  // namespace

TEST_CASE("a shader that does not compile is named with its file and line") {
    const auto context = tests::gl_context();
    if (!context) return;
    const char* broken =
        "#version 330 core\n"
        "out vec4 colour;\n"
        "void main() {\n"
        "    colour = vec4(no_such_thing);\n"
        "}\n";
    CHECK_THROWS_WITH(gl::Program({"plain.vert", vertex}, {"broken.frag", broken}),
                      StartsWith("shaders/broken.frag:4: ") && Contains("no_such_thing"));
}

TEST_CASE("shaders that do not fit together are both named") {
    const auto context = tests::gl_context();
    if (!context) return;
    const char* gives =
        "#version 330 core\nout vec2 shared_value;\n"
        "void main() { shared_value = vec2(1.0); gl_Position = vec4(0.0); }\n";
    const char* wants =
        "#version 330 core\nin vec3 shared_value;\nout vec4 colour;\n"
        "void main() { colour = vec4(shared_value, 1.0); }\n";
    CHECK_THROWS_WITH(gl::Program({"gives.vert", gives}, {"wants.frag", wants}),
                      Contains("shaders/gives.vert") && Contains("shaders/wants.frag"));
}

TEST_CASE("every embedded program compiles, and an unknown file is our own mistake") {
    const auto context = tests::gl_context();
    if (!context) return;
    CHECK(gl::load_program("line.vert", "line.frag").name() != 0);
    CHECK(gl::load_program("line.vert", "solid_line.frag").name() != 0);
    CHECK(gl::load_program("mark.vert", "mark.frag").name() != 0);
    CHECK_THROWS_AS(gl::load_program("line.vert", "none.frag"), std::logic_error);
    CHECK(glGetError() == GL_NO_ERROR);
}
