#pragma once

#include <span>
#include <string>
#include <string_view>

namespace driftglass {

/// The known word that a mistyped one was meant to be, or empty if none is near: by the number of
/// letters added, left out, wrong or swapped with their neighbour (optimal string alignment), at
/// most a third of the word's or two.
std::string nearest_word(std::string_view word, std::span<const std::string_view> known);

}  // namespace driftglass
