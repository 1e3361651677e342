# Dear ImGui 1.93.0 docking (from imgui-bundle):
#   imgui_headers   headers and definitions only: what our own libraries link
#   imgui           the library, with its GLFW and OpenGL 3 backends and FreeType: what the program links
# See imgui_test_engine.cmake for imgui_tested, which takes its place in the tests.
set(imgui_folder "${IMGUI_BUNDLE}/external/imgui/imgui")
set(IMGUI_SOURCES
    "${imgui_folder}/imgui.cpp"
    "${imgui_folder}/imgui_demo.cpp"
    "${imgui_folder}/imgui_draw.cpp"
    "${imgui_folder}/imgui_stacklayout.cpp"
    "${imgui_folder}/imgui_tables.cpp"
    "${imgui_folder}/imgui_widgets.cpp"
    "${imgui_folder}/misc/cpp/imgui_stdlib.cpp"
    "${imgui_folder}/misc/freetype/imgui_freetype.cpp"
    "${imgui_folder}/backends/imgui_impl_glfw.cpp"
    "${imgui_folder}/backends/imgui_impl_opengl3.cpp"
    "${imgui_folder}/backends/imgui_impl_null.cpp")

# The demo is not shown: stubs in its place.
set_source_files_properties("${imgui_folder}/imgui_demo.cpp" PROPERTIES COMPILE_DEFINITIONS IMGUI_DISABLE_DEMO_WINDOWS)

add_library(imgui_headers INTERFACE)
target_include_directories(imgui_headers SYSTEM INTERFACE
    "${imgui_folder}" "${imgui_folder}/backends" "${imgui_folder}/misc/cpp" "${imgui_folder}/misc/freetype")
target_compile_definitions(imgui_headers INTERFACE
    IMGUI_DISABLE_OBSOLETE_FUNCTIONS
    IMGUI_ENABLE_FREETYPE
    IMGUI_USE_WCHAR32
    IMGUI_DEFINE_MATH_OPERATORS)

function(driftglass_imgui_library target)
    add_library(${target} STATIC EXCLUDE_FROM_ALL ${IMGUI_SOURCES})
    target_link_libraries(${target} PUBLIC imgui_headers PRIVATE glfw Freetype::Freetype ${CMAKE_DL_LIBS})
    if(UNIX AND NOT APPLE)
        # As GLFW was built, or linking fails.
        if(NOT DRIFTGLASS_HAVE_X11)
            target_compile_definitions(${target} PRIVATE IMGUI_IMPL_GLFW_DISABLE_X11)
        endif()
        if(NOT DRIFTGLASS_HAVE_WAYLAND)
            target_compile_definitions(${target} PRIVATE IMGUI_IMPL_GLFW_DISABLE_WAYLAND)
        endif()
    endif()
    driftglass_third_party(${target})
endfunction()

driftglass_imgui_library(imgui)
