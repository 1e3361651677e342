#include "app/panels/widgets.hpp"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "app/panels/design.hpp"
#include "app/panels/formula.hpp"
#include "app/panels/icons.hpp"

namespace driftglass {

namespace {

/// On white a little more is needed to be seen at all.
float disabled_alpha() {
    return theme().dark ? 0.38f : 0.5f;
}
constexpr float field_height = 24;
constexpr float field_pitch = 27;

constexpr float text_size = 0.93f;

ImGuiID label_column_key() {
    return ImHashStr("driftglass label column");
}

struct Frame {
    ImRect box;
    ImGuiID id = 0;
    bool visible = false;
    bool hovered = false;
    bool held = false;
    bool pressed = false;
};

/// Takes `size` at the cursor and lets ImGui treat it as a button.
Frame begin_frame(const char* id, ImVec2 size, bool enabled, ImGuiButtonFlags flags = 0) {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    ImGuiWindow* window = g.CurrentWindow;
    Frame frame;
    frame.id = window->GetID(id);
    frame.box = {window->DC.CursorPos, window->DC.CursorPos + size};
    ImGui::ItemSize(size, 0);
    if (!enabled) ImGui::BeginDisabled();
    frame.visible = ImGui::ItemAdd(frame.box, frame.id);
    if (frame.visible)
        frame.pressed =
            ImGui::ButtonBehavior(frame.box, frame.id, &frame.hovered, &frame.held, flags);
    IMGUI_TEST_ENGINE_ITEM_INFO(frame.id, id, ImGui::GetItemFlags());
    if (!enabled) ImGui::EndDisabled();
    return frame;
}

ImU32 frame_ink(const Frame& frame, bool enabled) {
    const bool lit = enabled && (frame.hovered || frame.held);
    return colour(lit ? theme().frame_hovered : theme().frame, enabled ? 1 : 0.6f);
}

/// Draws the label and leaves the cursor where the control starts. Returns the control's width.
float begin_row(const Field& field) {
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float alpha = field.enabled ? 1 : disabled_alpha();
    const float y = start.y + px(field_height) / 2;
    draw_rich(ImGui::GetWindowDrawList(), start.x, y, colour(theme().dim_text, alpha),
              colour(mix(theme().dim_text, theme().text, 0.6f), alpha), field.label, text_size);
    const float width = ImGui::GetContentRegionAvail().x - label_column() - field.beside;
    ImGui::SetCursorScreenPos({start.x + label_column(), start.y});
    return std::max(width, em(3));
}

void end_row(ImVec2 start) {
    ImGui::SetCursorScreenPos({start.x, start.y + px(field_pitch)});
    ImGui::Dummy({0, 0});
}

double to_share(double value, const Range& range) {
    if (range.scale == Scale::near_one)
        return std::log((1 - range.low) / (1 - value)) /
               std::log((1 - range.low) / (1 - range.high));
    if (range.scale != Scale::linear) {
        const double low = std::log(range.low);
        return (std::log(std::max(value, range.low)) - low) / (std::log(range.high) - low);
    }
    return (value - range.low) / (range.high - range.low);
}

double from_share(double share, const Range& range) {
    share = std::clamp(share, 0.0, 1.0);
    double value;
    if (range.scale == Scale::linear) {
        value = range.low + share * (range.high - range.low);
        if (range.step > 0)
            value = range.low + std::round((value - range.low) / range.step) * range.step;
    } else if (range.scale == Scale::near_one) {
        value = 1 - (1 - range.low) * std::pow((1 - range.high) / (1 - range.low), share);
    } else {
        value = range.low * std::pow(range.high / range.low, share);
        if (range.scale == Scale::powers_of_two) value = std::exp2(std::round(std::log2(value)));
        if (range.step > 0) value = std::round(value / range.step) * range.step;
    }
    return std::clamp(value, range.low, range.high);
}

/// A click on a slider that may be the first of two, which open the text box: where it was, from
/// the frame's left edge, until it is known to be alone. The value so never moves on the way there.
class FirstClick {
public:
    explicit FirstClick(ImGuiID slider)
        : storage_(ImGui::GetStateStorage()),
          place_(ImHashStr("first click", 0, slider)),
          time_(ImHashStr("first click at", 0, slider)) {}

