#pragma once

#include <imgui.h>

namespace driftglass {

/// An opaque picture laid into the window pixel on pixel: copied, where an ImGui image would be
/// sampled and blended, which costs a software renderer twenty times as much.
struct PlacedPicture {
    unsigned texture = 0;       ///< RGBA8, row 0 at the bottom
    int width = 0, height = 0;  ///< of the texture
    ImVec2 origin;              ///< of its upper left corner, on a whole framebuffer pixel
};

/// At this point of the list's drawing order.
void place_picture(ImDrawList* list, const PlacedPicture& picture);
/// The picture of a command that place_picture made; null: it is another command.
const PlacedPicture* placed_picture(const ImDrawCmd& command);

}  // namespace driftglass
