#pragma once

#include <string>

namespace driftglass {

/// What a panel asks of the window around it; done and forgotten at the end of the frame.
struct Requests {
    bool new_scene = false;
    bool open = false;
    bool save = false;
    bool save_as = false;
    bool save_weights = false;
    bool import_csv = false;
    bool export_picture = false;
    bool toggle_fullscreen = false;
    bool quit = false;
};

}  // namespace driftglass
