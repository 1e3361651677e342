#include "app/window/retained_frame.hpp"

#include <glad/gl.h>
#include <imgui_impl_opengl3.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "app/panels/design.hpp"
#include "app/panels/placed_picture.hpp"

namespace driftglass {

namespace {

using Box = RetainedFrame::Box;

Box joined(const Box& a, const Box& b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    return {std::min(a.x0, b.x0), std::min(a.y0, b.y0), std::max(a.x1, b.x1), std::max(a.y1, b.y1)};
}

Box common(const Box& a, const Box& b) {
    return {std::max(a.x0, b.x0), std::max(a.y0, b.y0), std::min(a.x1, b.x1), std::min(a.y1, b.y1)};
}

Box clip_of(const ImDrawCmd& command) {
    const ImVec4& r = command.ClipRect;
    return {r.x, r.y, r.z, r.w};
}

/// Where the placed picture of a command shows.
Box box_of(const PlacedPicture& picture, const ImDrawCmd& command, ImVec2 scale) {
    const Box whole{picture.origin.x, picture.origin.y,
                    picture.origin.x + static_cast<float>(picture.width) / scale.x,
                    picture.origin.y + static_cast<float>(picture.height) / scale.y};
    return common(whole, clip_of(command));
}

/// Where all of them show.
std::vector<Box> pictures_of(const ImDrawData& data) {
    std::vector<Box> boxes;
    for (const ImDrawList* list : data.CmdLists) {
        for (const ImDrawCmd& command : list->CmdBuffer) {
            if (const PlacedPicture* picture = placed_picture(command))
                boxes.push_back(box_of(*picture, command, data.FramebufferScale));
        }
    }
    return boxes;
}

template <class Vertices>
void reach(Box& box, const Vertices& vertices, std::size_t i) {
    const ImVec2& p = vertices[static_cast<int>(i)].pos;
    box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x),
           std::max(box.y1, p.y)};
}

constexpr Box nowhere{1e9f, 1e9f, -1e9f, -1e9f};

template <class T>
bool same(const std::vector<T>& a, const ImVector<T>& b) {
    const auto n = static_cast<std::size_t>(b.Size);
    return a.size() == n && (n == 0 || std::memcmp(a.data(), b.Data, n * sizeof(T)) == 0);
}

/// Boxes that meet become one, until none meet: what is drawn in one is not drawn in another.
void merge(std::vector<Box>& boxes) {
    for (std::size_t i = 0; i < boxes.size();) {
        const auto other =
            std::find_if(boxes.begin() + static_cast<std::ptrdiff_t>(i) + 1, boxes.end(),
                         [&](const Box& b) { return !common(boxes[i], b).empty(); });
        if (other == boxes.end()) {
            ++i;
            continue;
        }
        boxes[i] = joined(boxes[i], *other);
        boxes.erase(other);
        i = 0;
    }
}

}  // namespace

