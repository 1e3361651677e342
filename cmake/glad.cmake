# glad 2.0.8: target glad, OpenGL 3.3 core: #include <glad/gl.h>. Its generator runs once, into the shared folder.
function(_driftglass_generate_glad result)
    set(folder "${DRIFTGLASS_DEPS_DIR}/glad-2.0.8-gl33core")
    set(${result} "${folder}" PARENT_SCOPE)
    if(EXISTS "${folder}")
        return()
    endif()
    driftglass_pip_tool(glad-2.0.8 glad2==2.0.8 jinja2==3.1.6)
    driftglass_return_if_stopped()
    _driftglass_lock()
    if(EXISTS "${folder}")
        return()
    endif()
    set(log "${DRIFTGLASS_DEPS_DIR}/log/glad-generate.txt")
    file(REMOVE_RECURSE "${folder}.part")
    # --reproducible: the specification inside the package, not one from the network.
    execute_process(
        COMMAND "${DRIFTGLASS_PYTHON}" -m glad --api gl:core=3.3 --extensions "" --reproducible
                --out-path "${folder}.part" c
        RESULT_VARIABLE failed OUTPUT_FILE "${log}" ERROR_FILE "${log}")
    if(failed)
        driftglass_stop("glad could not make the OpenGL loader; its words are in ${log}.")
    endif()
    file(RENAME "${folder}.part" "${folder}")
endfunction()

_driftglass_generate_glad(glad_folder)
driftglass_return_if_stopped()
add_library(glad STATIC EXCLUDE_FROM_ALL "${glad_folder}/src/gl.c")
target_include_directories(glad SYSTEM PUBLIC "${glad_folder}/include")
target_link_libraries(glad PUBLIC ${CMAKE_DL_LIBS})
driftglass_third_party(glad)
