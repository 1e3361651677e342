#include "app/panels/formula.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "app/panels/design.hpp"

namespace driftglass {

namespace {

// Shares of the type size, after TeX (The TeXbook, appendix G) as seen in Latin Modern.
constexpr float script_scale = 0.7f;
constexpr float subscript_drop = 0.2f;
constexpr float superscript_rise = 0.38f;
constexpr float relation_space = 0.28f;
constexpr float operator_space = 0.2f;
constexpr float punctuation_space = 0.17f;

struct Named {
    std::string_view name;
    ImWchar glyph;
    float space;  ///< on either side
};

constexpr ImWchar italic_alpha = 0x1D6FC;
constexpr std::array<std::string_view, 25> greek = {
    "alpha", "beta",   "gamma",   "delta", "epsilon", "zeta",    "eta",  "theta", "iota",
    "kappa", "lambda", "mu",      "nu",    "xi",      "omicron", "pi",   "rho",   "varsigma",
    "sigma", "tau",    "upsilon", "phi",   "chi",     "psi",     "omega"};
constexpr std::array<Named, 12> named = {{{"cdot", 0x22C5, operator_space},
                                          {"times", 0xD7, operator_space},
                                          {"sim", 0x223C, relation_space},
                                          {"to", 0x2192, relation_space},
                                          {"in", 0x2208, relation_space},
                                          {"partial", 0x2202, 0},
                                          {"nabla", 0x2207, 0},
                                          {"int", 0x222B, 0},
                                          {"infty", 0x221E, 0},
                                          {"emptyset", 0x2205, 0},
                                          {"mid", '|', relation_space},
                                          {"log", 0, 0}}};

void append_utf8(std::string& text, ImWchar c) {
    const auto put = [&](unsigned byte) { text.push_back(static_cast<char>(byte)); };
    const auto code = static_cast<unsigned>(c);
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6), put(0x80 | (code & 63));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    } else {
        put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 63));
        put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
    }
}

