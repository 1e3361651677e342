# LibTorch 2.13.0: torch::torch, from the user's LibTorch_ROOT or from pip's wheel (CPU, CUDA or MPS).
# An imported target of our own: the CUDA wheel's find_package(Torch) stops where there is no CUDA toolkit.
set(DRIFTGLASS_TORCH_VERSION 2.13.0)

if(NOT LibTorch_ROOT AND DEFINED ENV{LibTorch_ROOT})
    set(LibTorch_ROOT "$ENV{LibTorch_ROOT}")
endif()

# The CUDA wheel finds CUDA's libraries in wheels of their own, beside its folder.
function(_driftglass_fetch_torch result)
    set(folder "${DRIFTGLASS_DEPS_DIR}/torch-${DRIFTGLASS_TORCH_VERSION}")
    set(${result} "${folder}/torch" PARENT_SCOPE)
    if(EXISTS "${folder}")
        return()
    endif()
    driftglass_python()
    driftglass_return_if_stopped()
    _driftglass_lock()
    if(EXISTS "${folder}")
        return()
    endif()
    message(STATUS "Fetching LibTorch ${DRIFTGLASS_TORCH_VERSION} (once, into ${DRIFTGLASS_DEPS_DIR}; "
                   "200 MB, several GB where it is the CUDA build)")
    set(part "${folder}.part")
    file(REMOVE_RECURSE "${part}")
    file(MAKE_DIRECTORY "${part}/download" "${part}/content")
    set(requirement "torch==${DRIFTGLASS_TORCH_VERSION}")
    driftglass_pip(torch "${requirement}" TRY download --no-deps -d "${part}/download" "${requirement}")
    if(DRIFTGLASS_PIP_FAILED)
        # This Python may have no wheel; LibTorch inside is the same for every Python.
        driftglass_pip(torch-other-python "${requirement}" TRY download --no-deps --only-binary=:all:
                       --python-version 3.12 -d "${part}/download" "${requirement}")
        if(DRIFTGLASS_PIP_FAILED)
            driftglass_stop("pip could not fetch ${requirement}: is there a network, and room on the disk? Its words \
are in ${DRIFTGLASS_DEPS_DIR}/log/torch.txt; or give a LibTorch with -DLibTorch_ROOT=.")
        endif()
    endif()
    file(GLOB wheel "${part}/download/*.whl")
    file(ARCHIVE_EXTRACT INPUT "${wheel}" DESTINATION "${part}/content"
         PATTERNS "torch/include/*" "torch/lib/*" "torch-*.dist-info/*")
    file(GLOB python_only "${part}/content/torch/lib/*torch_python*" "${part}/content/torch/lib/*test*")
    if(python_only)
        file(REMOVE ${python_only})
    endif()
    if(EXISTS "${part}/content/torch/lib/libtorch_cuda.so")
        file(GLOB metadata "${part}/content/torch-*.dist-info/METADATA")
        file(STRINGS "${metadata}" cuda_requirements REGEX "^Requires-Dist: (nvidia|cuda)-")
        list(TRANSFORM cuda_requirements REPLACE "^Requires-Dist: " "")
        list(FILTER cuda_requirements EXCLUDE REGEX "bindings|extra ==")
        list(JOIN cuda_requirements "\n" lines)
        file(WRITE "${part}/cuda.txt" "${lines}\n")
        message(STATUS "Fetching the CUDA libraries that LibTorch's CUDA build loads")
        driftglass_pip(torch-cuda "the CUDA libraries of ${requirement}" install --target "${part}/content"
                       -r "${part}/cuda.txt")
        driftglass_return_if_stopped()
    endif()
    file(RENAME "${part}/content" "${folder}")
    file(REMOVE_RECURSE "${part}")
endfunction()

if(LibTorch_ROOT)
    get_filename_component(torch_root "${LibTorch_ROOT}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")
    if(EXISTS "${torch_root}/torch/include/torch/csrc/api/include/torch/torch.h")
        string(APPEND torch_root "/torch")
    endif()
    if(NOT EXISTS "${torch_root}/include/torch/csrc/api/include/torch/torch.h")
        driftglass_stop("LibTorch_ROOT is ${torch_root}, which has no \
include/torch/csrc/api/include/torch/torch.h: give the folder that holds LibTorch's include and lib.")
    endif()
else()
    _driftglass_fetch_torch(torch_root)
    driftglass_return_if_stopped()
endif()
message(STATUS "LibTorch: ${torch_root}")

add_library(torch::torch INTERFACE IMPORTED GLOBAL)
target_include_directories(torch::torch SYSTEM INTERFACE
    "${torch_root}/include" "${torch_root}/include/torch/csrc/api/include")
target_compile_features(torch::torch INTERFACE cxx_std_20)
set(torch_prefix "${torch_root}/lib/${CMAKE_SHARED_LIBRARY_PREFIX}")
foreach(name torch torch_cpu c10)
    if(NOT EXISTS "${torch_prefix}${name}${CMAKE_SHARED_LIBRARY_SUFFIX}")
        driftglass_stop("${torch_prefix}${name}${CMAKE_SHARED_LIBRARY_SUFFIX} is missing: remove ${torch_root} and \
configure again, or give a whole LibTorch with -DLibTorch_ROOT=.")
    endif()
    target_link_libraries(torch::torch INTERFACE "${torch_prefix}${name}${CMAKE_SHARED_LIBRARY_SUFFIX}")
endforeach()
target_link_options(torch::torch INTERFACE "LINKER:-rpath,${torch_root}/lib")
if(NOT APPLE AND EXISTS "${torch_root}/lib/libtorch_cuda.so")
    # Nothing of ours refers to it: it registers itself when it is loaded.
    target_link_libraries(torch::torch INTERFACE
        "-Wl,--push-state,--no-as-needed,${torch_root}/lib/libtorch_cuda.so,--pop-state"
        "${torch_root}/lib/libc10_cuda.so")
endif()
find_package(Threads REQUIRED)
target_link_libraries(torch::torch INTERFACE Threads::Threads)