    void keep(float place) {
        storage_->SetFloat(place_, place);
        storage_->SetFloat(time_, static_cast<float>(ImGui::GetTime()));
    }
    void forget() { storage_->SetFloat(place_, -1); }
    std::optional<float> waiting() const {
        const float place = storage_->GetFloat(place_, -1);
        return place >= 0 ? std::optional(place) : std::nullopt;
    }
    /// It stayed alone; forgotten once told, or where nobody looked for long.
    std::optional<float> alone() {
        const std::optional<float> place = waiting();
        const float since = static_cast<float>(ImGui::GetTime()) - storage_->GetFloat(time_);
        const float wait = ImGui::GetIO().MouseDoubleClickTime;
        if (!place || since <= wait) return std::nullopt;
        forget();
        return since < 5 * wait ? place : std::nullopt;
    }

private:
    ImGuiStorage* storage_;
    ImGuiID place_, time_;
};

/// The frame of a slider, `width` wide at the cursor.
bool slider_frame(const Field& field, float width, double* value, const Range& range) {
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImGuiID id = window->GetID(field.id);
    const ImRect box(window->DC.CursorPos, window->DC.CursorPos + ImVec2(width, px(field_height)));
    if (ImGui::TempInputIsActive(id)) {
        ImGui::ItemSize(box.GetSize(), 0);
        ImGui::ItemAdd(box, id, nullptr, ImGuiItemFlags_Inputable);
        double typed = *value;
        // ImGui writes the id behind the box, as a label.
        ImGui::PushClipRect(box.Min, box.Max, true);
        const bool entered = ImGui::TempInputScalar(box, id, field.id, ImGuiDataType_Double, &typed,
                                                    range.type_format, &range.low, &range.high);
        ImGui::PopClipRect();
        if (entered && std::isfinite(typed)) {
            *value = std::clamp(typed, range.low, range.high);
            return true;
        }
        return false;
    }
    const Frame frame =
        begin_frame(field.id, box.GetSize(), field.enabled, ImGuiButtonFlags_PressedOnClick);
    if (!frame.visible) return false;

    bool changed = false;
    const ImGuiIO& io = ImGui::GetIO();
    const bool typing = frame.hovered && field.enabled &&
                        (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) ||
                         (io.KeyCtrl && ImGui::IsMouseClicked(ImGuiMouseButton_Left)));
    FirstClick click(id);
    if (typing) {
        click.forget();
        ImGui::ClearActiveID();
        ImGui::SetActiveID(id, window);
        double typed = *value;
        ImGui::PushClipRect(box.Min, box.Max, true);
        ImGui::TempInputScalar(box, id, field.id, ImGuiDataType_Double, &typed, range.type_format,
                               &range.low, &range.high);
        ImGui::PopClipRect();
        return false;
    }
    const float edge = std::round(px(2));
    // The track ends where the numbers begin, so that neither crosses the other.
    const float number_end = box.Max.x - px(8);
    float widest = text_width(range.show(*value), {text_size});
    for (const double end : {range.low, range.high})
        widest = std::max(widest, text_width(range.show(end), {text_size}));
    const float track = std::max(width - widest - px(16), em(2));
    const auto value_at = [&](float place) {
        return from_share(static_cast<double>((place - edge / 2) / (track - edge)), range);
    };
    const auto move_to = [&](float place) {
        const double next = value_at(place);
        changed = next != *value;
        *value = next;
    };
    if (frame.held && field.enabled && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
        const float place = std::max(io.MousePos.x - box.Min.x, 0.0f);
        const bool dragged = ImGui::IsMouseDragPastThreshold(ImGuiMouseButton_Left) ||
                             io.MouseDownDuration[0] > io.MouseDoubleClickTime;
        if (dragged) {
            click.forget();
            move_to(place);
        } else {
            click.keep(place);
        }
    } else if (const std::optional<float> place = click.alone(); place && field.enabled) {
        move_to(*place);
    }
    const std::optional<float> waiting = click.waiting();
    const double drawn = waiting ? value_at(*waiting) : *value;

