#pragma once

#include <imgui.h>

#include <concepts>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "app/state/theme.hpp"
#include "core/names.hpp"

namespace driftglass {

// The controls of the style sheet. Each is an ordinary ImGui item: `id` names it (for ImGui and for
// tests), the label may carry formulas between dollar signs, and the tooltip says what it does.

/// A row of a panel: label to the left, control to the right.
struct Field {
    const char* id;
    const char* label;
    const char* tooltip;
    bool enabled = true;
    float beside = 0;  ///< pixels that stay free at the row's end, for a button
};

enum class Scale {
    linear,
    logarithmic,
    powers_of_two,
    near_one  ///< logarithmic in 1 - value: 0.9, 0.99, 0.999 are even
};

struct Range {
    double low = 0;
    double high = 1;
    Scale scale = Scale::linear;
    double step = 0;  ///< values are multiples of it, linear only; 0: any
    std::function<std::string(double)> show;
    const char* type_format = "%.6g";  ///< of the text box
};

/// Where controls start, as a share of em from the panel's inner left edge.
float label_column();
void set_label_column(float em_wide);

/// Drag anywhere in the frame, or click, which waits for a second one; double-click or Ctrl-click
/// to type. True while the value changes.
bool slider(const Field& field, double* value, const Range& range);
bool slider(const Field& field, int* value, const Range& range);
bool slider(const Field& field, float* value, const Range& range);
/// The same frame without a label column, `width` pixels wide, its name inside it.
bool inline_slider(const Field& field, float width, double* value, const Range& range);

/// Index of what is chosen among `names`; true when another is picked. Names may carry formulas.
bool combo(const Field& field, int* index, std::span<const std::string> names);

/// One of `allowed`, or what it is already; `words` says each.
template <class E, class Words>
bool combo(const Field& field, E* value, std::span<const E> allowed, const Words& words) {
    std::vector<std::string> names;
    int index = -1;
    for (const E choice : allowed) {
        if (choice == *value) index = static_cast<int>(names.size());
        names.emplace_back(words(choice));
    }
    if (index < 0) {
        names.emplace_back(words(*value));
        index = static_cast<int>(names.size()) - 1;
    }
    if (!combo(field, &index, names) || index >= static_cast<int>(allowed.size())) return false;
    *value = allowed[static_cast<std::size_t>(index)];
    return true;
}
/// One of all that the enumeration has.
template <class E, class Words>
    requires std::is_enum_v<E> && std::invocable<const Words&, E>
bool combo(const Field& field, E* value, const Words& words) {
    std::vector<E> all;
    for (const Choice<E>& choice : choices(E{}))
        all.push_back(choice.value);
    return combo<E>(field, value, all, words);
}
template <class E>
bool combo(const Field& field, E* value, std::span<const E> allowed) {
    return combo<E>(field, value, allowed, [](E choice) { return name_of(choice); });
}

/// One of the labels `choices`, each a chip with its glyph, in rows where they are many; true when
/// another is picked.
bool label_chips(const Field& field, int* label, std::span<const int> choices);

/// Whether the window has no height to spare: what is seldom needed starts closed or small.
bool short_window();

/// Small dim text over the panel's width, wrapped; it may carry formulas.
void hint(std::string_view text);

/// A bar filled to `share` with words in it, `width` by `height` at `at`.
void progress(ImVec2 at, float width, float height, float share, std::string_view words, Rgb hue);

/// Head of a group with its chevron; `summary` stands at the right (it may carry formulas). Returns
/// whether the group is open. A line in the window's colour parts it from what stands above.
bool group(const char* id, const char* title, std::string_view summary, bool open_at_first = true,
           float reserve_right = 0);
void end_group();
/// Whether that group is open, before its head is drawn.
bool group_is_open(const char* id, bool open_at_first);

/// After the last group of a window that scrolls: where more lies below or above, the last row
/// fades under an arrow, which leads there.
void scroll_hint();

/// A flat button. `icon` or `text` may be empty.
struct Button {
    const char* id;
    const char* icon;
    std::string_view text;
    const char* tooltip;
    bool active = false;  ///< in the accent's frame
    bool enabled = true;
    bool framed = true;
    float height = 0;   ///< 0: a toolbar button's
    float width = 0;    ///< 0: as the content asks
    bool left = false;  ///< the content at the left, as in a list
};
float button_width(const Button& button);
bool button(const Button& button);

/// One layer: eye, name, a dim note behind it, slim slider in the column of the controls; strength
/// 0 hides it, the eye brings back `shown`. Names stand at `layer_indent` pixels of the style
/// sheet.
inline constexpr float layer_indent = 24;
bool layer_row(const char* id, std::string_view name, std::string_view note, const char* tooltip,
               float* strength, float shown);

/// The glyph of a label: disc, diamond, triangle, square.
void draw_label_glyph(ImDrawList* draw, float x, float y, float radius, int label, float alpha = 1);

/// The tooltip of the last item, wrapped, after a short wait; it may carry formulas.
void tooltip(const char* text);

/// Moves the cursor down by `at_14` style-sheet pixels.
void gap(float at_14);

}  // namespace driftglass
