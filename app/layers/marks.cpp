#include "app/layers/marks.hpp"

#include <cstddef>

namespace driftglass {

Mark mark(float x, float y, float radius, const Ink& fill, Glyph glyph) {
    return {x, y, radius, 0, pack(fill), 0, static_cast<float>(glyph)};
}

Mark ring(float x, float y, float radius, float rim, const Ink& fill, const Ink& rim_colour) {
    return {x, y, radius, rim, pack(fill), pack(rim_colour), 0};
}

MarkPainter::MarkPainter() : program_(gl::load_program("mark.vert", "mark.frag")) {
    glBindVertexArray(vertex_array_.name());
    marks_.bind(GL_ARRAY_BUFFER);
    const auto attribute = [](GLuint index, GLint count, GLenum type, GLboolean unit,
                              std::size_t at) {
        glEnableVertexAttribArray(index);
        glVertexAttribPointer(index, count, type, unit, sizeof(Mark),
                              reinterpret_cast<const void*>(at));
    };
    attribute(0, 2, GL_FLOAT, GL_FALSE, offsetof(Mark, x));
    attribute(1, 2, GL_FLOAT, GL_FALSE, offsetof(Mark, radius));
    attribute(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(Mark, fill));
    attribute(3, 4, GL_UNSIGNED_BYTE, GL_TRUE, offsetof(Mark, rim_colour));
    attribute(4, 1, GL_FLOAT, GL_FALSE, offsetof(Mark, glyph));
    glBindVertexArray(0);
}

void MarkPainter::upload(std::span<const Mark> marks, GLenum usage) {
    marks_.upload(GL_ARRAY_BUFFER, marks, usage);
    count_ = static_cast<GLsizei>(marks.size());
}

void MarkPainter::draw(const View& view, bool in_world, float scale) const {
    if (count_ == 0) return;
    program_.use();
    program_.set("size", static_cast<float>(view.width), static_cast<float>(view.height));
    if (in_world) {
        program_.set("to_pixels", view.x_scale(), view.y_scale(), view.world.x_min,
                     view.world.y_min);
    } else {
        program_.set("to_pixels", 1, 1, 0, 0);
    }
    program_.set("radius_scale", scale);
    glEnable(GL_PROGRAM_POINT_SIZE);
    glBindVertexArray(vertex_array_.name());
    glDrawArrays(GL_POINTS, 0, count_);
    glBindVertexArray(0);
    glDisable(GL_PROGRAM_POINT_SIZE);
}

}  // namespace driftglass