    ImDrawList* draw = window->DrawList;
    const float alpha = field.enabled ? 1 : disabled_alpha();
    const float round = px(4);
    draw->AddRectFilled(box.Min, box.Max, frame_ink(frame, field.enabled), round);
    const auto share = static_cast<float>(std::clamp(to_share(drawn, range), 0.0, 1.0));
    const float x = std::round(box.Min.x + share * (track - edge));
    if (x > box.Min.x + 1)
        draw->AddRectFilled(box.Min, {x, box.Max.y}, colour(theme().slider_fill, alpha), round,
                            ImDrawFlags_RoundLeft);
    // At the ends it is as much shorter as the frame's corners are round there.
    const float to_end = std::min(x - box.Min.x, box.Max.x - edge - x) + edge / 2;
    const float inside_corner = std::max(round - to_end, 0.0f);
    const float shorter = round - std::sqrt(round * round - inside_corner * inside_corner);
    const std::string number = range.show(drawn);
    const bool zero = number.find_first_not_of("0.") == std::string::npos;
    const std::string_view shown = zero ? std::string_view("0") : number;
    draw->AddRectFilled({x, box.Min.y + shorter}, {x + edge, box.Max.y - shorter},
                        colour(theme().accent, alpha));
    const float middle = (box.Min.y + box.Max.y) / 2;
    draw_text(draw, number_end, middle, colour(theme().text, alpha), shown, {text_size},
              Align::right);
    if (frame.hovered && field.enabled) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    tooltip(field.tooltip);
    return changed;
}

}  // namespace

float label_column() {
    return ImGui::GetStateStorage()->GetFloat(label_column_key(), em(6));
}
void set_label_column(float em_wide) {
    ImGui::GetStateStorage()->SetFloat(label_column_key(), em(em_wide));
}

bool slider(const Field& field, double* value, const Range& range) {
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = begin_row(field);
    const bool changed = slider_frame(field, width, value, range);
    end_row(start);
    return changed;
}

bool slider(const Field& field, int* value, const Range& range) {
    double number = *value;
    if (!slider(field, &number, range)) return false;
    const int next = static_cast<int>(std::lround(number));
    const bool changed = next != *value;
    *value = next;
    return changed;
}

bool slider(const Field& field, float* value, const Range& range) {
    double number = static_cast<double>(*value);
    if (!slider(field, &number, range)) return false;
    *value = static_cast<float>(number);
    return true;
}

bool inline_slider(const Field& field, float width, double* value, const Range& range) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_text(ImGui::GetWindowDrawList(), at.x, at.y + px(field_height) / 2,
              colour(theme().dim_text), field.label, {text_size});
    const float taken = text_width(field.label, {text_size}) + px(8);
    ImGui::SetCursorScreenPos({at.x + taken, at.y});
    return slider_frame(field, width - taken, value, range);
}

