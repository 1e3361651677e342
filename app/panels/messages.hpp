#pragma once

#include <string>
#include <string_view>

namespace driftglass {

/// What the core says, for files and a terminal, in the words of the window: without the scene key
/// that it begins with, names of methods and pairings as the window writes them, symbols as
/// formulas (rich text). `guidance.label: there are no points …` is `There are no points …`.
std::string window_words(std::string_view message);

}  // namespace driftglass
