# portable-file-dialogs (from imgui-bundle): #include <portable_file_dialogs.h>
add_library(portable_file_dialogs INTERFACE)
target_include_directories(portable_file_dialogs SYSTEM INTERFACE
    "${IMGUI_BUNDLE}/external/portable_file_dialogs/portable_file_dialogs")
