#include "core/version.hpp"

const char* driftglass::version() {
    return DRIFTGLASS_VERSION;
}
