# The files of shaders/, embedded: driftglass_shaders, #include "driftglass_shaders.hpp".
set(shaders_generated "${CMAKE_BINARY_DIR}/generated/shaders")
file(GLOB_RECURSE shader_files CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/shaders/*")
file(CONFIGURE OUTPUT "${shaders_generated}/driftglass_shaders.hpp" CONTENT [[
// Made by cmake/shaders.cmake.
#pragma once
#include <string_view>

namespace driftglass::shaders {

/// Text of shaders/<file_name>, e.g. source("points.vert"); throws std::logic_error where there is none.
std::string_view source(std::string_view file_name);

}  // namespace driftglass::shaders
]])
# The list goes through a file: it may be long, and its change makes the source anew.
file(CONFIGURE OUTPUT "${shaders_generated}/files.txt" CONTENT "${shader_files}" @ONLY)
add_custom_command(
    OUTPUT "${shaders_generated}/driftglass_shaders.cpp"
    COMMAND "${CMAKE_COMMAND}" -D "LIST=${shaders_generated}/files.txt" -D "FOLDER=${CMAKE_SOURCE_DIR}/shaders"
            -D "OUTPUT=${shaders_generated}/driftglass_shaders.cpp" -P "${CMAKE_SOURCE_DIR}/cmake/embed_shaders.cmake"
    DEPENDS ${shader_files} "${shaders_generated}/files.txt" "${CMAKE_SOURCE_DIR}/cmake/embed_shaders.cmake"
    COMMENT "Embedding shaders"
    VERBATIM)
add_library(driftglass_shaders STATIC "${shaders_generated}/driftglass_shaders.cpp")
target_include_directories(driftglass_shaders PUBLIC "${shaders_generated}")
target_compile_features(driftglass_shaders PUBLIC cxx_std_20)
