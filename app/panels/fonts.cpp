#include "app/panels/fonts.hpp"

#include <imgui_freetype.h>

#include <span>

#include "driftglass_fonts.hpp"

namespace driftglass {

namespace {

ImFont* add(std::span<const unsigned char> file, const ImFontConfig* merge = nullptr) {
    ImFontConfig config = merge != nullptr ? *merge : ImFontConfig();
    config.FontDataOwnedByAtlas = false;
    // Hinted advances are whole pixels, which sets words unevenly at this size.
    config.FontLoaderFlags = ImGuiFreeTypeLoaderFlags_NoHinting;
    // The atlas only reads it; the parameter is not const for the case that it owns the data.
    void* data = const_cast<unsigned char*>(file.data());
    return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(file.size()), 0,
                                                      &config);
}

}  // namespace

Fonts load_fonts() {
    Fonts loaded;
    ImFontConfig icons;
    icons.MergeMode = true;
    icons.GlyphOffset = {0, 0};
    loaded.regular = add(fonts::roboto_regular());
    add(fonts::font_awesome(), &icons);
    loaded.medium = add(fonts::roboto_medium());
    add(fonts::font_awesome(), &icons);
    return loaded;
}

}  // namespace driftglass
