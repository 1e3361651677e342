# nlohmann/json 3.11.3 (from imgui-bundle): #include <nlohmann/json.hpp>
add_library(nlohmann_json INTERFACE)
target_include_directories(nlohmann_json SYSTEM INTERFACE
    "${IMGUI_BUNDLE}/external/hello_imgui/hello_imgui/external/nlohmann_json")