bool combo(const Field& field, int* index, std::span<const std::string> names) {
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = begin_row(field);
    const Frame frame = begin_frame(field.id, {width, px(field_height)}, field.enabled,
                                    ImGuiButtonFlags_PressedOnClick);
    const ImRect box = frame.box;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float alpha = field.enabled ? 1 : disabled_alpha();
    const float middle = (box.Min.y + box.Max.y) / 2;
    tooltip(field.tooltip);
    draw->AddRectFilled(box.Min, box.Max, frame_ink(frame, field.enabled), px(4));
    const std::string_view shown = *index >= 0 && *index < static_cast<int>(names.size())
                                       ? std::string_view(names[static_cast<std::size_t>(*index)])
                                       : std::string_view();
    draw->PushClipRect(box.Min, {box.Max.x - px(22), box.Max.y}, true);
    draw_rich(draw, box.Min.x + px(8), middle, colour(theme().text, alpha),
              colour(theme().text, alpha), shown, text_size);
    draw->PopClipRect();
    draw_icon(draw, box.Max.x - px(12), middle, colour(theme().dim_text, alpha), icon::down, 0.6f);

    ImGui::PushID(field.id);
    if (frame.pressed && field.enabled) ImGui::OpenPopup("choices");
    bool changed = false;
    const float row = px(26);
    ImGui::SetNextWindowPos({box.Min.x, box.Max.y + px(3)});
    ImGui::SetNextWindowSize({width, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(4), px(4)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (ImGui::BeginPopup("choices", ImGuiWindowFlags_NoMove)) {
        ImDrawList* list = ImGui::GetWindowDrawList();
        for (std::size_t i = 0; i < names.size(); ++i) {
            const bool chosen = static_cast<int>(i) == *index;
            const Frame item =
                begin_frame(names[i].c_str(), {ImGui::GetContentRegionAvail().x, row}, true);
            if (item.hovered || chosen)
                list->AddRectFilled(
                    item.box.Min, item.box.Max,
                    colour(item.hovered ? theme().frame_hovered : theme().accent_frame), px(4));
            draw_rich(list, item.box.Min.x + px(8), (item.box.Min.y + item.box.Max.y) / 2,
                      colour(theme().text), colour(theme().text), names[i], text_size);
            if (item.pressed) {
                changed = !chosen;
                *index = static_cast<int>(i);
                ImGui::CloseCurrentPopup();
            }
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar(2);
    ImGui::PopID();
    end_row(start);
    return changed;
}

bool label_chips(const Field& field, int* label, std::span<const int> choices) {
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = begin_row(field);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    // In as many rows of equal length as leave room for a glyph and two digits.
    const int count = std::max(1, static_cast<int>(choices.size()));
    const int most = std::max(1, static_cast<int>(width / px(36)));
    const int rows = (count + most - 1) / most;
    const int columns = (count + rows - 1) / rows;
    const float cell = width / static_cast<float>(columns);
    const float row = px(field_height);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    draw->AddRectFilled(at, {at.x + width, at.y + row * static_cast<float>(rows)},
                        colour(theme().frame), px(4));
    bool changed = false;
    for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
        const int choice = choices[static_cast<std::size_t>(i)];
        const float x = at.x + cell * static_cast<float>(i % columns);
        ImGui::SetCursorScreenPos({x, at.y + row * static_cast<float>(i / columns)});
        const std::string text = std::to_string(choice);
        const Frame frame =
            begin_frame((std::string(field.id) + " " + text).c_str(), {cell, row}, field.enabled);
        tooltip(field.tooltip);
        if (frame.pressed && *label != choice) {
            *label = choice;
            changed = true;
        }
        const bool chosen = *label == choice;
        if (chosen || frame.hovered)
            draw->AddRectFilled(frame.box.Min, frame.box.Max,
                                colour(chosen ? theme().accent_frame : theme().frame_hovered),
                                px(4));
        const float middle = (frame.box.Min.y + frame.box.Max.y) / 2;
        const float left = x + (cell - px(15) - text_width(text, {text_size})) / 2;
        draw_label_glyph(draw, left + px(5), middle, px(4.2f), choice);
        draw_text(draw, left + px(15), middle, colour(theme().text), text, {text_size});
    }
    end_row({start.x, start.y + row * static_cast<float>(rows - 1)});
    return changed;
}

bool short_window() {
    return ImGui::GetIO().DisplaySize.y < em(61);
}

void hint(std::string_view text) {
    ImGui::Dummy(draw_wrapped(ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(),
                              ImGui::GetContentRegionAvail().x, colour(theme().dim_text), text,
                              0.86f));
}

void progress(ImVec2 at, float width, float height, float share, std::string_view words, Rgb hue) {
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const ImVec2 end{at.x + width, at.y + height};
    draw->AddRectFilled(at, end, colour(theme().frame), px(4));
    const float filled = width * std::clamp(share, 0.0f, 1.0f);
    if (filled >= 1) draw->AddRectFilled(at, {at.x + filled, end.y}, colour(hue, 0.35f), px(4));
    draw->PushClipRect(at, end, true);
    draw_text(draw, at.x + px(8), (at.y + end.y) / 2, colour(theme().text), words, {0.86f});
    draw->PopClipRect();
}

bool group_is_open(const char* id, bool open_at_first) {
    return ImGui::GetStateStorage()->GetBool(ImGui::GetID(id), open_at_first);
}

bool group(const char* id, const char* title, std::string_view summary, bool open_at_first,
           float reserve_right) {
    bool open = group_is_open(id, open_at_first);
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    ImDrawList* draw = window->DrawList;
    if (window->DC.CursorPos.y > window->DC.CursorStartPos.y) {
        const ImRect inner = window->InnerRect;
        const float rule = std::round(window->DC.CursorPos.y - px(4));
        draw->AddRectFilled({inner.Min.x, rule}, {inner.Max.x, rule + std::max(1.0f, px(1))},
                            colour(theme().window));
    }
    const float width = ImGui::GetContentRegionAvail().x;
    const Frame head = begin_frame(id, {width - reserve_right, px(30)}, true);
    if (head.pressed) {
        open = !open;
        ImGui::GetStateStorage()->SetBool(ImGui::GetID(id), open);
    }
    const float y = (head.box.Min.y + head.box.Max.y) / 2;
    draw_icon(draw, head.box.Min.x + px(4), y,
              colour(head.hovered ? theme().text : theme().dim_text),
              open ? icon::down : icon::right, 0.6f);
    const float title_x = head.box.Min.x + px(18);
    draw_text(draw, title_x, y, colour(theme().text), title, {1, Weight::medium});
    const float title_end = title_x + text_width(title, {1, Weight::medium}) + px(10);
    const float summary_x = head.box.Max.x - rich_width(summary, text_size);
    if (summary_x >= title_end)
        draw_rich(draw, summary_x, y, colour(theme().dim_text),
                  colour(mix(theme().dim_text, theme().text, 0.6f)), summary, text_size);
    ImGui::PushID(id);
    return open;
}

void end_group() {
    ImGui::PopID();
    gap(7);
}

void scroll_hint() {
    const ImGuiWindow* window = ImGui::GetCurrentWindow();
    const float scroll = window->Scroll.y, most = window->ScrollMax.y;
    const ImRect inner = window->InnerRect;
    ImDrawList* draw = window->DrawList;
    const ImU32 full = colour(theme().panel), none = colour(theme().panel, 0);
    const float solid = px(14), fading = px(22);
    const auto edge = [&](float y, float inward, const char* arrow) {
        const float middle = y + inward * solid, end = middle + inward * fading;
        draw->AddRectFilled({inner.Min.x, std::min(y, middle)}, {inner.Max.x, std::max(y, middle)},
                            full, px(6));
        if (inward < 0)
            draw->AddRectFilledMultiColor({inner.Min.x, end}, {inner.Max.x, middle}, none, none,
                                          full, full);
        else
            draw->AddRectFilledMultiColor({inner.Min.x, middle}, {inner.Max.x, end}, full, full,
                                          none, none);
        draw_icon(draw, (inner.Min.x + inner.Max.x) / 2, y + inward * px(8),
                  colour(theme().dim_text), arrow, 0.6f);
    };
    draw->PushClipRect(inner.Min, inner.Max);
    if (scroll > px(2)) edge(inner.Min.y, 1, icon::up);
    if (scroll < most - px(2)) edge(inner.Max.y, -1, icon::down);
    draw->PopClipRect();
}

namespace {

float icon_slot() {
    return px(16);
}

}  // namespace

float button_width(const Button& button) {
    if (button.width > 0) return button.width;
    const bool has_icon = button.icon != nullptr && button.icon[0] != 0;
    float width = has_icon ? icon_slot() : 0;
    if (!button.text.empty()) {
        width += rich_width(button.text, 1) + (has_icon ? px(6) : 0);
        return width + px(26);
    }
    return width + px(18);
}

bool button(const Button& button) {
    const float height = button.height > 0 ? button.height : px(32);
    const float width = button_width(button);
    const Frame frame = begin_frame(button.id, {width, height}, button.enabled);
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float alpha = button.enabled ? 1 : disabled_alpha();
    const Theme& look = theme();
    if (button.active)
        draw->AddRectFilled(frame.box.Min, frame.box.Max, colour(look.accent_frame), px(6));
    else if (button.framed || frame.hovered)
        draw->AddRectFilled(frame.box.Min, frame.box.Max, frame_ink(frame, button.enabled), px(6));
    const bool has_icon = button.icon != nullptr && button.icon[0] != 0;
    const Rgb ink = button.active ? look.accent : (button.text.empty() ? look.dim_text : look.text);
    const float y = (frame.box.Min.y + frame.box.Max.y) / 2;
    const float text_wide = button.text.empty() ? 0 : rich_width(button.text, 1);
    const float content =
        (has_icon ? icon_slot() : 0) + (has_icon && text_wide > 0 ? px(6) : 0) + text_wide;
    float x =
        button.left ? frame.box.Min.x + px(10) : (frame.box.Min.x + frame.box.Max.x - content) / 2;
    if (has_icon) {
        draw_icon(draw, x + icon_slot() / 2, y, colour(ink, alpha), button.icon, 0.92f);
        x += icon_slot() + px(6);
    }
    if (text_wide > 0)
        draw_rich(draw, x, y, colour(button.active ? look.accent : look.text, alpha),
                  colour(look.text, alpha), button.text, 1);
    tooltip(button.tooltip);
    return frame.pressed && button.enabled;
}

bool layer_row(const char* id, std::string_view name, std::string_view note, const char* tip,
               float* strength, float shown) {
    ImGui::PushID(id);
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = px(24);
    const float before = *strength;
    const bool on = *strength > 0;
    ImDrawList* draw = ImGui::GetWindowDrawList();
    const float y = start.y + height / 2;

    const Frame eye = begin_frame("eye", {px(22), height}, true);
    tooltip(on ? "Hide this layer" : "Show this layer");
    if (eye.pressed) *strength = on ? 0 : shown;
    draw_icon(draw, start.x + px(9), y,
              colour(eye.hovered ? theme().text
                     : on        ? theme().dim_text
                                 : theme().faint),
              on ? icon::eye : icon::eye_off, 0.78f);
    const Rgb ink = on ? theme().text : theme().dim_text;
    const float name_width =
        draw_rich(draw, start.x + px(layer_indent), y, colour(ink), colour(ink), name, text_size);
    draw_text(draw, start.x + px(layer_indent) + name_width, y, colour(theme().dim_text), note,
              {text_size});

    const float track = width - label_column();
    const float knob = px(5.5f);
    ImGui::SetCursorScreenPos({start.x + label_column(), start.y});
    const Frame frame =
        begin_frame("strength", {track, height}, true, ImGuiButtonFlags_PressedOnClick);
    tooltip(tip);
    const float left = frame.box.Min.x;
    const float reach = track - 2 * knob;  // of the knob's centre
    if (frame.held && ImGui::IsMouseDown(ImGuiMouseButton_Left))
        *strength = std::clamp((ImGui::GetIO().MousePos.x - left - knob) / reach, 0.0f, 1.0f);
    const float x = left + knob + reach * *strength;
    const float thick = px(3);
    draw->AddRectFilled({left, y - thick / 2}, {left + track, y + thick / 2},
                        colour(theme().frame_hovered), thick / 2);
    if (*strength > 0) {
        draw->AddRectFilled({left, y - thick / 2}, {x, y + thick / 2},
                            colour(mix(theme().dim_text, theme().panel, 0.25f)), thick / 2);
    }
    draw->AddCircleFilled({x, y}, frame.hovered || frame.held ? knob * 1.12f : knob,
                          colour(*strength > 0 ? theme().text : theme().faint));
    ImGui::SetCursorScreenPos({start.x, start.y + height});
    ImGui::Dummy({0, 0});
    ImGui::PopID();
    return *strength != before;
}

void draw_label_glyph(ImDrawList* draw, float x, float y, float radius, int label, float alpha) {
    if (label < 0) {
        draw->AddCircle({x, y}, radius * 0.85f, colour(theme().dim_text, alpha), 0,
                        std::max(1.0f, radius * 0.3f));
        return;
    }
    const auto kind = static_cast<std::size_t>(label) % theme().labels.size();
    const ImU32 ink = colour(theme().labels[kind], alpha);
    const float r = radius;
    switch (kind) {
        case 0:
            draw->AddCircleFilled({x, y}, r, ink);
            break;
        case 1:
            draw->AddQuadFilled({x, y - r * 1.25f}, {x + r * 1.25f, y}, {x, y + r * 1.25f},
                                {x - r * 1.25f, y}, ink);
            break;
        case 2:
            draw->AddTriangleFilled({x - r * 1.1f, y + r * 0.9f}, {x, y - r * 1.1f},
                                    {x + r * 1.1f, y + r * 0.9f}, ink);
            break;
        default:
            draw->AddRectFilled({x - r * 0.95f, y - r * 0.95f}, {x + r * 0.95f, y + r * 0.95f},
                                ink);
    }
}

void tooltip(const char* text) {
    if (text == nullptr || text[0] == 0) return;
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_DelayNormal | ImGuiHoveredFlags_NoSharedDelay |
                              ImGuiHoveredFlags_AllowWhenDisabled))
        return;
    if (ImGui::IsMouseDown(ImGuiMouseButton_Left)) return;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(10), px(8)});
    if (ImGui::BeginTooltip()) {
        ImGui::Dummy(draw_wrapped(ImGui::GetWindowDrawList(), ImGui::GetCursorScreenPos(), em(22),
                                  colour(theme().text), text, text_size));
        ImGui::EndTooltip();
    }
    ImGui::PopStyleVar();
}

void gap(float at_14) {
    ImGui::Dummy({0, px(at_14)});
}

}  // namespace driftglass
