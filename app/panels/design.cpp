#include "app/panels/design.hpp"

#include <cmath>

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
    const float size = em(style.size) * roboto_line;
    return font_of(style.weight)
        ->CalcTextSizeA(size, 1e9f, 0, text.data(), text.data() + text.size())
        .x;
}

float text_baseline(float y, TextStyle style) {
    const float size = em(style.size) * roboto_line;
    // ImGui keeps letters of whole sizes and stretches them to others.
    const ImFontBaked* baked = font_of(style.weight)->GetFontBaked(size);
    return std::round(std::round(y - size / 2) + baked->Ascent * size / baked->Size);
}

void draw_text(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view text,
               TextStyle style, Align align) {
    if (text.empty()) return;
    const float size = em(style.size) * roboto_line;
    if (align != Align::left) {
        const float width = text_width(text, style);
        x -= align == Align::right ? width : width / 2;
    }
    draw->AddText(font_of(style.weight), size, {std::round(x), std::round(y - size / 2)}, ink,
                  text.data(), text.data() + text.size());
}

}  // namespace driftglass
