# The peers' Python with PyTorch, for the benchmarks only: DRIFTGLASS_PEERS_PYTHON, or empty where it cannot be had.
function(driftglass_peers)
    file(SHA256 "${CMAKE_SOURCE_DIR}/bench/peers/requirements.txt" hash)
    string(SUBSTRING "${hash}" 0 8 hash)
    set(folder "${DRIFTGLASS_DEPS_DIR}/peers-${hash}")
    set(python "${folder}/bin/python3")
    set(DRIFTGLASS_PEERS_PYTHON "${python}" PARENT_SCOPE)
    if(EXISTS "${folder}/complete")
        return()
    endif()
    driftglass_python()
    _driftglass_lock()
    message(STATUS "Fetching PyTorch for Python, to compare with (once, into ${folder})")
    execute_process(COMMAND "${DRIFTGLASS_PYTHON}" -m venv "${folder}" RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(NOT failed)
        execute_process(COMMAND "${python}" -m pip install --no-input --disable-pip-version-check
                                -r "${CMAKE_SOURCE_DIR}/bench/peers/requirements.txt"
                        RESULT_VARIABLE failed OUTPUT_FILE "${DRIFTGLASS_DEPS_DIR}/log/peers.txt"
                        ERROR_FILE "${DRIFTGLASS_DEPS_DIR}/log/peers.txt")
    endif()
    if(failed)
        set(DRIFTGLASS_PEERS_PYTHON "" PARENT_SCOPE)
        message(WARNING "Driftglass: PyTorch for Python could not be fetched, so peers are not measured; pip's words "
                        "are in ${DRIFTGLASS_DEPS_DIR}/log/peers.txt.")
        return()
    endif()
    file(TOUCH "${folder}/complete")
endfunction()
driftglass_peers()
