#include "app/panels/design.hpp"

#include <imgui_internal.h>

#include <algorithm>

namespace driftglass {

ImVec4 colour4(Rgb rgb, float alpha) {
    return {static_cast<float>((rgb >> 16) & 255) / 255, static_cast<float>((rgb >> 8) & 255) / 255,
            static_cast<float>(rgb & 255) / 255, alpha};
}

Rgb mix(Rgb from, Rgb to, float share) {
    Rgb result = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        const auto a = static_cast<float>((from >> shift) & 255);
        const auto b = static_cast<float>((to >> shift) & 255);
        result |= static_cast<Rgb>(std::lround(a + (b - a) * share)) << shift;
    }
    return result;
}

namespace {

ImFont* font_of(Weight weight) {
    const Fonts& fonts = design().fonts;
    return weight == Weight::medium ? fonts.medium : fonts.regular;
}

}  // namespace

float text_width(std::string_view text, TextStyle style) {
    return font_of(style.weight)
        ->CalcTextSizeA(font_size(style.size), 1e9f, 0, text.data(), text.data() + text.size())
        .x;
}

float text_baseline(float y, TextStyle style) {
    constexpr float half_capital = 0.3555f;  // of Roboto's em
    return std::round(y + em(std::max(style.size, 1.0f)) * half_capital);
}

void draw_text(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view text,
               TextStyle style, Align align) {
    if (text.empty()) return;
    const float size = font_size(style.size);
    ImFont* font = font_of(style.weight);
    if (align != Align::left) {
        const float width = text_width(text, style);
        x -= align == Align::right ? width : width / 2;
    }
    const float top = text_baseline(y, style) - font->GetFontBaked(size)->Ascent;
    draw->AddText(font, size, {std::round(x), top}, ink, text.data(), text.data() + text.size());
}

void draw_icon(ImDrawList* draw, float x, float y, ImU32 ink, const char* icon, float size) {
    unsigned int code = 0;
    ImTextCharFromUtf8(&code, icon, nullptr);
    ImFont* font = design().fonts.regular;
    const float pixels = font_size(size);
    const ImFontGlyph* glyph = font->GetFontBaked(pixels)->FindGlyph(static_cast<ImWchar>(code));
    const ImVec2 corner{x - (glyph->X0 + glyph->X1) / 2, y - (glyph->Y0 + glyph->Y1) / 2};
    draw->AddText(font, pixels, {std::round(corner.x), std::round(corner.y)}, ink, icon);
}

}  // namespace driftglass
