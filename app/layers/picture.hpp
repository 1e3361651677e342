#pragma once

#include "app/gl/framebuffer.hpp"
#include "app/gl/program.hpp"

namespace driftglass {

/// Lays a picture that was drawn on nothing, premultiplied, over the framebuffer that is bound,
/// texel on pixel.
class PicturePainter {
public:
    PicturePainter();
    void draw(const gl::Framebuffer& picture) const;

private:
    gl::VertexArray nothing_;
    gl::Program program_;
};

}  // namespace driftglass
