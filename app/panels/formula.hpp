#pragma once

#include <imgui.h>

#include <string_view>

namespace driftglass {

/// Formulas of one line, set in Latin Modern Math by the rules of TeX's text style: letters italic,
/// digits upright, relations and operators spaced, sub- and superscripts at 0.7.
///
/// The part of LaTeX that is understood: letters, digits, + - = / ( ) , . | < >, Greek by name
/// (\alpha …), \cdot \times \sim \to \in \partial \nabla \int \infty \emptyset, \mathcal{N},
/// \hat{x}, \mathrm{d}, _ and ^ with a token or a {group}. Anything else is shown as written.
///
/// `size` is in em of the body text; colours are the caller's.
float formula_width(std::string_view latex, float size = 1.15f);
/// Vertically centred on `y` like text of the same row; returns the width.
float draw_formula(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view latex,
                   float size = 1.15f);

/// Words with formulas between dollar signs: "noise $u/g$". Words are set at `size` em.
float rich_width(std::string_view text, float size = 0.93f);
float draw_rich(ImDrawList* draw, float x, float y, ImU32 ink, ImU32 formula_ink,
                std::string_view text, float size = 0.93f);

}  // namespace driftglass
