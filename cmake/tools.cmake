# Targets for people: run, bench, format, format-check, lint.
add_custom_target(run COMMAND driftglass WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" USES_TERMINAL VERBATIM
                  COMMENT "Driftglass")
foreach(mode format format-check)
    add_custom_target(${mode}
        COMMAND "${CMAKE_COMMAND}" -D MODE=${mode} -D "DRIFTGLASS_DEPS_DIR=${DRIFTGLASS_DEPS_DIR}"
                -P "${CMAKE_SOURCE_DIR}/cmake/clang_tools.cmake"
        USES_TERMINAL VERBATIM)
endforeach()
add_custom_target(lint
    COMMAND "${CMAKE_COMMAND}" -D MODE=lint -D "DRIFTGLASS_DEPS_DIR=${DRIFTGLASS_DEPS_DIR}"
            -D "BUILD_DIR=${CMAKE_BINARY_DIR}" -P "${CMAKE_SOURCE_DIR}/cmake/clang_tools.cmake"
    USES_TERMINAL VERBATIM)
