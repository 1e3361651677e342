# ImPlot 1.1 (from imgui-bundle): implot_headers for our libraries, implot for programs.
add_library(implot_headers INTERFACE)
target_include_directories(implot_headers SYSTEM INTERFACE "${IMGUI_BUNDLE}/external/implot/implot")
# Plots of float and double only: a third of the build time of all number types.
target_compile_definitions(implot_headers INTERFACE "IMPLOT_CUSTOM_NUMERIC_TYPES=(float)(double)")
target_link_libraries(implot_headers INTERFACE imgui_headers)

add_library(implot STATIC EXCLUDE_FROM_ALL
    "${IMGUI_BUNDLE}/external/implot/implot/implot.cpp"
    "${IMGUI_BUNDLE}/external/implot/implot/implot_items.cpp")
target_link_libraries(implot PUBLIC implot_headers)
driftglass_third_party(implot)
