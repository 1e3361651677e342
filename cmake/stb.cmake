# stb_image 2.29 and stb_image_write 1.16 (from imgui-bundle): #include <stb_image.h>, <stb_image_write.h>.
# Their implementations are compiled here: do not define STB_..._IMPLEMENTATION.
set(stb_folder "${IMGUI_BUNDLE}/external/hello_imgui/hello_imgui/external/stb_hello_imgui")
set(stb_source "${CMAKE_BINARY_DIR}/generated/stb/stb.cpp")
file(CONFIGURE OUTPUT "${stb_source}" CONTENT [[
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>
]])
add_library(stb STATIC EXCLUDE_FROM_ALL "${stb_source}")
target_include_directories(stb SYSTEM PUBLIC "${stb_folder}")
driftglass_third_party(stb)
