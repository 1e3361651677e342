# Downloads, by pip, into one folder that all presets share. Works in a configure and in `cmake -P`.
#
# Each thing fetched is a folder DEPS/NAME-VERSION. It is made under a temporary name and renamed when it
# is complete, so a folder that exists is whole; a lock keeps two configures from fetching the same thing.
include_guard(GLOBAL)

# driftglass_stop("sentence"): what a person can mend is said in one sentence, without a trace of calls. It
# returns from the function or recipe that calls it; who called that returns in turn, by
# driftglass_return_if_stopped(), up to CMakeLists.txt or a script, which says the sentence.
macro(driftglass_stop sentence)
    set_property(GLOBAL PROPERTY DRIFTGLASS_STOPPED "${sentence}")
    return()
endmacro()
macro(driftglass_return_if_stopped)
    get_property(_driftglass_stopped GLOBAL PROPERTY DRIFTGLASS_STOPPED)
    if(_driftglass_stopped)
        return()
    endif()
endmacro()

if(NOT DRIFTGLASS_DEPS_DIR)
    if(DEFINED ENV{DRIFTGLASS_DEPS_DIR} AND NOT "$ENV{DRIFTGLASS_DEPS_DIR}" STREQUAL "")
        set(DRIFTGLASS_DEPS_DIR "$ENV{DRIFTGLASS_DEPS_DIR}")
    else()
        get_filename_component(DRIFTGLASS_DEPS_DIR "${CMAKE_CURRENT_LIST_DIR}/../.deps" ABSOLUTE)
    endif()
endif()
get_filename_component(DRIFTGLASS_DEPS_DIR "${DRIFTGLASS_DEPS_DIR}" ABSOLUTE)
if(NOT CMAKE_SCRIPT_MODE_FILE)
    set(DRIFTGLASS_DEPS_DIR "${DRIFTGLASS_DEPS_DIR}" CACHE PATH
        "Downloads and unpacked sources, shared by all presets")
endif()
file(MAKE_DIRECTORY "${DRIFTGLASS_DEPS_DIR}/log")

# The lock is held by the calling function, to its end.
macro(_driftglass_lock)
    file(LOCK "${DRIFTGLASS_DEPS_DIR}/lock" GUARD FUNCTION TIMEOUT 3600 RESULT_VARIABLE _lock_result)
    if(NOT _lock_result EQUAL 0)
        driftglass_stop("${DRIFTGLASS_DEPS_DIR}/lock stayed locked for an hour by another configure: end that one, \
then configure again.")
    endif()
endmacro()

