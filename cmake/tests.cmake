# The test programs, and one ctest for each test file.
#   tests/core/lab/**_test.cpp            driftglass_core_tests   label lab
#   tests/core/**_test.cpp                driftglass_core_tests   label math
#   tests/app/{gl,layers,export}/**       driftglass_app_tests    label gl
#   tests/app/**_test.cpp                 driftglass_app_tests    label gui
#   tests/cli/*_test.{py,sh}              the program             label cli
#   tests/gui/*_test.{py,sh}              the program             label gui
# Other .cpp files under tests/core and tests/app are helpers. A test that a machine cannot run says so:
# it prints "SKIPPED: reason", and its program exits with 77 unless something failed.
# Seconds: only so that what hangs ends, far enough for a sanitizer or a busy machine.
set(test_timeout 3600)

add_library(catch2_main STATIC EXCLUDE_FROM_ALL tests/main.cpp)
if(DRIFTGLASS_SANITIZE)
    target_sources(catch2_main INTERFACE "${CMAKE_SOURCE_DIR}/tests/keep_modules.cpp")
endif()
target_link_libraries(catch2_main PUBLIC catch2 PRIVATE driftglass_core)

# A file's tests are found by its name, which Catch2 gives them as a tag (-#).
function(_driftglass_register_catch program folder label_function)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}/tests" "${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cpp")
    set(stems)
    foreach(file IN LISTS files)
        string(REGEX REPLACE "\\.cpp$" "" name "${file}")
        get_filename_component(stem "${file}" NAME_WE)
        if(stem IN_LIST stems)
            message(FATAL_ERROR "Driftglass: two test files are named ${stem}.cpp: Catch2 finds a file's tests by "
                                "its name, so give one another.")
        endif()
        list(APPEND stems ${stem})
        add_test(NAME "${name}" COMMAND ${program} -\# "[#${stem}]" -w NoTests
                 WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
        cmake_language(CALL ${label_function} label "${name}")
        set_tests_properties("${name}" PROPERTIES LABELS ${label} TIMEOUT ${test_timeout}
                             SKIP_RETURN_CODE 77)
    endforeach()
endfunction()

function(_driftglass_core_label result name)
    if(name MATCHES "^core/lab/")
        set(${result} lab PARENT_SCOPE)
    else()
        set(${result} math PARENT_SCOPE)
    endif()
endfunction()

function(_driftglass_app_label result name)
    if(name MATCHES "^app/(gl|layers|export)/")
        set(${result} gl PARENT_SCOPE)
    else()
        set(${result} gui PARENT_SCOPE)
    endif()
endfunction()

file(GLOB_RECURSE core_test_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/core/*.cpp")
if(core_test_sources)
    add_executable(driftglass_core_tests ${core_test_sources})
    driftglass_settings(driftglass_core_tests)
    target_compile_definitions(driftglass_core_tests PRIVATE DRIFTGLASS_TEST_TORCH)
    target_link_libraries(driftglass_core_tests PRIVATE driftglass_core torch::torch nlohmann_json stb catch2_main)
    target_precompile_headers(driftglass_core_tests PRIVATE "\"tests/test.hpp\"")
    set_target_properties(driftglass_core_tests PROPERTIES JOB_POOL_COMPILE torch JOB_POOL_PRECOMPILE_HEADER torch)
    _driftglass_register_catch(driftglass_core_tests core _driftglass_core_label)
endif()

file(GLOB_RECURSE app_test_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/app/*.cpp")
if(app_test_sources)
    add_executable(driftglass_app_tests ${app_test_sources})
    driftglass_settings(driftglass_app_tests)
    target_link_libraries(driftglass_app_tests PRIVATE driftglass_app stb implot microtex imgui_tested catch2_main)
    target_precompile_headers(driftglass_app_tests PRIVATE "\"tests/test.hpp\"")
    _driftglass_register_catch(driftglass_app_tests app _driftglass_app_label)
endif()

find_program(DRIFTGLASS_TEST_PYTHON NAMES python3 python REQUIRED)
foreach(label cli gui)
    file(GLOB scripts CONFIGURE_DEPENDS RELATIVE "${CMAKE_SOURCE_DIR}/tests"
         "${CMAKE_SOURCE_DIR}/tests/${label}/*_test.py" "${CMAKE_SOURCE_DIR}/tests/${label}/*_test.sh")
    foreach(script IN LISTS scripts)
        string(REGEX REPLACE "\\.[a-z]+$" "" name "${script}")
        if(script MATCHES "\\.py$")
            set(interpreter "${DRIFTGLASS_TEST_PYTHON}")
        else()
            set(interpreter bash)
        endif()
        add_test(NAME "${name}" COMMAND ${interpreter} "${CMAKE_SOURCE_DIR}/tests/${script}" $<TARGET_FILE:driftglass>
                 WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
        set_tests_properties("${name}" PROPERTIES LABELS ${label} TIMEOUT ${test_timeout} SKIP_RETURN_CODE 77
                             ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
    endforeach()
endforeach()
