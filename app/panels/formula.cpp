#include "app/panels/formula.hpp"

#include <algorithm>
#include <cmath>

#include "app/panels/design.hpp"
#include "app/panels/formula_cache.hpp"

namespace driftglass {

namespace {

constexpr float formula_to_text = 1.2f;
constexpr float beside_words = 0.08f;  // em, between words and a formula

/// In a row of words of `row_size` em, centred on y.
float draw_in_row(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view latex, float size,
                  float row_size) {
    const FormulaCache::Entry& entry = design().formulas->find(latex, em(size));
    if (entry.rect == ImFontAtlasRectId_Invalid) {
        draw_text(draw, x, y, ink, latex, {row_size});
        return text_width(latex, {row_size});
    }
    const ImVec2 corner(std::round(x) - static_cast<float>(entry.left),
                        text_baseline(y, {row_size}) - static_cast<float>(entry.above));
    // Asked for last: a letter that comes new into the atlas may move what is there.
    const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    ImFontAtlasRect there;
    if (atlas.GetCustomRect(entry.rect, &there)) {
        draw->AddImage(atlas.TexRef, corner,
                       {corner.x + static_cast<float>(entry.width),
                        corner.y + static_cast<float>(entry.height)},
                       there.uv0, there.uv1, ink);
    }
    return entry.advance;
}

float width_in_row(std::string_view latex, float size, float row_size) {
    const FormulaCache::Entry& entry = design().formulas->find(latex, em(size));
    return entry.rect == ImFontAtlasRectId_Invalid ? text_width(latex, {row_size}) : entry.advance;
}

template <class Words, class Formula>
void split(std::string_view text, Words words, Formula formula) {
    while (!text.empty()) {
        const std::size_t open = text.find('$');
        const std::size_t close = open == std::string_view::npos ? open : text.find('$', open + 1);
        if (close == std::string_view::npos) return words(text);
        if (open > 0) words(text.substr(0, open));
        if (close > open + 1) formula(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
}

}  // namespace

float formula_width(std::string_view latex, float size) {
    return width_in_row(latex, size, 1);
}

float draw_formula(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view latex,
                   float size) {
    return draw_in_row(draw, x, y, ink, latex, size, 1);
}

float rich_width(std::string_view text, float size) {
    float width = 0;
    split(
        text, [&](std::string_view words) { width += text_width(words, {size}); },
        [&](std::string_view latex) {
            width += width_in_row(latex, size * formula_to_text, size) + 2 * em(beside_words);
        });
    return width;
}

float draw_rich(ImDrawList* draw, float x, float y, ImU32 ink, ImU32 formula_ink,
                std::string_view text, float size) {
    const float start = x;
    split(
        text,
        [&](std::string_view words) {
            draw_text(draw, x, y, ink, words, {size});
            x += text_width(words, {size});
        },
        [&](std::string_view latex) {
            x += em(beside_words);
            x += draw_in_row(draw, x, y, formula_ink, latex, size * formula_to_text, size);
            x += em(beside_words);
        });
    return x - start;
}

ImVec2 draw_wrapped(ImDrawList* draw, ImVec2 at, float wrap, ImU32 ink, std::string_view text,
                    float size) {
    const float pitch = font_size(size);
    const float space = text_width(" ", {size});
    ImVec2 extent{0, text.empty() ? 0 : pitch};
    float x = 0;
    const auto next_line = [&] {
        x = 0;
        extent.y += pitch;
    };
    const auto put = [&](std::string_view word) {
        const float width = rich_width(word, size);
        if (x > 0 && x + space + width > wrap) next_line();
        if (x > 0) x += space;
        if (draw != nullptr)
            draw_rich(draw, at.x + x, at.y + extent.y - pitch / 2, ink, ink, word, size);
        x += width;
        extent.x = std::max(extent.x, x);
    };
    while (!text.empty()) {
        std::size_t end = 0;
        for (bool formula = false; end < text.size(); ++end) {
            if (text[end] == '$' && (formula || text.find('$', end + 1) != text.npos))
                formula = !formula;
            if (!formula && (text[end] == ' ' || text[end] == '\n')) break;
        }
        std::string_view word = text.substr(0, end);
        while (word.find('$') == word.npos && rich_width(word, size) > wrap) {
            std::size_t part = word.size() - 1;
            // Not within a letter of several bytes.
            while (part > 1 && ((static_cast<unsigned char>(word[part]) & 0xC0) == 0x80 ||
                                rich_width(word.substr(0, part), size) > wrap))
                --part;
            put(word.substr(0, part));
            word.remove_prefix(part);
            if (part == 0) break;
            next_line();
        }
        put(word);
        if (end < text.size() && text[end] == '\n') next_line();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return extent;
}

}  // namespace driftglass