std::vector<Box> RetainedFrame::damage(const ImDrawData& data) {
    std::vector<Box> boxes;
    std::vector<std::string> order;
    std::map<std::string, int> times;
    const Box screen{data.DisplayPos.x, data.DisplayPos.y, data.DisplayPos.x + data.DisplaySize.x,
                     data.DisplayPos.y + data.DisplaySize.y};
    ++frame_;
    for (const ImDrawList* list : data.CmdLists) {
        const std::string owner = list->_OwnerName != nullptr ? list->_OwnerName : "";
        const std::string name = owner + "#" + std::to_string(times[owner]++);
        order.push_back(name);
        Kept& kept = kept_[name];
        kept.seen = frame_;

        std::vector<Part> parts;
        for (const ImDrawCmd& command : list->CmdBuffer) {
            if (const PlacedPicture* picture = placed_picture(command)) {
                const Box box = box_of(*picture, command, data.FramebufferScale);
                parts.push_back({box, static_cast<ImTextureID>(picture->texture), 0, 0, 0});
                continue;
            }
            if (command.UserCallback != nullptr) continue;
            parts.push_back({clip_of(command), command.GetTexID(), command.VtxOffset,
                             command.IdxOffset, command.ElemCount});
        }
        const bool same_vertices = same(kept.vertices, list->VtxBuffer);
        const bool same_indices = same(kept.indices, list->IdxBuffer);
        if (same_vertices && same_indices && parts == kept.parts) continue;

        // Where a part's triangles lie, all or (with both counts the same) those that changed.
        const bool comparable =
            same_indices && parts.size() == kept.parts.size() &&
            kept.vertices.size() == static_cast<std::size_t>(list->VtxBuffer.Size);
        Box bounds, changed;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const Part& part = parts[i];
            const bool same_part = comparable && part == kept.parts[i];
            Box all = nowhere, moved = nowhere;
            for (unsigned k = part.index_offset; k + 2 < part.index_offset + part.count; k += 3) {
                bool differs = false;
                std::array<std::size_t, 3> corner{};
                for (unsigned c = 0; c < 3; ++c) {
                    corner[c] = part.vertex_offset + list->IdxBuffer[static_cast<int>(k + c)];
                    reach(all, list->VtxBuffer, corner[c]);
                    differs = differs || (same_part && !same_vertices &&
                                          std::memcmp(&kept.vertices[corner[c]],
                                                      &list->VtxBuffer[static_cast<int>(corner[c])],
                                                      sizeof(ImDrawVert)) != 0);
                }
                if (!differs) continue;
                for (const std::size_t at : corner) {
                    reach(moved, list->VtxBuffer, at);
                    const ImVec2& before = kept.vertices[at].pos;
                    moved = {std::min(moved.x0, before.x), std::min(moved.y0, before.y),
                             std::max(moved.x1, before.x), std::max(moved.y1, before.y)};
                }
            }
            all = part.count == 0 ? part.clip : common(all, part.clip);
            bounds = joined(bounds, all);
            if (same_part) {
                changed = joined(changed, common(moved, part.clip));
            } else if (comparable) {
                // Its old place is not known alone: what the whole list covered covers it.
                changed = joined(
                    changed, same_vertices && part.clip == kept.parts[i].clip ? all : kept.bounds);
                changed = joined(changed, all);
            }
        }
        boxes.push_back(comparable ? changed : joined(kept.bounds, bounds));
        kept.bounds = bounds;
        kept.parts = std::move(parts);
        kept.vertices.assign(list->VtxBuffer.begin(), list->VtxBuffer.end());
        kept.indices.assign(list->IdxBuffer.begin(), list->IdxBuffer.end());
    }
    for (auto it = kept_.begin(); it != kept_.end();) {
        if (it->second.seen == frame_) {
            ++it;
            continue;
        }
        boxes.push_back(it->second.bounds);
        it = kept_.erase(it);
    }
    // Where lists change places, what covered what is not known.
    std::vector<std::string> before;
    std::copy_if(order_.begin(), order_.end(), std::back_inserter(before),
                 [&](const std::string& name) { return kept_.contains(name); });
    std::vector<std::string> after;
    std::copy_if(order.begin(), order.end(), std::back_inserter(after), [&](const auto& name) {
        return std::find(order_.begin(), order_.end(), name) != order_.end();
    });
    if (before != after) boxes = {screen};
    order_ = std::move(order);

    for (Box& box : boxes) {
        if (box.empty()) continue;
        const ImVec2& scale = data.FramebufferScale;
        const auto down = [](float x, float s) { return std::floor(x * s) / s; };
        const auto up = [](float x, float s) { return std::ceil(x * s) / s; };
        box = common(screen, {down(box.x0, scale.x), down(box.y0, scale.y), up(box.x1, scale.x),
                              up(box.y1, scale.y)});
    }
    std::erase_if(boxes, [](const Box& box) { return box.empty(); });
    merge(boxes);
    return boxes;
}

