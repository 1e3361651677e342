# Dear ImGui Test Engine (from imgui-bundle): imgui_tested, Dear ImGui with the engine in it, for tests only.
# Its licence is its own (free for open source): it is never linked into the program.
set(test_engine_folder "${IMGUI_BUNDLE}/external/imgui_test_engine/imgui_test_engine/imgui_test_engine")
set(test_engine_config "${CMAKE_BINARY_DIR}/generated/imgui_test_engine/driftglass_imconfig.h")
file(CONFIGURE OUTPUT "${test_engine_config}" CONTENT [[
#pragma once
#define IMGUI_TEST_ENGINE_ENABLE_COROUTINE_STDTHREAD_IMPL 1
#define IMGUI_TEST_ENGINE_ENABLE_STD_FUNCTION 1
#include "imgui_te_imconfig.h"
]])

driftglass_imgui_library(imgui_tested)
file(GLOB test_engine_sources "${test_engine_folder}/*.cpp")
target_sources(imgui_tested PRIVATE ${test_engine_sources})
# It carries a copy of stb_image_write, and so does stb: theirs stays to itself.
set_source_files_properties("${test_engine_folder}/imgui_capture_tool.cpp"
    PROPERTIES COMPILE_DEFINITIONS STB_IMAGE_WRITE_STATIC)
target_include_directories(imgui_tested SYSTEM PUBLIC
    "${test_engine_folder}" "${CMAKE_BINARY_DIR}/generated/imgui_test_engine")
target_compile_definitions(imgui_tested PUBLIC "IMGUI_USER_CONFIG=\"driftglass_imconfig.h\"")
target_link_libraries(imgui_tested PUBLIC Threads::Threads)
