# GLFW 3.5.1 (from imgui-bundle): target glfw. Each backend is on only where its headers are.
set(GLFW_BUILD_EXAMPLES OFF)
set(GLFW_BUILD_TESTS OFF)
set(GLFW_BUILD_DOCS OFF)
set(GLFW_INSTALL OFF)
set(GLFW_LIBRARY_TYPE STATIC)
set(GLFW_BUILD_X11 ${DRIFTGLASS_HAVE_X11})
set(GLFW_BUILD_WAYLAND ${DRIFTGLASS_HAVE_WAYLAND})
add_subdirectory("${IMGUI_BUNDLE}/external/glfw/glfw" "${CMAKE_BINARY_DIR}/glfw" EXCLUDE_FROM_ALL SYSTEM)
driftglass_third_party(glfw)
# The program loads OpenGL through glad.
target_compile_definitions(glfw INTERFACE GLFW_INCLUDE_NONE)
