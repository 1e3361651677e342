# ImPlot 1.1 (from imgui-bundle): implot_headers for our libraries, implot for programs.
add_library(implot_headers INTERFACE)
target_include_directories(implot_headers SYSTEM INTERFACE "${IMGUI_BUNDLE}/external/implot/implot")
target_link_libraries(implot_headers INTERFACE imgui_headers)

# Our curves are drawn on its axes by code of our own: its plots, of one number type, are only linked along.
set_source_files_properties("${IMGUI_BUNDLE}/external/implot/implot/implot_items.cpp"
    PROPERTIES COMPILE_DEFINITIONS "IMPLOT_CUSTOM_NUMERIC_TYPES=(double)")

add_library(implot STATIC EXCLUDE_FROM_ALL
    "${IMGUI_BUNDLE}/external/implot/implot/implot.cpp"
    "${IMGUI_BUNDLE}/external/implot/implot/implot_items.cpp")
target_link_libraries(implot PUBLIC implot_headers)
driftglass_third_party(implot)
