#pragma once

#include <imgui.h>

#include <cmath>
#include <string_view>

#include "app/state/theme.hpp"

namespace driftglass {

class FormulaCache;

/// The typefaces, each usable at any size.
struct Fonts {
    ImFont* regular = nullptr;  ///< Roboto, with the icons merged in
    ImFont* medium = nullptr;
};

/// How the interface looks in this frame. It hangs on the ImGui context (io.UserData), so that
/// every panel can ask for it with `design()`.
struct Design {
    const Theme* theme = nullptr;
    Fonts fonts;
    FormulaCache* formulas = nullptr;
    float em = 14;  ///< size of the body text, framebuffer pixels: all other sizes are multiples
};

inline const Design& design() {
    return *static_cast<const Design*>(ImGui::GetIO().UserData);
}
inline const Theme& theme() {
    return *design().theme;
}
/// `factor` times the base font's size, in pixels.
inline float em(float factor = 1) {
    return design().em * factor;
}
/// A size of the style sheet, which is written in pixels at em = 14.
inline float px(float at_14) {
    return design().em * at_14 / 14;
}

inline ImU32 colour(Rgb rgb, float alpha = 1) {
    const auto a = static_cast<ImU32>(alpha * 255 + 0.5f);
    return IM_COL32((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, a);
}
ImVec4 colour4(Rgb rgb, float alpha = 1);
/// A straight mix in sRGB; for interface greys only.
Rgb mix(Rgb from, Rgb to, float share);

/// ImGui measures a font by its line height; Roboto's is 1.172 of its em.
inline constexpr float roboto_line = 1.1719f;
/// `factor` times the body text's size as ImGui wants it: a whole number, for which letters are
/// kept, and not one to which they are stretched.
inline float font_size(float factor = 1) {
    return std::round(em(factor) * roboto_line);
}

enum class Weight { regular, medium };
enum class Align { left, centre, right };

/// `size` in em of the body text.
struct TextStyle {
    float size = 1;
    Weight weight = Weight::regular;
};

float text_width(std::string_view text, TextStyle style = {});
/// One line, vertically centred on `y`; `x` is its left edge, centre or right edge.
void draw_text(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view text,
               TextStyle style = {}, Align align = Align::left);
/// The baseline of such a line, a whole pixel: smaller words stand on that of the body.
float text_baseline(float y, TextStyle style = {});
/// A glyph of icons.hpp, its ink centred on (x, y): on half the height of a capital beside it.
void draw_icon(ImDrawList* draw, float x, float y, ImU32 ink, const char* icon, float size = 1);

}  // namespace driftglass