ImWchar math_italic(char letter) {
    if (letter == 'h') return 0x210E;  // Planck's constant has that place
    if (letter >= 'a' && letter <= 'z') return 0x1D44E + static_cast<ImWchar>(letter - 'a');
    return 0x1D434 + static_cast<ImWchar>(letter - 'A');
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Walks a formula once; draws where there is a list, measures in any case.
class Setter {
public:
    Setter(ImDrawList* draw, ImU32 ink) : draw_(draw), ink_(ink) {}

    /// Sets `latex` from x on with its baseline at y; returns the x after it.
    float set(float x, float baseline, float size, std::string_view latex) const {
        std::size_t i = 0;
        float script_x = x;      // where a script of the last nucleus starts
        float after_script = x;  // the furthest that scripts of this nucleus reach
        while (i < latex.size()) {
            const char c = latex[i];
            if (c == '_' || c == '^') {
                ++i;
                const std::string_view script = take_argument(latex, i);
                const float shift = c == '_' ? subscript_drop : -superscript_rise;
                const float end =
                    set(script_x, baseline + shift * size, size * script_scale, script);
                after_script = std::max(after_script, end + size * 0.03f);
                x = std::max(x, after_script);
                continue;
            }
            x = set_nucleus(x, baseline, size, latex, i);
            script_x = after_script = x;
        }
        return x;
    }

private:
    static std::string_view take_argument(std::string_view latex, std::size_t& i) {
        if (i >= latex.size()) return {};
        if (latex[i] == '{') {
            const std::size_t start = ++i;
            int depth = 1;
            while (i < latex.size() && depth > 0) {
                if (latex[i] == '{') ++depth;
                if (latex[i] == '}') --depth;
                ++i;
            }
            return latex.substr(start, i - start - 1);
        }
        const std::size_t start = i++;
        if (latex[start] == '\\') {
            while (i < latex.size() && is_letter(latex[i]))
                ++i;
        }
        return latex.substr(start, i - start);
    }

    float set_nucleus(float x, float baseline, float size, std::string_view latex,
                      std::size_t& i) const {
        const char c = latex[i];
        if (c == '\\') return set_command(x, baseline, size, latex, i);
        if (c == '{') {
            return set(x, baseline, size, take_argument(latex, i));
        }
        ++i;
        if (c == ' ') return x;
        if (is_letter(c)) return glyph(x, baseline, size, math_italic(c));
        if (c == '=' || c == '<' || c == '>')
            return spaced(x, baseline, size, static_cast<ImWchar>(c), relation_space);
        if (c == '+') return spaced(x, baseline, size, '+', operator_space);
        if (c == '-') return spaced(x, baseline, size, 0x2212, operator_space);
        x = glyph(x, baseline, size, static_cast<ImWchar>(static_cast<unsigned char>(c)));
        return c == ',' ? x + punctuation_space * size : x;
    }

    float set_command(float x, float baseline, float size, std::string_view latex,
                      std::size_t& i) const {
        const std::string_view name = take_argument(latex, i).substr(1);
        if (name == "mathcal") {
            const std::string_view letter = take_argument(latex, i);
            const ImWchar script =
                letter.empty() ? ' ' : 0x1D49C + static_cast<ImWchar>(letter[0] - 'A');
            return glyph(x, baseline, size, script);
        }
        if (name == "mathrm") return upright(x, baseline, size, take_argument(latex, i));
        if (name == "log") return upright(x, baseline, size, "log") + 0.17f * size;
        if (name == "hat") {
            const std::string_view under = take_argument(latex, i);
            const float end = set(x, baseline, size, under);
            const float mark = glyph_width(size, 0x02C6);
            glyph((x + end - mark) / 2 + 0.06f * size, baseline, size, 0x02C6);
            return end;
        }
        const auto letter = std::find(greek.begin(), greek.end(), name);
        if (letter != greek.end())
            return glyph(x, baseline, size,
                         italic_alpha + static_cast<ImWchar>(letter - greek.begin()));
        for (const Named& symbol : named) {
            if (symbol.name == name) return spaced(x, baseline, size, symbol.glyph, symbol.space);
        }
        return upright(x, baseline, size, name);
    }

    float upright(float x, float baseline, float size, std::string_view word) const {
        for (const char c : word)
            x = glyph(x, baseline, size, static_cast<ImWchar>(static_cast<unsigned char>(c)));
        return x;
    }

    float spaced(float x, float baseline, float size, ImWchar c, float space) const {
        return glyph(x + space * size, baseline, size, c) + space * size;
    }

    float glyph_width(float size, ImWchar c) const { return glyph(0, 0, size, c, false); }

    float glyph(float x, float baseline, float size, ImWchar c, bool visible = true) const {
        std::string text;
        append_utf8(text, c);
        ImFont* font = design().fonts.math;
        ImFontBaked* baked = font->GetFontBaked(line_of(font, size));
        const ImFontGlyph* found = baked->FindGlyph(c);
        if (draw_ != nullptr && visible) {
            draw_->AddText(font, baked->Size, {x, baseline - baked->Ascent}, ink_, text.c_str());
        }
        return x + found->AdvanceX;
    }

    // ImGui sizes a font by ascent + descent. Latin Modern Math's are 0.806 and 0.194 em.
    static float line_of(ImFont*, float size) { return size; }

    ImDrawList* draw_;
    ImU32 ink_;
};

}  // namespace

float formula_width(std::string_view latex, float size) {
    return Setter(nullptr, 0).set(0, 0, em(size), latex);
}

float draw_formula(ImDrawList* draw, float x, float y, ImU32 ink, std::string_view latex,
                   float size) {
    // The row's text has its baseline this far below its middle (Roboto).
    const float baseline = std::round(y + em(0.345f));
    return Setter(draw, ink).set(x, baseline, em(size), latex) - x;
}

namespace {

template <class Words, class Formula>
void split(std::string_view text, Words words, Formula formula) {
    bool in_formula = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('$'), text.size());
        const std::string_view part = text.substr(0, end);
        if (!part.empty()) in_formula ? formula(part) : words(part);
        text.remove_prefix(std::min(end + 1, text.size()));
        in_formula = !in_formula;
    }
}

constexpr float formula_to_text = 1.2f;
constexpr float beside_words = 0.08f;  // em, between words and a formula

}  // namespace

float rich_width(std::string_view text, float size) {
    float width = 0;
    split(
        text, [&](std::string_view words) { width += text_width(words, {size}); },
        [&](std::string_view latex) {
            width += formula_width(latex, size * formula_to_text) + 2 * em(beside_words);
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
            x += draw_formula(draw, x, y, formula_ink, latex, size * formula_to_text);
            x += em(beside_words);
        });
    return x - start;
}

}  // namespace driftglass
