#pragma once

#include <imgui.h>

#include <string_view>

namespace driftglass {

// What LaTeX does not understand is shown as it is written.

/// `size` is in em of the body text; colours are the caller's.
float formula_width(std::string_view latex, float size = 1.15f);
/// On the baseline of body text that is centred on `y`; returns the width.
float draw_formula(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view latex,
                   float size = 1.15f);

/// Words with formulas between dollar signs: "noise $u/g$". Words are set at `size` em.
float rich_width(std::string_view text, float size = 0.93f);
float draw_rich(ImDrawList* draw, float x, float y, ImU32 ink, ImU32 formula_ink,
                std::string_view text, float size = 0.93f);

/// The same in lines of at most `wrap` pixels from `at` downwards, broken at spaces, and within a
/// word that is longer than a line. Returns how large it is; without `draw` nothing else.
ImVec2 draw_wrapped(ImDrawList* draw, ImVec2 at, float wrap, ImU32 ink, std::string_view text,
                    float size = 0.93f);

}  // namespace driftglass
