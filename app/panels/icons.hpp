#pragma once

/// Glyphs of Font Awesome 6 Free Solid, merged into the regular typeface.
namespace driftglass::icon {

inline constexpr const char* play = "\xef\x81\x8b";
inline constexpr const char* pause = "\xef\x81\x8c";
inline constexpr const char* restart = "\xef\x80\x9e";   // arrow-rotate-right
inline constexpr const char* to_start = "\xef\x81\x88";  // backward-step
inline constexpr const char* loop = "\xef\x8d\xa3";      // repeat
inline constexpr const char* hand = "\xef\x89\x96";
inline constexpr const char* brush = "\xef\x87\xbc";  // paintbrush
inline constexpr const char* eraser = "\xef\x84\xad";
inline constexpr const char* undo = "\xef\x83\xa2";  // arrow-rotate-left
inline constexpr const char* redo = "\xef\x80\x9e";
inline constexpr const char* eye = "\xef\x81\xae";
inline constexpr const char* eye_off = "\xef\x81\xb0";
inline constexpr const char* down = "\xef\x81\xb8";   // chevron-down
inline constexpr const char* up = "\xef\x81\xb7";     // chevron-up
inline constexpr const char* right = "\xef\x81\x94";  // chevron-right
inline constexpr const char* expand = "\xef\x81\xa5";
inline constexpr const char* compress = "\xef\x81\xa6";
inline constexpr const char* file_csv = "\xef\x9b\x9d";
inline constexpr const char* export_file = "\xef\x95\xae";  // file-export
inline constexpr const char* theme = "\xef\x81\x82";        // circle-half-stroke
inline constexpr const char* trash = "\xef\x8b\xad";        // trash-can
inline constexpr const char* close = "\xef\x80\x8d";        // xmark
inline constexpr const char* warning = "\xef\x81\xb1";      // triangle-exclamation
inline constexpr const char* fit = "\xef\x82\xb2";          // up-down-left-right
inline constexpr const char* probe = "\xef\x81\x9b";        // crosshairs
inline constexpr const char* compare = "\xef\x83\x9b";      // table-columns
inline constexpr const char* check = "\xef\x80\x8c";
inline constexpr const char* folder_open = "\xef\x81\xbc";

}  // namespace driftglass::icon
