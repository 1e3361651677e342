#include "app/panels/settings_panels.hpp"

#include <imgui.h>

#include <utility>

#include "app/panels/design.hpp"

namespace driftglass {

bool opens(Group group) {
    // Pixels of the style sheet: heads with the gaps between them, and what is below each as a
    // scene has it at first. Not as it is now, or a choice that adds a row would close its group.
    constexpr float heads = 7 * 37;
    constexpr std::pair<Group, float> rows[] = {
        {Group::sampler, 6 * 27},     {Group::guidance, 27},     {Group::reflow, 27},
        {Group::layers, 8 * 24 + 27}, {Group::training, 3 * 27}, {Group::path, 2 * 27}};
    float room = ImGui::GetWindowHeight() - px(heads);
    for (const auto& [next, height] : rows) {
        const bool fits = px(height) <= room;
        if (next == group) return fits;
        if (fits) room -= px(height);
    }
    return false;
}

}  // namespace driftglass
