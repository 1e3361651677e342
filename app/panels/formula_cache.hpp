#pragma once

#include <imgui.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace driftglass {

/// LaTeX formulas, each set once at each size (by MicroTeX, in Latin Modern Math and TeX's text
/// style) and kept as white pixels in a font atlas: drawing one costs what a word costs, and its
/// colour is the vertices'. Belongs to one ImGui context, whose Design refers to it, and is used
/// between ImGui::NewFrame and ImGui::Render; the atlas must outlive it.
class FormulaCache {
public:
    /// In pixels. The origin is where the formula's baseline starts.
    struct Entry {
        ImFontAtlasRectId rect = ImFontAtlasRectId_Invalid;  ///< invalid: show the words instead
        int width = 0, height = 0;                           ///< of the picture, margins included
        int left = 0, above = 0;  ///< from the picture's upper left corner to the origin
        float advance = 0;
        int last_frame = 0;  ///< in which it was asked for
    };
    /// So many are kept; more only where one frame shows more.
    static constexpr std::size_t most = 512;

    explicit FormulaCache(ImFontAtlas& atlas);
    ~FormulaCache();
    FormulaCache(const FormulaCache&) = delete;
    FormulaCache& operator=(const FormulaCache&) = delete;

    /// The formula at `size` pixels an em, good until the next call. Without a picture where LaTeX
    /// is not understood, or the atlas is full.
    const Entry& find(std::string_view latex, float size);
    std::size_t size() const { return entries_.size(); }

private:
    struct Key {
        int sixteenths;  ///< of a pixel an em
        std::string latex;
        bool operator==(const Key&) const = default;
    };
    /// So that nothing is allocated to look up what is there.
    struct Order {
        using is_transparent = void;
        using View = std::pair<int, std::string_view>;
        static View view(const Key& key) { return {key.sixteenths, key.latex}; }
        static View view(const View& key) { return key; }
        template <class A, class B>
        bool operator()(const A& a, const B& b) const {
            return view(a) < view(b);
        }
    };

    void drop_unseen(int frame);

    ImFontAtlas& atlas_;
    std::map<Key, Entry, Order> entries_;
};

}  // namespace driftglass
