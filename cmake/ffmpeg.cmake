# ffmpeg is an external program, found at run time. DRIFTGLASS_FETCH_FFMPEG fetches one (GPL, 170 MB) for
# machines without: its path is compiled in as DRIFTGLASS_FFMPEG, to be tried after the one in PATH.
option(DRIFTGLASS_FETCH_FFMPEG "Fetch an ffmpeg of our own, for video" OFF)
set(DRIFTGLASS_FFMPEG "")
if(DRIFTGLASS_FETCH_FFMPEG)
    driftglass_fetch(ffmpeg_folder imageio_ffmpeg 0.6.0 "imageio-ffmpeg==0.6.0")
    driftglass_return_if_stopped()
    file(GLOB DRIFTGLASS_FFMPEG "${ffmpeg_folder}/imageio_ffmpeg/binaries/ffmpeg-*")
    if(NOT DRIFTGLASS_FFMPEG)
        driftglass_stop("the imageio-ffmpeg of this system brings no ffmpeg: configure with \
-DDRIFTGLASS_FETCH_FFMPEG=OFF and install ffmpeg.")
    endif()
    file(CHMOD "${DRIFTGLASS_FFMPEG}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
         WORLD_READ WORLD_EXECUTE)
endif()
