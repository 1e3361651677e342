#pragma once

#include "app/panels/design.hpp"

namespace driftglass {

/// Adds the embedded typefaces to the current ImGui context; any size can be asked of them.
Fonts load_fonts();

}  // namespace driftglass
