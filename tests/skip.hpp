#pragma once

#include <string_view>

namespace driftglass::tests {

/// Says aloud that a test cannot run on this machine, and why. A program whose tests pass but for
/// such ends with 77, which ctest calls skipped; one that fails ends with 1 all the same.
void skip(std::string_view reason);

}  // namespace driftglass::tests
