# imgui-bundle 1.93.0, a source archive that carries most of what the window needs; only its sources are used.
# Sets IMGUI_BUNDLE, the folder. The recipes imgui, implot, glfw, microtex, fonts, ... take their parts from it.
driftglass_fetch(IMGUI_BUNDLE imgui_bundle 1.93.0 "imgui-bundle==1.93.0" STRIP
    PIP_ARGS --no-binary imgui-bundle
    PATTERNS
        "*/external/imgui/imgui/*"
        "*/external/implot/implot/*"
        "*/external/glfw/glfw/*"
        "*/external/imgui_test_engine/imgui_test_engine/imgui_test_engine/*"
        "*/external/hello_imgui/hello_imgui/external/nlohmann_json/*"
        "*/external/hello_imgui/hello_imgui/external/stb_hello_imgui/*"
        "*/external/hello_imgui/hello_imgui/hello_imgui_assets/fonts/LICENSE-FontAwesome.txt"
        "*/external/portable_file_dialogs/*"
        "*/external/imgui_microtex/MicroTeX/lib/*"
        "*/external/imgui_microtex/MicroTeX/LICENSE"
        "*/external/imgui_rich_md/imgui_rich_md/*"
        "*/bindings/imgui_bundle/assets/fonts/*"
        "*/LICENSE")
