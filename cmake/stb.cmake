# stb_image 2.29, stb_image_write 1.16 and stb_truetype 1.26 (from imgui-bundle): #include <stb_image.h>,
# <stb_image_write.h>, <stb_truetype.h>.
# Their implementations are compiled here: do not define STB_..._IMPLEMENTATION.
set(stb_folder "${IMGUI_BUNDLE}/external/hello_imgui/hello_imgui/external/stb_hello_imgui")
set(stb_source "${CMAKE_BINARY_DIR}/generated/stb/stb.cpp")
file(CONFIGURE OUTPUT "${stb_source}" CONTENT [[
#define STB_IMAGE_IMPLEMENTATION
#include <stb_image.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb_image_write.h>
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb_truetype.h>
]])
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/stb/stb_truetype.h" @ONLY
     CONTENT "#include \"${IMGUI_BUNDLE}/external/imgui/imgui/imstb_truetype.h\"\n")
add_library(stb STATIC EXCLUDE_FROM_ALL "${stb_source}")
target_include_directories(stb SYSTEM PUBLIC "${stb_folder}" "${CMAKE_BINARY_DIR}/generated/stb")
driftglass_third_party(stb)
