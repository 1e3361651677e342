#include "app/window/style.hpp"

#include <implot.h>

#include <algorithm>
#include <cmath>

namespace driftglass {

float em_for(float height, float scale, float chosen) {
    // 77 lines of body text fill a 1080p screen; a screen that asks for more gets it.
    const float by_height = height / 77;
    const float by_scale = 14 * scale;
    const float size = std::clamp(by_height, by_scale * 0.93f, by_scale * 2.2f);
    // Never so large that the panels leave no room for the pictures.
    return std::round(std::clamp(size * chosen, 9.0f, std::max(9.0f, height / 45)));
}

void apply_style(const Design& design) {
    const Theme& t = *design.theme;
    const auto px = [&](float at_14) { return design.em * at_14 / 14; };
    ImGuiStyle style;
    style.FontSizeBase = std::round(design.em * roboto_line);
    style.WindowPadding = {px(12), px(10)};
    style.WindowRounding = px(6);
    style.WindowBorderSize = 0;
    style.WindowMinSize = {1, 1};
    style.ChildRounding = px(6);
    style.ChildBorderSize = 0;
    style.PopupRounding = px(6);
    style.PopupBorderSize = std::max(1.0f, std::round(px(1)));
    style.FramePadding = {px(8), px(4)};
    style.FrameRounding = px(4);
    style.FrameBorderSize = 0;
    style.ItemSpacing = {px(8), px(6)};
    style.ItemInnerSpacing = {px(6), px(6)};
    style.ScrollbarSize = std::round(px(5));
    style.ScrollbarRounding = px(2.5f);
    style.GrabRounding = px(4);
    style.GrabMinSize = px(10);
    style.HoverDelayNormal = 0.45f;
    style.DisabledAlpha = 0.38f;
    style.CircleTessellationMaxError = 0.15f;

    ImVec4* c = style.Colors;
    const ImVec4 none{0, 0, 0, 0};
    for (int i = 0; i < ImGuiCol_COUNT; ++i)
        c[i] = colour4(t.frame);
    c[ImGuiCol_Text] = colour4(t.text);
    c[ImGuiCol_TextDisabled] = colour4(t.faint);
    c[ImGuiCol_WindowBg] = colour4(t.panel);
    c[ImGuiCol_ChildBg] = none;
    c[ImGuiCol_PopupBg] = colour4(mix(t.panel, t.frame, 0.35f));
    c[ImGuiCol_Border] = colour4(t.border);
    c[ImGuiCol_BorderShadow] = none;
    c[ImGuiCol_FrameBgHovered] = c[ImGuiCol_FrameBgActive] = colour4(t.frame_hovered);
    c[ImGuiCol_MenuBarBg] = none;
    c[ImGuiCol_ScrollbarBg] = none;
    const Rgb grab = t.dark ? t.slider_fill : 0xB9B4A8;
    c[ImGuiCol_ScrollbarGrab] = colour4(grab);
    c[ImGuiCol_ScrollbarGrabHovered] = colour4(mix(grab, t.dim_text, 0.3f));
    c[ImGuiCol_ScrollbarGrabActive] = colour4(mix(grab, t.dim_text, 0.5f));
    c[ImGuiCol_CheckMark] = c[ImGuiCol_SliderGrab] = c[ImGuiCol_SliderGrabActive] =
        colour4(t.accent);
    c[ImGuiCol_ButtonHovered] = c[ImGuiCol_ButtonActive] = colour4(t.frame_hovered);
    c[ImGuiCol_Header] = colour4(t.accent_frame);
    c[ImGuiCol_HeaderHovered] = c[ImGuiCol_HeaderActive] = colour4(t.frame_hovered);
    c[ImGuiCol_Separator] = colour4(t.border);
    c[ImGuiCol_TextSelectedBg] = colour4(t.accent, 0.3f);
    c[ImGuiCol_NavCursor] = colour4(t.accent);
    c[ImGuiCol_InputTextCursor] = colour4(t.accent);
    c[ImGuiCol_ModalWindowDimBg] = colour4(t.window, 0.6f);
    ImGui::GetStyle() = style;

    ImPlotStyle& plot = ImPlot::GetStyle();
    plot = ImPlotStyle();
    plot.PlotBorderSize = 0;
    plot.PlotPadding = {px(2), px(4)};
    plot.LabelPadding = {px(5), px(4)};
    plot.PlotMinSize = {px(40), px(40)};
    plot.MajorTickLen = plot.MinorTickLen = {0, 0};
    plot.MajorGridSize = plot.MinorGridSize = {1, 1};
    ImVec4* p = plot.Colors;
    for (int i = 0; i < ImPlotCol_COUNT; ++i)
        p[i] = none;
    p[ImPlotCol_AxisText] = colour4(t.dim_text);
    p[ImPlotCol_InlayText] = p[ImPlotCol_TitleText] = colour4(t.text);
    p[ImPlotCol_AxisTick] = none;
}

}  // namespace driftglass
