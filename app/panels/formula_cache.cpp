#include "app/panels/formula_cache.hpp"

#include <imgui_internal.h>
#include <imgui_rich_md/backends/latex/rich_md_latex.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include "driftglass_fonts.hpp"

namespace driftglass {

namespace {

using RichMd::Latex::RenderedFormula;

// What RichMd leaves empty around a formula. Slanted letters reach further out of their box, so a
// thin space of TeX (a sixth of an em) stands at either end.
constexpr int padding = 2;
constexpr float thin_space = 1.0f / 6;

std::vector<std::uint8_t> bytes(std::span<const unsigned char> data) {
    return {data.begin(), data.end()};
}

/// Unknown commands are set in red, letters that the typeface lacks are left out: both are worse
/// than the formula as it was written.
bool understood(const RenderedFormula& formula) {
    bool ink = false;
    for (std::size_t i = 0; i + 3 < formula.Pixels.size(); i += 4) {
        if (formula.Pixels[i + 3] == 0) continue;
        if (formula.Pixels[i + 1] < 128) return false;
        ink = true;
    }
    return ink;
}

std::optional<RenderedFormula> set(std::string_view latex, float size) {
    try {
        RenderedFormula formula =
            RichMd::Latex::Render("\\,{" + std::string(latex) + "}\\,", size, IM_COL32_WHITE,
                                  RichMd::Latex::TexStyle::Text);
        if (understood(formula)) return formula;
    } catch (const std::exception&) {
        // Not LaTeX.
    }
    return {};
}

/// Means of factor x factor pixels of `fine`'s alpha, which starts shift_x, shift_y of its own
/// pixels inside: [height, width, 4], white.
std::vector<std::uint8_t> shrink(const RenderedFormula& fine, int factor, int shift_x, int shift_y,
                                 int width, int height) {
    std::vector<int> sums(static_cast<std::size_t>(width) * height);
    for (int y = 0; y < fine.Height; ++y) {
        const std::uint8_t* row = fine.Pixels.data() + static_cast<std::size_t>(y) * fine.Width * 4;
        int* into = sums.data() + static_cast<std::size_t>((y + shift_y) / factor) * width;
        for (int x = 0; x < fine.Width; ++x)
            into[(x + shift_x) / factor] += row[4 * x + 3];
    }
    std::vector<std::uint8_t> pixels(sums.size() * 4, 255);
    const int whole = factor * factor;
    for (std::size_t i = 0; i < sums.size(); ++i)
        pixels[4 * i + 3] = static_cast<std::uint8_t>((sums[i] + whole / 2) / whole);
    return pixels;
}

/// An id that is invalid where the atlas is full.
ImFontAtlasRectId add_to(ImFontAtlas& atlas, const std::vector<std::uint8_t>& rgba, int width,
                         int height) {
    ImFontAtlasRect rect;
    const ImFontAtlasRectId id = atlas.AddCustomRect(width, height, &rect);
    if (id == ImFontAtlasRectId_Invalid) return id;
    ImTextureData* texture = atlas.TexData;
    ImFontAtlasTextureBlockConvert(
        rgba.data(), ImTextureFormat_RGBA32, width * 4,
        static_cast<unsigned char*>(texture->GetPixelsAt(rect.x, rect.y)), texture->Format,
        texture->GetPitch(), width, height);
    ImFontAtlasTextureBlockQueueUpload(&atlas, texture, rect.x, rect.y, width, height);
    return id;
}

/// RichMd puts every letter on a whole pixel and hints it, which at the size of words spaces them
/// unevenly: set larger and shrunk, each lies where TeX wants it, unhinted as the words around it.
FormulaCache::Entry keep(ImFontAtlas& atlas, std::string_view latex, float size) {
    const int factor = std::clamp(static_cast<int>(std::ceil(100 / size)), 2, 8);
    const auto scale = static_cast<float>(factor);
    const std::optional<RenderedFormula> fine = set(latex, size * scale);
    if (!fine) return {};
    FormulaCache::Entry entry;
    const int origin_x = padding + static_cast<int>(std::lround(thin_space * size * scale));
    entry.left = (origin_x + factor - 1) / factor;
    entry.above = (fine->BaselineY + factor - 1) / factor;
    const int shift_x = entry.left * factor - origin_x;
    const int shift_y = entry.above * factor - fine->BaselineY;
    entry.width = (fine->Width + shift_x + factor - 1) / factor;
    entry.height = (fine->Height + shift_y + factor - 1) / factor;
    entry.advance = static_cast<float>(fine->Width - 2 * padding) / scale - 2 * thin_space * size;
    entry.rect = add_to(atlas, shrink(*fine, factor, shift_x, shift_y, entry.width, entry.height),
                        entry.width, entry.height);
    return entry;
}

}  // namespace

FormulaCache::FormulaCache(ImFontAtlas& atlas) : atlas_(atlas) {
    // Only the first one in a process does anything.
    RichMd::Latex::InitFromMemory(bytes(fonts::latin_modern_math_metrics()),
                                  bytes(fonts::latin_modern_math()));
}

FormulaCache::~FormulaCache() {
    for (const auto& [key, entry] : entries_)
        atlas_.RemoveCustomRect(entry.rect);
}

const FormulaCache::Entry& FormulaCache::find(std::string_view latex, float size) {
    const int frame = ImGui::GetFrameCount();
    const int sixteenths = std::clamp(static_cast<int>(std::lround(size * 16)), 16, 16 * 256);
    auto found = entries_.find(Order::View(sixteenths, latex));
    // An atlas that was cleared has forgotten it.
    if (found != entries_.end() && found->second.rect != ImFontAtlasRectId_Invalid &&
        !atlas_.GetCustomRect(found->second.rect, nullptr)) {
        entries_.erase(found);
        found = entries_.end();
    }
    if (found == entries_.end()) {
        if (entries_.size() >= most) drop_unseen(frame);
        const Entry entry = keep(atlas_, latex, static_cast<float>(sixteenths) / 16);
        found = entries_.emplace(Key{sixteenths, std::string(latex)}, entry).first;
    }
    found->second.last_frame = frame;
    return found->second;
}

void FormulaCache::drop_unseen(int frame) {
    std::erase_if(entries_, [&](const auto& kept) {
        // What the last frame showed may come later in this one.
        if (kept.second.last_frame >= frame - 1) return false;
        atlas_.RemoveCustomRect(kept.second.rect);
        return true;
    });
}

}  // namespace driftglass
