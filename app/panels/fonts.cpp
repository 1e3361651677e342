#include "app/panels/fonts.hpp"

#include <imgui_freetype.h>
#include <imgui_internal.h>
#include <stb_truetype.h>

#include <span>

#include "driftglass_fonts.hpp"

namespace driftglass {

namespace {

/// FreeType's letter with the typeface's own advance: a hinted one is a whole number of pixels,
/// which sets words unevenly at these sizes.
bool load_letter(ImFontAtlas* atlas, ImFontConfig* source, ImFontBaked* baked, void* data,
                 int index, ImFontGlyph* letter, float* advance) {
    if (!ImGuiFreeType::GetFontLoader()->FontBakedLoadGlyph(atlas, source, baked, data, index,
                                                            letter, advance))
        return false;
    stbtt_fontinfo face;
    if (stbtt_InitFont(&face, static_cast<const unsigned char*>(source->FontData), 0) == 0)
        return true;
    int units = 0;
    stbtt_GetGlyphHMetrics(&face, index, &units, nullptr);
    (advance != nullptr ? *advance : letter->AdvanceX) =
        static_cast<float>(units) * stbtt_ScaleForPixelHeight(&face, baked->Size);
    return true;
}

ImFont* add(std::span<const unsigned char> file, const ImFontConfig* merge = nullptr) {
    ImFontConfig config = merge != nullptr ? *merge : ImFontConfig();
    config.FontDataOwnedByAtlas = false;
    // Heights on whole pixels: the tops of capitals and the baseline are sharp.
    config.FontLoaderFlags = ImGuiFreeTypeLoaderFlags_LightHinting;
    // The atlas only reads it; the parameter is not const for the case that it owns the data.
    void* data = const_cast<unsigned char*>(file.data());
    return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(data, static_cast<int>(file.size()), 0,
                                                      &config);
}

}  // namespace

Fonts load_fonts() {
    static const ImFontLoader loader = [] {
        ImFontLoader made = *ImGuiFreeType::GetFontLoader();
        made.FontBakedLoadGlyph = load_letter;
        return made;
    }();
    ImGui::GetIO().Fonts->SetFontLoader(&loader);
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