# Sets DRIFTGLASS_PYTHON in the caller: the interpreter of a virtual environment of our own.
function(driftglass_python)
    set(venv "${DRIFTGLASS_DEPS_DIR}/venv")
    if(WIN32)
        set(venv_python "${venv}/Scripts/python.exe")
    else()
        set(venv_python "${venv}/bin/python3")
    endif()
    set(DRIFTGLASS_PYTHON "${venv_python}" PARENT_SCOPE)
    _driftglass_lock()
    if(EXISTS "${venv}/complete")
        execute_process(COMMAND "${venv_python}" -m pip --version
                        RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
        if(NOT failed)
            return()
        endif()
    endif()
    find_program(DRIFTGLASS_SYSTEM_PYTHON NAMES python3 python NO_CACHE)
    if(NOT DRIFTGLASS_SYSTEM_PYTHON)
        driftglass_stop("Python 3 is missing: install Python 3.10 or newer, with its venv module.")
    endif()
    execute_process(
        COMMAND "${DRIFTGLASS_SYSTEM_PYTHON}" -c "import sys; print('%d.%d' % sys.version_info[:2])"
        RESULT_VARIABLE failed OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(failed OR version VERSION_LESS 3.10)
        driftglass_stop("${DRIFTGLASS_SYSTEM_PYTHON} is Python ${version}: install Python 3.10 or newer and put it \
first in PATH.")
    endif()
    file(REMOVE_RECURSE "${venv}")
    set(log "${DRIFTGLASS_DEPS_DIR}/log/venv.txt")
    execute_process(COMMAND "${DRIFTGLASS_SYSTEM_PYTHON}" -m venv "${venv}"
                    RESULT_VARIABLE failed OUTPUT_FILE "${log}" ERROR_FILE "${log}")
    if(failed)
        driftglass_stop("Python's venv module does not work: install it (Debian: apt-get install python3-venv); its \
words are in ${log}.")
    endif()
    file(TOUCH "${venv}/complete")
endfunction()

# driftglass_pip(<log name> <what, in words> <pip arguments...>): runs pip, or stops.
# With TRY as the first pip argument it sets DRIFTGLASS_PIP_FAILED in the caller instead of stopping.
function(driftglass_pip log_name what)
    set(arguments ${ARGN})
    list(GET arguments 0 first)
    if(first STREQUAL "TRY")
        list(POP_FRONT arguments)
    endif()
    set(log "${DRIFTGLASS_DEPS_DIR}/log/${log_name}.txt")
    execute_process(COMMAND "${DRIFTGLASS_PYTHON}" -m pip ${arguments} --no-input --disable-pip-version-check
                    RESULT_VARIABLE failed OUTPUT_FILE "${log}" ERROR_FILE "${log}")
    set(DRIFTGLASS_PIP_FAILED "${failed}" PARENT_SCOPE)
    if(failed AND NOT first STREQUAL "TRY")
        driftglass_stop("pip could not fetch ${what}: is there a network, and room on the disk? Its words are in \
${log}.")
    endif()
endfunction()

# driftglass_fetch(<result variable> <name> <version> <pip requirement> [PIP_ARGS ...] [PATTERNS ...] [STRIP])
# Downloads one wheel or source archive and unpacks it (only what matches PATTERNS) into DEPS/NAME-VERSION.
# STRIP drops the archive's one top folder.
function(driftglass_fetch result name version requirement)
    cmake_parse_arguments(PARSE_ARGV 4 arg "STRIP" "" "PIP_ARGS;PATTERNS")
    set(folder "${DRIFTGLASS_DEPS_DIR}/${name}-${version}")
    set(${result} "${folder}" PARENT_SCOPE)
    if(EXISTS "${folder}")
        return()
    endif()
    driftglass_python()
    driftglass_return_if_stopped()
    _driftglass_lock()
    if(EXISTS "${folder}")
        return()
    endif()
    message(STATUS "Fetching ${name} ${version} (once, into ${DRIFTGLASS_DEPS_DIR})")
    set(part "${DRIFTGLASS_DEPS_DIR}/${name}-${version}.part")
    file(REMOVE_RECURSE "${part}")
    file(MAKE_DIRECTORY "${part}/download" "${part}/content")
    driftglass_pip("${name}" "${requirement}" download --no-deps -d "${part}/download" ${arg_PIP_ARGS}
                   "${requirement}")
    driftglass_return_if_stopped()
    file(GLOB archive "${part}/download/*")
    set(patterns)
    if(arg_PATTERNS)
        set(patterns PATTERNS ${arg_PATTERNS})
    endif()
    file(ARCHIVE_EXTRACT INPUT "${archive}" DESTINATION "${part}/content" ${patterns})
    set(content "${part}/content")
    if(arg_STRIP)
        file(GLOB content "${part}/content/*")
    endif()
    file(RENAME "${content}" "${folder}")
    file(REMOVE_RECURSE "${part}")
endfunction()

# driftglass_pip_tool(<stamp> <requirements...>): installs programs into the virtual environment, once.
function(driftglass_pip_tool stamp)
    driftglass_python()
    driftglass_return_if_stopped()
    set(DRIFTGLASS_PYTHON "${DRIFTGLASS_PYTHON}" PARENT_SCOPE)
    _driftglass_lock()
    if(EXISTS "${DRIFTGLASS_DEPS_DIR}/venv/${stamp}.complete")
        return()
    endif()
    list(JOIN ARGN " " words)
    message(STATUS "Fetching ${words} (once, into ${DRIFTGLASS_DEPS_DIR})")
    driftglass_pip("${stamp}" "${words}" install ${ARGN})
    driftglass_return_if_stopped()
    file(TOUCH "${DRIFTGLASS_DEPS_DIR}/venv/${stamp}.complete")
endfunction()
