#include "app/panels/placed_picture.hpp"

#include <algorithm>
#include <cmath>

#include "app/gl/object.hpp"

namespace driftglass {

namespace {

/// Called by ImGui's OpenGL backend: copies what of the picture lies in the command's clip.
void copy(const ImDrawList*, const ImDrawCmd* command) {
    const auto& picture = *static_cast<const PlacedPicture*>(command->UserCallbackData);
    const ImDrawData& data = *ImGui::GetDrawData();
    const ImVec2 scale = data.FramebufferScale;
    const auto pixel_x = [&](float x) {
        return static_cast<int>(std::lround((x - data.DisplayPos.x) * scale.x));
    };
    const auto pixel_y = [&](float y) {  // from the bottom
        return static_cast<int>(
            std::lround((data.DisplayPos.y + data.DisplaySize.y - y) * scale.y));
    };
    const int left = pixel_x(picture.origin.x);
    const int bottom = pixel_y(picture.origin.y) - picture.height;
    const ImVec4& clip = command->ClipRect;
    const int x0 = std::max(left, pixel_x(clip.x));
    const int x1 = std::min(left + picture.width, pixel_x(clip.z));
    const int y0 = std::max(bottom, pixel_y(clip.w));
    const int y1 = std::min(bottom + picture.height, pixel_y(clip.y));
    if (x0 >= x1 || y0 >= y1) return;

    GLint before = 0;
    glGetIntegerv(GL_READ_FRAMEBUFFER_BINDING, &before);
    const gl::Object<gl::FramebufferKind> reader;
    glBindFramebuffer(GL_READ_FRAMEBUFFER, reader.name());
    glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D,
                           picture.texture, 0);
    glDisable(GL_SCISSOR_TEST);
    glBlitFramebuffer(x0 - left, y0 - bottom, x1 - left, y1 - bottom, x0, y0, x1, y1,
                      GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glEnable(GL_SCISSOR_TEST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, static_cast<GLuint>(before));
}

}  // namespace

void place_picture(ImDrawList* list, const PlacedPicture& picture) {
    PlacedPicture copied = picture;
    list->AddCallback(copy, &copied, sizeof copied);
}

const PlacedPicture* placed_picture(const ImDrawCmd& command) {
    return command.UserCallback == copy
               ? static_cast<const PlacedPicture*>(command.UserCallbackData)
               : nullptr;
}

}  // namespace driftglass
