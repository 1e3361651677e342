# Settings of our own targets: warnings are errors, sanitizers.
set(DRIFTGLASS_SANITIZE "" CACHE STRING "Sanitizers for everything that is compiled: address,undefined or thread")
if(DRIFTGLASS_SANITIZE)
    add_compile_options("-fsanitize=${DRIFTGLASS_SANITIZE}" -fno-omit-frame-pointer)
    add_link_options("-fsanitize=${DRIFTGLASS_SANITIZE}")
    # With the checks in the code GCC loses sight of what is initialised, in <regex> for one.
    add_compile_options(-Wno-error=maybe-uninitialized)
    if(DRIFTGLASS_SANITIZE MATCHES "undefined")
        # vptr would need the type information of classes that LibTorch keeps to itself.
        add_compile_options(-fno-sanitize-recover=all -fno-sanitize=vptr)
    endif()
endif()

# driftglass_settings(<target>): for every target of our own.
function(driftglass_settings target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
    if(DRIFTGLASS_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    target_compile_definitions(${target} PRIVATE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # A precompiled header that ccache can see through. And below -O2 GCC ends a function of AVX code without
        # vzeroupper, after which all SSE code, libm's exp for one, waits for the registers' upper halves.
        target_compile_options(${target} PRIVATE -fpch-preprocess $<$<CONFIG:Debug>:-fexpensive-optimizations>)
    endif()
endfunction()

# Units with torch's headers take 1.5 GB each: no more of them at once than the memory holds.
cmake_host_system_information(RESULT _memory QUERY TOTAL_PHYSICAL_MEMORY)
cmake_host_system_information(RESULT _cores QUERY NUMBER_OF_LOGICAL_CORES)
math(EXPR _torch_jobs "${_memory} / 2000")
math(EXPR _ninja_jobs "${_cores} + 2")
if(_torch_jobs LESS 1)
    set(_torch_jobs 1)
elseif(_torch_jobs GREATER _ninja_jobs)
    set(_torch_jobs ${_ninja_jobs})
endif()
set_property(GLOBAL PROPERTY JOB_POOLS torch=${_torch_jobs})
