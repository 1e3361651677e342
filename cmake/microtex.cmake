# MicroTeX with a FreeType renderer (from imgui-bundle): LaTeX formulas into RGBA pixels.
#   microtex_headers  for our libraries: #include <imgui_rich_md/backends/latex/rich_md_latex.h>
#   microtex          the library, for programs
set(microtex_folder "${IMGUI_BUNDLE}/external/imgui_microtex/MicroTeX/lib")
set(rich_md_folder "${IMGUI_BUNDLE}/external/imgui_rich_md/imgui_rich_md")
set(microtex_generated "${CMAKE_BINARY_DIR}/generated/microtex")

# It asks for en_US.UTF-8 and aborts where that is missing: a copy that goes on to the next.
file(READ "${microtex_folder}/utils/utils.cpp" microtex_utils)
set(microtex_locale [[static const std::locale locale("en_US.UTF-8");]])
string(FIND "${microtex_utils}" "${microtex_locale}" microtex_found)
if(microtex_found EQUAL -1)
    driftglass_stop("${microtex_folder}/utils/utils.cpp is not the one that cmake/microtex.cmake knows how to correct.")
endif()
string(REPLACE "${microtex_locale}" [[static const std::locale locale = [] {
    for (const char* name : {"en_US.UTF-8", "C.UTF-8"}) {
      try {
        return std::locale(name);
      } catch (const std::exception&) {
      }
    }
    return std::locale::classic();
  }();]] microtex_utils "${microtex_utils}")
# file(CONFIGURE) leaves an unchanged file alone, so nothing is compiled again.
file(CONFIGURE OUTPUT "${microtex_generated}/utils.cpp" CONTENT "#include <exception>\n${microtex_utils}" @ONLY)

file(CONFIGURE OUTPUT "${microtex_generated}/microtexconfig.h" CONTENT [[
#pragma once
#define MICROTEX_VERSION_MAJOR 1
#define MICROTEX_VERSION_MINOR 0
#define MICROTEX_VERSION_PATCH 0
]])

file(GLOB_RECURSE microtex_sources "${microtex_folder}/*.cpp")
list(FILTER microtex_sources EXCLUDE REGEX "/lib/wrapper/|/lib/utils/utils\\.cpp$")

add_library(microtex_headers INTERFACE)
target_include_directories(microtex_headers SYSTEM INTERFACE "${rich_md_folder}")
target_link_libraries(microtex_headers INTERFACE imgui_headers)

add_library(microtex STATIC EXCLUDE_FROM_ALL
    ${microtex_sources}
    "${microtex_generated}/utils.cpp"
    "${rich_md_folder}/imgui_rich_md/backends/latex/rich_md_latex.cpp"
    "${rich_md_folder}/imgui_rich_md/backends/latex/internal/graphic_freetype.cpp")
target_include_directories(microtex SYSTEM PRIVATE "${microtex_folder}" "${microtex_generated}")
# Glyphs are drawn from the typeface, without outlines of their own.
target_compile_definitions(microtex PRIVATE GLYPH_RENDER_TYPE=2 MICROTEX_STATIC)
target_link_libraries(microtex PUBLIC microtex_headers PRIVATE Freetype::Freetype)
driftglass_third_party(microtex)
# Many small units with the same large headers.
set_target_properties(microtex PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
