# cmake -D MODE=format|format-check|lint [-D BUILD_DIR=build/release] -P cmake/clang_tools.cmake
# clang-format and clang-tidy over our sources; both are fetched by pip at their first use. Needs no configure,
# except for lint, which reads BUILD_DIR/compile_commands.json.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/downloads.cmake")
get_filename_component(source_dir "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)

set(files)
foreach(folder core app tests bench)
    file(GLOB_RECURSE found "${source_dir}/${folder}/*.cpp" "${source_dir}/${folder}/*.hpp")
    list(APPEND files ${found})
endforeach()
if(NOT files)
    return()
endif()

if(MODE STREQUAL "lint")
    driftglass_pip_tool(clang-tidy-23.1.4 clang-tidy==23.1.4)
else()
    driftglass_pip_tool(clang-format-23.1.5 clang-format==23.1.5)
endif()
get_property(stopped GLOBAL PROPERTY DRIFTGLASS_STOPPED)
if(stopped)
    message(FATAL_ERROR "Driftglass: ${stopped}")
endif()
get_filename_component(tools "${DRIFTGLASS_PYTHON}" DIRECTORY)

if(MODE STREQUAL "lint")
    execute_process(
        COMMAND "${DRIFTGLASS_PYTHON}" "${CMAKE_CURRENT_LIST_DIR}/run_clang_tidy.py" "${tools}/clang-tidy"
                "${BUILD_DIR}" "${source_dir}"
        RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "Driftglass: clang-tidy has complaints, above.")
    endif()
    return()
endif()

list(JOIN files "\n" lines)
string(RANDOM LENGTH 12 suffix)
set(list_file "${DRIFTGLASS_DEPS_DIR}/log/format-${suffix}.txt")
file(WRITE "${list_file}" "${lines}\n")
set(arguments -i)
if(MODE STREQUAL "format-check")
    set(arguments --dry-run -Werror)
endif()
execute_process(COMMAND "${tools}/clang-format" ${arguments} "--files=${list_file}"
                WORKING_DIRECTORY "${source_dir}" RESULT_VARIABLE failed)
file(REMOVE "${list_file}")
if(failed)
    message(FATAL_ERROR "Driftglass: the formatting differs from .clang-format: "
                        "cmake -D MODE=format -P cmake/clang_tools.cmake puts it right.")
endif()
