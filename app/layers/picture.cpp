#include "app/layers/picture.hpp"

namespace driftglass {

PicturePainter::PicturePainter() : program_(gl::load_program("picture.vert", "picture.frag")) {}

void PicturePainter::draw(const gl::Framebuffer& picture) const {
    program_.use();
    program_.set("picture", 0);
    picture.texture().bind(0);
    glBindVertexArray(nothing_.name());
    glDrawArrays(GL_TRIANGLES, 0, 3);
    glBindVertexArray(0);
}

}  // namespace driftglass
