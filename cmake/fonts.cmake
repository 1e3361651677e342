# The fonts (from imgui-bundle), embedded: driftglass_fonts, #include "driftglass_fonts.hpp".
set(fonts_folder "${IMGUI_BUNDLE}/bindings/imgui_bundle/assets/fonts")
set(fonts_generated "${CMAKE_BINARY_DIR}/generated/fonts")
set(fonts_files)
set(fonts_declarations "")
set(fonts_definitions "")

function(_driftglass_font name file comment)
    driftglass_return_if_stopped()
    if(NOT EXISTS "${file}")
        driftglass_stop("${file} is missing: remove ${IMGUI_BUNDLE} and configure again.")
    endif()
    set(fonts_files ${fonts_files} "${file}" PARENT_SCOPE)
    set(fonts_declarations "${fonts_declarations}/// ${comment}\nstd::span<const unsigned char> ${name}();\n"
        PARENT_SCOPE)
    set(fonts_definitions "${fonts_definitions}DRIFTGLASS_EMBED(${name}, \"${file}\")\n" PARENT_SCOPE)
endfunction()

_driftglass_font(roboto_regular "${fonts_folder}/Roboto/Roboto-Regular.ttf" "Roboto Regular, TrueType.")
_driftglass_font(roboto_medium "${IMGUI_BUNDLE}/external/imgui/imgui/misc/fonts/Roboto-Medium.ttf"
                 "Roboto Medium, TrueType.")
_driftglass_font(roboto_bold "${fonts_folder}/Roboto/Roboto-Bold.ttf" "Roboto Bold, TrueType.")
_driftglass_font(inconsolata_medium "${fonts_folder}/Inconsolata-Medium.ttf" "Inconsolata Medium (fixed width).")
_driftglass_font(font_awesome "${fonts_folder}/Font_Awesome_6_Free-Solid-900.otf"
                 "Font Awesome 6 Free Solid (icons), OpenType.")
_driftglass_font(latin_modern_math "${fonts_folder}/latex/latinmodern-math.otf"
                 "Latin Modern Math, OpenType, for MicroTeX.")
_driftglass_font(latin_modern_math_metrics "${fonts_folder}/latex/latinmodern-math.clm1"
                 "Latin Modern Math's metrics (.clm1), for MicroTeX.")
driftglass_return_if_stopped()

file(CONFIGURE OUTPUT "${fonts_generated}/driftglass_fonts.hpp" @ONLY CONTENT [[
// Made by cmake/fonts.cmake.
#pragma once
#include <span>

/// Font files inside the program; the bytes live as long as it does.
namespace driftglass::fonts {

@fonts_declarations@
}  // namespace driftglass::fonts
]])
file(CONFIGURE OUTPUT "${fonts_generated}/driftglass_fonts.cpp" @ONLY CONTENT [[
// Made by cmake/fonts.cmake.
#include "driftglass_fonts.hpp"

#if defined(__APPLE__)
#define DRIFTGLASS_RODATA ".const_data\n"
#define DRIFTGLASS_PREVIOUS ".text\n"
#define DRIFTGLASS_SYMBOL "_"
#else
#define DRIFTGLASS_RODATA ".pushsection .rodata\n"
#define DRIFTGLASS_PREVIOUS ".popsection\n"
#define DRIFTGLASS_SYMBOL ""
#endif

#define DRIFTGLASS_EMBED(name, file)                                                         \
    __asm__(DRIFTGLASS_RODATA ".balign 16\n"                                                 \
            ".globl " DRIFTGLASS_SYMBOL "driftglass_font_" #name "_begin\n"                  \
            DRIFTGLASS_SYMBOL "driftglass_font_" #name "_begin:\n"                           \
            ".incbin \"" file "\"\n"                                                         \
            ".globl " DRIFTGLASS_SYMBOL "driftglass_font_" #name "_end\n"                    \
            DRIFTGLASS_SYMBOL "driftglass_font_" #name "_end:\n"                             \
            ".byte 0\n" DRIFTGLASS_PREVIOUS);                                                \
    extern "C" const unsigned char driftglass_font_##name##_begin[];                         \
    extern "C" const unsigned char driftglass_font_##name##_end[];                           \
    std::span<const unsigned char> driftglass::fonts::name() {                               \
        return {driftglass_font_##name##_begin, driftglass_font_##name##_end};               \
    }

@fonts_definitions@
]])
set_source_files_properties("${fonts_generated}/driftglass_fonts.cpp" PROPERTIES OBJECT_DEPENDS "${fonts_files}")
add_library(driftglass_fonts STATIC "${fonts_generated}/driftglass_fonts.cpp")
target_include_directories(driftglass_fonts PUBLIC "${fonts_generated}")
target_compile_features(driftglass_fonts PUBLIC cxx_std_20)
