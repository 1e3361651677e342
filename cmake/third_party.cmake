# Common settings of third-party libraries: optimised in every preset, no warnings, no checks of undefined
# behaviour (that is for our own code; the other sanitizers apply to all).
function(driftglass_third_party target)
    target_compile_features(${target} PRIVATE cxx_std_20)
    target_compile_options(${target} PRIVATE -w $<$<CONFIG:Debug>:-O2>)
    if(DRIFTGLASS_SANITIZE MATCHES "undefined")
        target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
    endif()
endfunction()
