#pragma once

namespace driftglass {

/// The program's version, e.g. "0.1.0".
const char* version();

}  // namespace driftglass
