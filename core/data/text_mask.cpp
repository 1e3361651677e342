#include <stb_truetype.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/data/pixel_mask.hpp"
#include "core/error.hpp"
#include "driftglass_fonts.hpp"

namespace driftglass {
namespace {

constexpr int pixels_per_line = 96;
constexpr std::size_t most_letters = 200;

/// Code points of UTF-8; a broken sequence becomes U+FFFD.
std::vector<int> code_points(const std::string& text) {
    std::vector<int> points;
    for (std::size_t i = 0; i < text.size();) {
        const unsigned char lead = static_cast<unsigned char>(text[i++]);
        const int more = lead < 0x80 ? 0 : lead < 0xc0 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        int point = more <= 0 ? lead : lead & (0x3f >> more);
        bool good = more >= 0;
        for (int k = 0; k < more && good; ++k) {
            good = i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
            if (good) {
                point = point << 6 | (text[i++] & 0x3f);
            }
        }
        points.push_back(good ? point : 0xfffd);
    }
    return points;
}

struct Letter {
    int glyph = 0;
    int left = 0;  ///< of its bitmap, pixels
    int top = 0;
    int width = 0;
    int height = 0;
};

}  // namespace

PixelMask text_mask(const std::string& text) {
    const std::vector<int> points = code_points(text);
    if (points.size() > most_letters) {
        throw Error("data.text: expected at most " + std::to_string(most_letters) +
                    " letters, found " + std::to_string(points.size()));
    }
    const std::span<const unsigned char> bytes = fonts::roboto_medium();
    stbtt_fontinfo font;
    if (stbtt_InitFont(&font, bytes.data(), stbtt_GetFontOffsetForIndex(bytes.data(), 0)) == 0) {
        throw std::logic_error("the embedded font cannot be read");
    }
    const float scale = stbtt_ScaleForPixelHeight(&font, pixels_per_line);

    std::vector<Letter> letters;
    float pen = 0;
    int baseline = 0;
    int previous = 0;
    for (const int point : points) {
        if (point == '\n') {
            pen = 0;
            baseline += pixels_per_line;
            previous = 0;
            continue;
        }
        Letter letter;
        letter.glyph = stbtt_FindGlyphIndex(&font, point);
        if (previous != 0) {
            pen += scale *
                   static_cast<float>(stbtt_GetGlyphKernAdvance(&font, previous, letter.glyph));
        }
        int x0 = 0;
        int y0 = 0;
        int x1 = 0;
        int y1 = 0;
        stbtt_GetGlyphBitmapBox(&font, letter.glyph, scale, scale, &x0, &y0, &x1, &y1);
        letter.left = static_cast<int>(std::lround(pen)) + x0;
        letter.top = baseline + y0;
        letter.width = x1 - x0;
        letter.height = y1 - y0;
        if (letter.width > 0 && letter.height > 0) letters.push_back(letter);
        int advance = 0;
        stbtt_GetGlyphHMetrics(&font, letter.glyph, &advance, nullptr);
        pen += scale * static_cast<float>(advance);
        previous = letter.glyph;
    }
    if (letters.empty()) throw Error("data.text: expected at least one letter that leaves a mark");

    int left = letters[0].left;
    int top = letters[0].top;
    int right = left;
    int bottom = top;
    for (const Letter& letter : letters) {
        left = std::min(left, letter.left);
        top = std::min(top, letter.top);
        right = std::max(right, letter.left + letter.width);
        bottom = std::max(bottom, letter.top + letter.height);
    }
    PixelMask mask;
    mask.columns = right - left;
    mask.rows = bottom - top;
    mask.pixel = 4.0 / std::max(mask.columns, mask.rows);
    const std::size_t stride = static_cast<std::size_t>(mask.columns);
    mask.weights.assign(stride * static_cast<std::size_t>(mask.rows), 0);
    mask.labels.assign(mask.weights.size(), -1);
    std::vector<unsigned char> bitmap;
    for (std::size_t index = 0; index < letters.size(); ++index) {
        const Letter& letter = letters[index];
        const std::size_t width = static_cast<std::size_t>(letter.width);
        bitmap.assign(width * static_cast<std::size_t>(letter.height), 0);
        stbtt_MakeGlyphBitmap(&font, bitmap.data(), letter.width, letter.height, letter.width,
                              scale, scale, letter.glyph);
        for (std::size_t i = 0; i < bitmap.size(); ++i) {
            const std::size_t row = static_cast<std::size_t>(letter.top - top) + i / width;
            const std::size_t column = static_cast<std::size_t>(letter.left - left) + i % width;
            const float weight = static_cast<float>(bitmap[i]) / 255;
            float& there = mask.weights[row * stride + column];
            if (weight <= there) continue;
            there = weight;
            mask.labels[row * stride + column] = static_cast<int>(index);
        }
    }
    return mask;
}

}  // namespace driftglass