void RetainedFrame::draw_boxes(ImDrawData& data, const std::vector<Box>& boxes, Rgb ground) {
    const ImVec2 scale = data.FramebufferScale;
    const ImVec4 colour = colour4(ground);
    glClearColor(colour.x, colour.y, colour.z, 1);
    const std::vector<Box> pictures = pictures_of(data);
    glEnable(GL_SCISSOR_TEST);
    for (const Box& box : boxes) {
        const int x = static_cast<int>(std::lround((box.x0 - data.DisplayPos.x) * scale.x));
        const int right = static_cast<int>(std::lround((box.x1 - data.DisplayPos.x) * scale.x));
        const int top = static_cast<int>(std::lround((box.y0 - data.DisplayPos.y) * scale.y));
        const int bottom = static_cast<int>(std::lround((box.y1 - data.DisplayPos.y) * scale.y));
        // A picture leaves nothing of what was there.
        const bool covered = std::any_of(pictures.begin(), pictures.end(),
                                         [&](const Box& one) { return common(one, box) == box; });
        if (!covered) {
            glScissor(x, picture_.height() - bottom, right - x, bottom - top);
            glClear(GL_COLOR_BUFFER_BIT);
        }
        pixels_drawn_ += static_cast<long long>(right - x) * (bottom - top);
    }
    glDisable(GL_SCISSOR_TEST);

    // ImGui's backend clips by command: each goes once for every box that it meets.
    ImVector<ImDrawList*> all = data.CmdLists;
    ImVector<ImDrawList*> some;
    std::vector<ImVector<ImDrawCmd>> whole(static_cast<std::size_t>(all.Size));
    for (int i = 0; i < all.Size; ++i) {
        ImVector<ImDrawCmd> clipped;
        for (const ImDrawCmd& command : all[i]->CmdBuffer) {
            if (command.UserCallback != nullptr && placed_picture(command) == nullptr) {
                clipped.push_back(command);
                continue;
            }
            for (const Box& box : boxes) {
                const Box part = common(box, clip_of(command));
                if (part.empty()) continue;
                clipped.push_back(command);
                clipped.back().ClipRect = {part.x0, part.y0, part.x1, part.y1};
            }
        }
        if (!clipped.empty()) some.push_back(all[i]);
        all[i]->CmdBuffer.swap(clipped);
        whole[static_cast<std::size_t>(i)].swap(clipped);
    }
    data.CmdLists.swap(some);
    ImGui_ImplOpenGL3_RenderDrawData(&data);
    data.CmdLists.swap(some);
    for (int i = 0; i < all.Size; ++i)
        all[i]->CmdBuffer.swap(whole[static_cast<std::size_t>(i)]);
}

void update_textures() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        if (texture->Status != ImTextureStatus_OK) ImGui_ImplOpenGL3_UpdateTexture(texture);
    }
}

bool RetainedFrame::draw(ImDrawData& data, Rgb ground) {
    update_textures();
    const int width = static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x + 0.5f);
    const int height = static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y + 0.5f);
    if (width <= 0 || height <= 0) return false;
    const gl::KeepTarget keep;
    if (picture_.width() != width || picture_.height() != height || ground_ != ground) {
        if (picture_.width() != width || picture_.height() != height)
            picture_ = gl::Framebuffer(width, height, gl::Texels::rgba8);
        ground_ = ground;
        kept_.clear();
        order_.clear();
    }
    const bool afresh = kept_.empty();
    std::vector<Box> boxes = damage(data);
    if (afresh) {
        const ImVec2& at = data.DisplayPos;
        boxes = {{at.x, at.y, at.x + data.DisplaySize.x, at.y + data.DisplaySize.y}};
    }
    if (boxes.empty()) return false;
    picture_.bind();
    draw_boxes(data, boxes, ground);
    return true;
}

void RetainedFrame::show() const {
    picture_.copy_to_bound();
}

}  // namespace driftglass
